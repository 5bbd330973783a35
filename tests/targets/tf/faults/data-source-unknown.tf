# caught by: validate
# says: Invalid data source
data "aws_vpc_cidr" "this" {}
