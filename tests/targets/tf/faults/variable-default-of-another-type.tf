# caught by: init
# says: Invalid default value for variable
variable "size" {
  type    = number
  default = "large"
}
