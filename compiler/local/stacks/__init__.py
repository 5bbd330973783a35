"""CloudFormation's stacks: templates read and evaluated, operations that run, fail and roll back as on AWS."""
