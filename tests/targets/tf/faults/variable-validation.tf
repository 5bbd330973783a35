# caught by: plan
# says: Invalid value for variable
variable "environment" {
  type    = string
  default = "test"

  validation {
    condition     = contains(["dev", "qa", "prod"], var.environment)
    error_message = "There is no such environment."
  }
}
