# caught by: init
# says: Unsuitable value type
variable "protect" {
  type    = bool
  default = true
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"

  lifecycle {
    prevent_destroy = var.protect
  }
}
