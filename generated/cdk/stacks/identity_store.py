"""Component identity-store.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import aws_identitystore as identitystore
from constructs import Construct

from component import ComponentStack
from settings import Settings


class IdentityStoreStack(ComponentStack):
    """Component identity-store (layer account).

    There is one for the organization.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            "lenie-identity-store",
            description="identity-store (account): once for the organization",
            termination_protection=True,
        )

        # components.identity-store.resources.developers
        developers_group = identitystore.CfnGroup(
            self,
            "DevelopersGroup",
            identity_store_id=settings.identity_store,
            display_name="Lenie-Developers",
            description="Developers of Lenie",
        )

        # components.identity-store.resources.developers.members[0]
        identitystore.CfnGroupMembership(
            self,
            "DevelopersDeveloperMembership",
            identity_store_id=settings.identity_store,
            group_id=developers_group.attr_group_id,
            member_id=identitystore.CfnGroupMembership.MemberIdProperty(user_id=settings.developer),
        )
