# caught by: validate
# says: Incorrect attribute value type
resource "aws_cloudwatch_log_group" "this" {
  name              = "/lenie"
  retention_in_days = "a week"
}
