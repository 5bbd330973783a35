"""How long texts may be that are no names, by CloudFormation type and property. Names: `lenie.compiler.data.names`.

A property of a property has a dot. Checked on 2026-11-23 against the registry schemas of cfn-lint 1.58.0 and the
service models of botocore 1.44.5; what neither states has its page's title.
"""

from __future__ import annotations

from typing import Final

#: (type, property) -> most characters.
LENGTHS: Final[dict[tuple[str, str], int]] = {
    ("AWS::Amplify::App", "BuildSpec"): 25000,
    ("AWS::Amplify::App", "Description"): 1000,
    ("AWS::Amplify::App", "Repository"): 1000,
    # Amazon CloudFront API Reference, "DistributionConfig".
    ("AWS::CloudFront::Distribution", "DistributionConfig.Comment"): 128,
    ("AWS::CloudWatch::Alarm", "AlarmDescription"): 1024,
    ("AWS::IdentityStore::Group", "Description"): 1024,
    ("AWS::Lambda::Function", "Description"): 256,
    ("AWS::Lambda::LayerVersion", "Description"): 256,
    ("AWS::Organizations::Policy", "Description"): 512,
    ("AWS::SSM::Parameter", "Description"): 1024,
    # AWS Systems Manager User Guide, "Managing parameter tiers".
    ("AWS::SSM::Parameter", "Value"): 4096,
    ("AWS::Scheduler::Schedule", "Description"): 512,
    ("AWS::SecretsManager::Secret", "Description"): 2048,
}
#: Most bytes of user data before Base64 (Amazon EC2 User Guide, "Run commands when you launch an EC2 instance").
USER_DATA: Final = 16384
#: Most characters of a stack's name (AWS CloudFormation API Reference, "CreateStack").
STACK_NAME: Final = 128
