output "function_arn" {
  description = "The function"
  value       = aws_cloudformation_stack.home.outputs["FunctionArn"]
}

output "topic_arn" {
  description = "Where reports and alarms are told"
  value       = aws_cloudformation_stack.home.outputs["TopicArn"]
}

output "tamper_topic_arns" {
  description = "Where it is told, in each region, that the healer itself was changed; subscribe to all of them as well"
  value       = [for stack in concat([aws_cloudformation_stack.watch_home, aws_cloudformation_stack.watch_dr], aws_cloudformation_stack.watch_iam) : stack.outputs["TamperTopicArn"]]
}

output "role_arn" {
  description = "The role that heals"
  value       = aws_cloudformation_stack.home.outputs["RoleArn"]
}
