# caught by: init
# says: Duplicate output definition
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

output "id" {
  value = aws_vpc.this.id
}

output "id" {
  value = aws_vpc.this.arn
}
