# caught by: validate
# says: Not enough function arguments
resource "aws_vpc" "this" {
  cidr_block = cidrsubnet("10.0.0.0/8", 8)
}
