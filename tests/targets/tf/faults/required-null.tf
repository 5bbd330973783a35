# caught by: validate
# says: vpc_id is required, but null
resource "aws_subnet" "this" {
  vpc_id     = null
  cidr_block = "10.0.1.0/24"
}
