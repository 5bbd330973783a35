# caught by: validate
# says: Unsupported block type
resource "aws_instance" "this" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  metadata_option {
    http_tokens = "required"
  }
}
