# caught by: validate
# says: Missing required argument
module "network" {
  source = "./modules/network"
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
