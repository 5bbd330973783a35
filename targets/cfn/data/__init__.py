"""Tables of facts that the CloudFormation target needs."""
