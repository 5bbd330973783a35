# caught by: validate
# says: Cycle
module "one" {
  source = "./modules/network"

  cidr_block = module.other.vpc_id
}

module "other" {
  source = "./modules/network"

  cidr_block = module.one.vpc_id
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
