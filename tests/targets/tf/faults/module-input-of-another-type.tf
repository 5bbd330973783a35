# caught by: validate
# says: Invalid value for input variable
module "network" {
  source = "./modules/network"

  cidr_block = ["10.0.0.0/16"]
}

# file: modules/network/main.tf
variable "cidr_block" {
  type        = string
  description = "Addresses"
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr_block
}

output "vpc_id" {
  value       = aws_vpc.this.id
  description = "Id of the VPC"
}
