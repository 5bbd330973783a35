# caught by: validate
# says: Unsupported argument
resource "aws_vpc" "this" {
  cidr_blok = "10.0.0.0/16"
}
