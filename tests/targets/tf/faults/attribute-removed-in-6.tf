# caught by: validate
# says: Unsupported argument
resource "aws_eip" "this" {
  vpc = true
}
