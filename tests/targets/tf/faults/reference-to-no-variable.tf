# caught by: validate
# says: Reference to undeclared input variable
resource "aws_vpc" "this" {
  cidr_block = var.cidr_block
}
