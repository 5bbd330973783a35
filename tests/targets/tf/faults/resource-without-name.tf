# caught by: init
# says: Missing name for resource
resource "aws_vpc" {
  cidr_block = "10.0.0.0/16"
}
