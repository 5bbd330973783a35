# caught by: validate
# says: Invalid resource type
resource "aws_vpcs" "this" {
  cidr_block = "10.0.0.0/16"
}
