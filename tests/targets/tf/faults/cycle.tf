# caught by: validate
# says: Cycle
resource "aws_security_group" "one" {
  name        = "one"
  description = aws_security_group.other.id
}

resource "aws_security_group" "other" {
  name        = "other"
  description = aws_security_group.one.id
}
