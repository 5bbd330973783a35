"""Terraform programs read back: HCL evaluated without Terraform, and AWS provider resources as CloudFormation's."""
