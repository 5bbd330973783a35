# caught by: validate
# says: Unsupported block type
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"

  tags {
    Name = "one"
  }
}
