# caught by: validate
# says: Missing required argument
resource "aws_dynamodb_table" "this" {
  name         = "documents"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"

  attribute {
    name = "pk"
  }
}
