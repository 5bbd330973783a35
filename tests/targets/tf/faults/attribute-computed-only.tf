# caught by: validate
# says: aws_vpc: arn is read-only
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  arn        = "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1"
}
