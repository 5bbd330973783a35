# caught by: init
# says: Duplicate resource "aws_vpc" configuration
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}
