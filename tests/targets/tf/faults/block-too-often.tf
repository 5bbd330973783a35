# caught by: validate
# says: Too many metadata_options blocks
resource "aws_instance" "this" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"

  metadata_options {
    http_tokens = "required"
  }

  metadata_options {
    http_endpoint = "enabled"
  }
}
