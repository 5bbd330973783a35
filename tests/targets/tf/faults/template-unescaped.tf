# caught by: validate
# says: Invalid reference
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "${Environment}-vpc" }
}
