# caught by: validate
# says: Invalid use of ephemeral value
ephemeral "aws_secretsmanager_random_password" "this" {}

resource "aws_ssm_parameter" "this" {
  name  = "/password"
  type  = "SecureString"
  value = ephemeral.aws_secretsmanager_random_password.this.random_password
}
