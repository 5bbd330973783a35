# caught by: validate
# says: Reference to undeclared resource
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  depends_on = [aws_internet_gateway.this]
}
