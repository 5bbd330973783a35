# caught by: validate
# says: Reference to undeclared resource
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = data.aws_vpc.this.id
  cidr_block = "10.0.1.0/24"
}
