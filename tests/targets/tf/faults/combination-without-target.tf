# caught by: validate
# says: Invalid combination of arguments
resource "aws_route" "this" {
  route_table_id         = "rtb-0123456789abcdef0"
  destination_cidr_block = "0.0.0.0/0"
}
