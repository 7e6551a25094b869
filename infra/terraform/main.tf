# The same CloudFormation template as everywhere, in the regions of the deployment: Terraform places it and describes nothing twice.

locals {
  template = file("${path.module}/../drift-healer.yaml")

  given = {
    Name                   = var.name
    PrimaryRegion          = var.primary_region
    DrRegion               = var.dr_region
    MoreRegions            = var.more_regions == null ? null : join(",", var.more_regions)
    Mode                   = var.mode
    PauseEnds              = var.pause_ends
    Schedule               = var.schedule
    ScheduleWindowMinutes  = var.schedule_window_minutes
    HeartbeatHours         = var.heartbeat_hours
    MaxCalls               = var.max_calls
    Bootstrap              = var.bootstrap
    Email                  = var.email
    CentralTopicArn        = var.central_topic_arn
    CentralTopicKeyArn     = var.central_topic_key_arn
    CodeBucketPrefix       = var.code_bucket_prefix
    CodeKey                = var.code_key
    Architecture           = var.architecture
    LogRetentionDays       = var.log_retention_days
    Dashboard              = var.dashboard
    BackupRole             = var.backup_role
    BackupRolePath         = var.backup_role_path
    BackupRolePolicies     = var.backup_role_policies == null ? null : join(",", var.backup_role_policies)
    Vaults                 = var.vaults == null ? null : join(",", var.vaults)
    KeyAliases             = var.key_aliases == null ? null : join(",", var.key_aliases)
    KeyPolicies            = var.key_policies
    ComplianceLocks        = var.compliance_locks
    LockRetention          = var.lock_retention
    RolePath               = var.role_path
    PermissionsBoundaryArn = var.permissions_boundary_arn
    CostTagKey             = var.cost_tag_key
    CostTagValue           = var.cost_tag_value
  }

  # Stacks take strings, and what is not given stays the template's business.
  parameters = { for name, value in local.given : name => tostring(value) if value != null }

  # Written from what the function itself knows. Of a partition that is not known, home has to do.
  iam_regions = { for one in jsondecode(file("${path.module}/../partitions.json")).partitions : one.name => one.iam_region }
  iam_region  = lookup(local.iam_regions, data.aws_partition.here.partition, data.aws_region.home.id)
}

data "aws_partition" "here" {}
data "aws_region" "home" {}

data "aws_region" "dr" {
  provider = aws.dr
}

data "aws_region" "iam" {
  provider = aws.iam
}

resource "aws_cloudformation_stack" "home" {
  name          = coalesce(var.name, "drift-healer")
  template_body = local.template
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  parameters    = merge(local.parameters, { PrimaryRegion = data.aws_region.home.id, DrRegion = data.aws_region.dr.id })
  tags          = var.tags

  lifecycle {
    precondition {
      condition     = var.primary_region == null || var.primary_region == data.aws_region.home.id
      error_message = "primary_region is the region of the default provider; leave it out, or make the two agree."
    }
    precondition {
      condition     = data.aws_region.iam.id == local.iam_region
      error_message = "The provider aws.iam must be in ${local.iam_region}: IAM's events arrive only there."
    }
    precondition {
      condition     = length(local.template) <= 51200
      error_message = "The template is larger than CloudFormation takes."
    }
  }
}

resource "aws_cloudformation_stack" "dr" {
  provider      = aws.dr
  name          = aws_cloudformation_stack.home.name
  template_body = local.template
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  parameters    = aws_cloudformation_stack.home.parameters
  tags          = var.tags
}

# Where the region of IAM is home or dr already, a stack is there.
resource "aws_cloudformation_stack" "iam" {
  count         = contains([data.aws_region.home.id, data.aws_region.dr.id], local.iam_region) ? 0 : 1
  provider      = aws.iam
  name          = aws_cloudformation_stack.home.name
  template_body = local.template
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  parameters    = aws_cloudformation_stack.home.parameters
  tags          = var.tags
}
