# One variable for each parameter of the templates, under its name in Terraform's spelling. What is null is left to the templates.

variable "name" {
  description = "Name of the function and beginning of all other names"
  type        = string
  default     = null
}

variable "primary_region" {
  description = "The spec's primary region; the function runs here"
  type        = string
  default     = null
}

variable "dr_region" {
  description = "The spec's dr region"
  type        = string
  default     = null
}

variable "more_regions" {
  description = "Regions of the spec beyond these two: not with this module, which makes no stacks there"
  type        = list(string)
  default     = null

  validation {
    condition     = length(coalesce(var.more_regions, [])) == 0
    error_message = "This module makes no stacks in further regions, and their events would be lost; deploy with infra/deploy."
  }
}

variable "mode" {
  description = "report writes nothing, and its role could not; repair writes what can be undone"
  type        = string
  default     = null
}

variable "compliance_locks" {
  description = "hold, or start: whether the clock of a lock in compliance mode may be started, which nobody can undo in the end"
  type        = string
  default     = null
}

variable "pause_ends" {
  description = "With Mode report, the end of a pause, from which on the topic is reminded each day"
  type        = string
  default     = null
}

variable "schedule" {
  description = "How often the account is looked at without an event"
  type        = string
  default     = null
}

variable "schedule_window_minutes" {
  description = "Window in which a scheduled run starts; staggers the accounts of an organisation"
  type        = number
  default     = null
}

variable "heartbeat_hours" {
  description = "The alarm tells if no run ended in so many hours"
  type        = number
  default     = null
}

variable "max_calls" {
  description = "The most writes of one run"
  type        = number
  default     = null
}

variable "bootstrap" {
  description = "Whether a region that is not recognisably ours is built up, with new keys: for one run, then take it back"
  type        = string
  default     = null
}

variable "email" {
  description = "Address that gets reports and alarms; it has to be confirmed"
  type        = string
  default     = null
}

variable "central_topic_arn" {
  description = "A topic of the organisation that gets the reports in place of this account's topic"
  type        = string
  default     = null
}

variable "central_topic_key_arn" {
  description = "The key of that topic"
  type        = string
  default     = null
}

variable "code_bucket_prefix" {
  description = "The code is in the bucket PREFIX-REGION, because Lambda takes it only from its own region"
  type        = string
}

variable "code_key" {
  description = "Key of the zip; another code needs another key"
  type        = string
}

variable "code_version" {
  description = "Version of the zip in a bucket with versions"
  type        = string
  default     = null
}

variable "code_signing_config_arn" {
  description = "Code signing configuration that the zip has to satisfy"
  type        = string
  default     = null
}

variable "architecture" {
  description = "Architecture of the code: arm64 or x86_64"
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days for which the log is kept"
  type        = number
  default     = null
}

variable "dashboard" {
  description = "Whether there is a dashboard"
  type        = string
  default     = null
}

variable "backup_roles" {
  description = "Names of the spec's roles, without paths; ? stands for a digit of the account"
  type        = list(string)
  default     = null
}

variable "backup_role_boundaries" {
  description = "Permissions boundaries, with one of which the spec's roles have to be made"
  type        = list(string)
  default     = null
}

variable "backup_role_policies" {
  description = "ARNs of the managed policies that the spec attaches to them"
  type        = list(string)
  default     = null
}

variable "scanner_roles" {
  description = "ARNs of the roles that plans scan for malware with"
  type        = list(string)
  default     = null
}

variable "vaults" {
  description = "Names of the spec's vaults, of all regions"
  type        = list(string)
  default     = null
}

variable "plan_ids" {
  description = "Ids of the spec's plans once they are known, so that no other plan can be written"
  type        = list(string)
  default     = null
}

variable "key_aliases" {
  description = "Aliases of the spec's keys"
  type        = list(string)
  default     = null
}

variable "key_arns" {
  description = "Keys that the spec's vaults name by ARN"
  type        = list(string)
  default     = null
}

variable "key_policies" {
  description = "Whether the spec sets key policies; without that the right to write them is not given"
  type        = string
  default     = null
}

variable "locks_in_compliance" {
  description = "Whether the spec has locks in compliance mode; without that starting one is denied"
  type        = string
  default     = null
}

variable "lock_retention" {
  description = "Whether the spec's locks have a minimum or maximum retention; without that setting one is denied"
  type        = string
  default     = null
}

variable "notifications" {
  description = "Whether the spec sets notifications of vaults; without that the right to write them is not given"
  type        = string
  default     = null
}

variable "region_settings" {
  description = "Whether the spec opts services in; without that the right to do it is not given"
  type        = string
  default     = null
}

variable "role_path" {
  description = "Path of the roles of this stack"
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the roles of this stack"
  type        = string
  default     = null
}

variable "cost_tag_key" {
  description = "Key of the cost tag"
  type        = string
  default     = null
}

variable "cost_tag_value" {
  description = "Value of the cost tag"
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags for everything in the stacks"
  type        = map(string)
  default     = {}
}
