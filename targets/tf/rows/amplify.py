"""Amplify: apps with branches and domains."""

from __future__ import annotations

from lenie.targets.tf.row import Nested, Pairs, Row, Waived

_CONNECT = (
    "connect the repository once after the first apply: aws amplify update-app --app-id ID --repository URL "
    "--access-token TOKEN"
)

ROWS = {
    "AWS::Amplify::App": Row(
        "aws_amplify_app",
        {
            "AccessToken": Waived("the provider would keep the token in its state", _CONNECT),
            "OauthToken": Waived("the provider would keep the token in its state", _CONNECT),
            "Repository": Waived("Amplify takes it together with a token only", _CONNECT),
            "CustomRules": Nested("custom_rule"),
            "EnvironmentVariables": Pairs("environment_variables"),
        },
        {"Ref": "arn", "AppId": "id", "Arn": "arn", "AppName": "name", "DefaultDomain": "default_domain"},
        ignore_changes=("repository",),
    ),
    "AWS::Amplify::Branch": Row(
        "aws_amplify_branch",
        {"EnvironmentVariables": Pairs("environment_variables")},
        {"Ref": "arn", "Arn": "arn", "BranchName": "branch_name"},
        # The provider would build every push (AWS::Amplify::Branch, EnableAutoBuild).
        constants={"enable_auto_build": False},
    ),
    "AWS::Amplify::Domain": Row(
        "aws_amplify_domain_association",
        {"SubDomainSettings": Nested("sub_domain")},
        {"Ref": "arn", "Arn": "arn", "DomainName": "domain_name"},
        # CloudFormation does not wait until the names of the domain are known everywhere.
        constants={"wait_for_verification": False},
    ),
}
