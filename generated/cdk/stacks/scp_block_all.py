"""Component scp-block-all.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from component import ComponentStack
from settings import Settings


class ScpBlockAllStack(ComponentStack):
    """Component scp-block-all (layer account).

    There is one for the organization.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            "lenie-scp-block-all",
            description="scp-block-all (account): once for the organization",
            termination_protection=True,
        )

        # components.scp-block-all.resources.block-all
        organizations.CfnPolicy(
            self,
            "BlockAllPolicy",
            name="BlockAll",
            description="Inactive accounts may do nothing",
            type="SERVICE_CONTROL_POLICY",
            content={
                "Version": "2012-10-17",
                "Statement": [
                    {"Sid": "DenyActions", "Effect": "Deny", "Action": ["*"], "Resource": "*"},
                ],
            },
            target_ids=list(settings.block_all_targets) if settings.block_all_targets else None,
            tags=[CfnTag(key="Project", value="lenie")],
        )
