# caught by: fmt
# says: Argument or block definition required
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}
}
