# caught by: plan
# says: Invalid for_each argument
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  for_each   = toset([aws_vpc.this.id])
  vpc_id     = each.value
  cidr_block = "10.0.1.0/24"
}
