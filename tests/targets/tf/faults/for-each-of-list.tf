# caught by: validate
# says: Invalid for_each argument
resource "aws_vpc" "this" {
  for_each   = ["10.0.0.0/16"]
  cidr_block = each.value
}
