output "function_arn" {
  description = "The function"
  value       = aws_cloudformation_stack.home.outputs["FunctionArn"]
}

output "topic_arn" {
  description = "Where reports and alarms are told"
  value       = aws_cloudformation_stack.home.outputs["TopicArn"]
}

output "tamper_topic_arn" {
  description = "Where it is told that the healer itself was changed; subscribe to it as well"
  value       = aws_cloudformation_stack.home.outputs["TamperTopicArn"]
}

output "role_arn" {
  description = "The role that heals"
  value       = aws_cloudformation_stack.home.outputs["RoleArn"]
}
