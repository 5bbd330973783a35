"""IAM: roles with their policies, instance profiles."""

from __future__ import annotations

from lenie.targets.tf.row import Json, Parts, Row, Single

# Policies inside a role's block are deprecated in the provider: each is a resource, as is each attachment.
ROWS = {
    "AWS::IAM::Role": Row(
        "aws_iam_role",
        {
            "RoleName": "name",
            "AssumeRolePolicyDocument": Json("assume_role_policy"),
            "Policies": Parts(
                "aws_iam_role_policy",
                {"role": "name"},
                {"PolicyName": "name", "PolicyDocument": Json("policy")},
                names=("PolicyName",),
            ),
            "ManagedPolicyArns": Parts("aws_iam_role_policy_attachment", {"role": "name"}, element="policy_arn"),
        },
        {"Ref": "name", "Arn": "arn", "RoleId": "unique_id"},
        create_first=True,
    ),
    "AWS::IAM::InstanceProfile": Row(
        "aws_iam_instance_profile",
        {"InstanceProfileName": "name", "Roles": Single("role")},
        {"Ref": "name", "Arn": "arn"},
        create_first=True,
    ),
    "AWS::IAM::ManagedPolicy": Row(
        "aws_iam_policy",
        {
            "ManagedPolicyName": "name",
            "PolicyDocument": Json("policy"),
            "Roles": Parts("aws_iam_role_policy_attachment", {"policy_arn": "arn"}, element="role"),
        },
        {"Ref": "arn", "PolicyArn": "arn", "PolicyId": "policy_id"},
    ),
}
