# caught by: fmt
# says: Invalid multi-line string
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16
}
