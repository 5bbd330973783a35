# caught by: validate
# says: Reference to undeclared resource
resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.0.1.0/24"
}
