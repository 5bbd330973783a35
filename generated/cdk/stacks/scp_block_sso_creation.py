"""Component scp-block-sso-creation.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ScpBlockSsoCreationStack(ComponentStack):
    """Component scp-block-sso-creation (layer account).

    There is one for the organization.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            "lenie-scp-block-sso-creation",
            description="scp-block-sso-creation (account): once for the organization",
            termination_protection=True,
        )

        # components.scp-block-sso-creation.resources.block-sso-creation
        organizations.CfnPolicy(
            self,
            "BlockSsoCreationPolicy",
            name="BlockSSOCreation",
            description="No second Identity Center",
            type="SERVICE_CONTROL_POLICY",
            content={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyActions",
                        "Effect": "Deny",
                        "Action": ["sso:CreateInstance"],
                        "Resource": "*",
                    },
                ],
            },
            target_ids=list(settings.block_sso_targets) if settings.block_sso_targets else None,
            tags=[CfnTag(key="Project", value="lenie")],
        )
