# caught by: validate
# says: Unsupported argument
provider "aws" {
  alias  = "other"
  regoin = "eu-central-1"
}

resource "aws_vpc" "this" {
  provider   = aws.other
  cidr_block = "10.0.0.0/16"
}
