# The same CloudFormation templates as everywhere, in the regions of the deployment: Terraform places them and describes nothing twice.

locals {
  template = file("${path.module}/../drift-healer.yaml")
  watch    = file("${path.module}/../drift-healer-watch.yaml")

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
    CodeVersion            = var.code_version
    CodeSigningConfigArn   = var.code_signing_config_arn
    Architecture           = var.architecture
    LogRetentionDays       = var.log_retention_days
    Dashboard              = var.dashboard
    BackupRoles            = var.backup_roles == null ? null : join(",", var.backup_roles)
    BackupRoleBoundaries   = var.backup_role_boundaries == null ? null : join(",", var.backup_role_boundaries)
    BackupRolePolicies     = var.backup_role_policies == null ? null : join(",", var.backup_role_policies)
    ScannerRoles           = var.scanner_roles == null ? null : join(",", var.scanner_roles)
    PlanIds                = var.plan_ids == null ? null : join(",", var.plan_ids)
    Vaults                 = var.vaults == null ? null : join(",", var.vaults)
    KeyAliases             = var.key_aliases == null ? null : join(",", var.key_aliases)
    KeyArns                = var.key_arns == null ? null : join(",", var.key_arns)
    KeyPolicies            = var.key_policies
    ComplianceLocks        = var.compliance_locks
    LocksInCompliance      = var.locks_in_compliance
    Notifications          = var.notifications
    RegionSettings         = var.region_settings
    LockRetention          = var.lock_retention
    RolePath               = var.role_path
    PermissionsBoundaryArn = var.permissions_boundary_arn
    CostTagKey             = var.cost_tag_key
    CostTagValue           = var.cost_tag_value
  }

  # Stacks take strings, and what is not given stays the templates' business.
  all = merge(
    { for name, value in local.given : name => tostring(value) if value != null },
    { PrimaryRegion = data.aws_region.home.id, DrRegion = data.aws_region.dr.id },
  )
  # Each template takes only its own.
  parameter        = "\n  (\\w+):\n    Type: (?:String|Number|CommaDelimitedList)\n"
  parameters       = { for name, value in local.all : name => value if contains(flatten(regexall(local.parameter, local.template)), name) }
  watch_parameters = { for name, value in local.all : name => value if contains(flatten(regexall(local.parameter, local.watch)), name) }
  name             = coalesce(var.name, "drift-healer")

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

# What watches comes first, because the other names what is in it.
resource "aws_cloudformation_stack" "watch_home" {
  name          = "${local.name}-watch"
  template_body = local.watch
  parameters    = local.watch_parameters
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
      condition     = max(length(local.template), length(local.watch)) <= 51200
      error_message = "A template is larger than CloudFormation takes."
    }
  }
}

resource "aws_cloudformation_stack" "home" {
  name          = local.name
  template_body = local.template
  parameters    = local.parameters
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  tags          = var.tags

  depends_on = [aws_cloudformation_stack.watch_home]
}

resource "aws_cloudformation_stack" "watch_dr" {
  provider      = aws.dr
  name          = "${local.name}-watch"
  template_body = local.watch
  parameters    = local.watch_parameters
  tags          = var.tags

  depends_on = [aws_cloudformation_stack.watch_home]
}

resource "aws_cloudformation_stack" "dr" {
  provider      = aws.dr
  name          = local.name
  template_body = local.template
  parameters    = local.parameters
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  tags          = var.tags

  depends_on = [aws_cloudformation_stack.watch_dr, aws_cloudformation_stack.home]
}

# Where the region of IAM is home or dr already, a stack is there.
resource "aws_cloudformation_stack" "watch_iam" {
  count         = contains([data.aws_region.home.id, data.aws_region.dr.id], local.iam_region) ? 0 : 1
  provider      = aws.iam
  name          = "${local.name}-watch"
  template_body = local.watch
  parameters    = local.watch_parameters
  tags          = var.tags

  depends_on = [aws_cloudformation_stack.watch_home]
}

resource "aws_cloudformation_stack" "iam" {
  count         = contains([data.aws_region.home.id, data.aws_region.dr.id], local.iam_region) ? 0 : 1
  provider      = aws.iam
  name          = local.name
  template_body = local.template
  parameters    = local.parameters
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  tags          = var.tags

  depends_on = [aws_cloudformation_stack.watch_iam, aws_cloudformation_stack.home]
}
