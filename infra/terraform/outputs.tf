output "function_arn" {
  description = "The function"
  value       = aws_cloudformation_stack.home.outputs["FunctionArn"]
}

output "topic_arn" {
  description = "Where reports, alarms and tampering are told"
  value       = aws_cloudformation_stack.home.outputs["TopicArn"]
}

output "role_arn" {
  description = "The role that heals"
  value       = aws_cloudformation_stack.home.outputs["RoleArn"]
}
