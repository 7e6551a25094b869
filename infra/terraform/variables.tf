# One variable for each parameter of the template, under its name in Terraform's spelling. What is null is left to the template.

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
  description = "report writes nothing, and its role could not"
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
  description = "Whether a region that holds nothing of the spec is built up"
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

variable "backup_role" {
  description = "The spec's role, without path"
  type        = string
  default     = null
}

variable "backup_role_path" {
  description = "Path of the spec's role"
  type        = string
  default     = null
}

variable "backup_role_policies" {
  description = "ARNs of the managed policies that the spec attaches to it"
  type        = list(string)
  default     = null
}

variable "vaults" {
  description = "Names of the spec's vaults, of all regions"
  type        = list(string)
  default     = null
}

variable "key_aliases" {
  description = "Aliases of the spec's keys"
  type        = list(string)
  default     = null
}

variable "key_policies" {
  description = "Whether the spec sets key policies; without that the right to write them is not given"
  type        = string
  default     = null
}

variable "compliance_locks" {
  description = "Whether the spec has locks in compliance mode; without that starting one is denied"
  type        = string
  default     = null
}

variable "lock_retention" {
  description = "Whether the spec's locks have a minimum or maximum retention; without that setting one is denied"
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
