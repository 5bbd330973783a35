# caught by: validate
# says: Invalid combination of arguments
resource "aws_ssm_parameter" "this" {
  name           = "/one"
  type           = "String"
  value          = "1"
  insecure_value = "1"
}
