# caught by: validate
# says: Call to unknown function
resource "aws_vpc" "this" {
  cidr_block = cidr("10.0.0.0", 16)
}
