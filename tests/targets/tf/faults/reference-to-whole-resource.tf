# caught by: plan
# says: Incorrect attribute value type
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this
  cidr_block = "10.0.1.0/24"
}
