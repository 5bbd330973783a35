# caught by: validate
# says: Missing required argument
resource "aws_subnet" "this" {
  cidr_block = "10.0.1.0/24"
}
