# caught by: validate
# says: Unsupported attribute
module "network" {
  source = "./modules/network"

  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  vpc_id     = module.network.id
  cidr_block = "10.0.1.0/24"
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
