# caught by: validate
# says: Incorrect attribute value type
resource "aws_vpc" "this" {
  cidr_block         = "10.0.0.0/16"
  enable_dns_support = "yes"
}
