"""Component organization.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy
from aws_cdk import aws_organizations as organizations
from constructs import Construct

from component import ComponentStack


class OrganizationStack(ComponentStack):
    """Component organization (layer account).

    There is one for the organization.
    """

    def __init__(self, scope: Construct) -> None:
        super().__init__(
            scope,
            "lenie-organization",
            description="organization (account): once for the organization",
            termination_protection=True,
        )

        # components.organization.resources.organization
        organization = organizations.CfnOrganization(self, "Organization", feature_set="ALL")
        organization.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        organization.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
