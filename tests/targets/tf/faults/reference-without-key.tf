# caught by: validate
# says: Missing resource instance key
resource "aws_vpc" "this" {
  for_each   = toset(["a", "b"])
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.1.0/24"
}
