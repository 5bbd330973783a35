# caught by: validate
# says: does not support ephemeral resource "aws_secret"
ephemeral "aws_secret" "this" {}
