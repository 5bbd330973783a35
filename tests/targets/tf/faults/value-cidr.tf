# caught by: apply
# says: Value (10.0.0.0/33) for parameter cidrBlock is invalid
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/33"
}
