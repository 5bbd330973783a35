"""Facts about aws-cdk-lib."""
