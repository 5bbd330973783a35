"""Real PostgreSQL behind the instances of RDS, on the loopback, with TLS and tokens of IAM before it."""
