# caught by: fmt
# says: Attribute redefined
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  cidr_block = "10.1.0.0/16"
}
