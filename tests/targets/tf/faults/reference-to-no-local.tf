# caught by: validate
# says: Reference to undeclared local value
resource "aws_vpc" "this" {
  cidr_block = local.cidr_block
}
