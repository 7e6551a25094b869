# Beside the module that makes the vaults, keys and plans: Terraform makes them, drift-healer keeps them so between two applies.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "dr"
  region = "us-west-2"
}

variable "code_key" {
  description = "Key of the uploaded zip, as `infra/deploy` names it by its content: drift-healer/SHA256.zip"
  type        = string
}

variable "code_bucket_prefix" {
  description = "The zip is in the bucket PREFIX-us-east-1"
  type        = string
}

# The reference deployment stands here as it always has:
#
#   module "backup" {
#     source    = "./backup"
#     providers = { aws = aws, aws.dr = aws.dr }
#   }

module "drift_healer" {
  source = "../"

  providers = {
    aws     = aws
    aws.dr  = aws.dr
    aws.iam = aws
  }

  code_bucket_prefix = var.code_bucket_prefix
  code_key           = var.code_key
  email              = "backup-team@example.com"

  # A first week of watching is a good start, and the default. Then "repair", and "start" once the locks may never go again.
  mode             = "report"
  compliance_locks = "hold"

  tags = {
    terraform = "true"
  }
}

output "topic_arn" {
  value = module.drift_healer.topic_arn
}
