# caught by: validate
# says: aws_dynamodb_table: type is required, but null
resource "aws_dynamodb_table" "this" {
  name         = "documents"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"

  attribute {
    name = "pk"
    type = null
  }
}
