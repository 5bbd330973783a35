"""What CloudFormation and CDK share: names of stacks and parameters, texts of `Fn::Sub`, places in the spec."""
