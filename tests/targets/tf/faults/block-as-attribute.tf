# caught by: validate
# says: Unsupported argument
resource "aws_dynamodb_table" "this" {
  name         = "documents"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute    = [{ name = "pk", type = "S" }]
}
