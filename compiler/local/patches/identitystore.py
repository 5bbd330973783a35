"""Identity store: members of groups may be users that were provisioned from outside.

Moto 5.2.5 takes as members only users that were made through its own CreateUser, which chooses their ids. The users of
IAM Identity Center come from its directory or from another identity provider, and templates name them by their ids: a
user that nothing is known of is taken as one of them. There is no UpdateGroup either.
"""

from __future__ import annotations

import json
from typing import Any

from moto.identitystore import models
from moto.identitystore.responses import IdentityStoreResponse


def apply() -> None:
    """Let a membership bring in its user."""
    create = models.IdentityStoreBackend.create_group_membership

    def create_group_membership(
        self: models.IdentityStoreBackend, identity_store_id: str, group_id: str, member_id: dict[str, str]
    ) -> Any:
        user = member_id["UserId"]
        store = self.identity_stores.setdefault(identity_store_id, models.IdentityStoreData())
        if user not in store.users:
            fields: dict[str, Any] = dict.fromkeys(models.User._fields)
            store.users[user] = models.User(**{**fields, "UserId": user, "IdentityStoreId": identity_store_id})
        return create(self, identity_store_id, group_id, member_id)

    models.IdentityStoreBackend.create_group_membership = create_group_membership  # type: ignore[method-assign]
    IdentityStoreResponse.update_group = _update_group  # type: ignore[attr-defined]


def _update_group(self: IdentityStoreResponse) -> str:
    """UpdateGroup: of the attributes displayName and description."""
    where = {"identity_store_id": self._get_param("IdentityStoreId"), "group_id": self._get_param("GroupId")}
    group = self.identitystore_backend.describe_group(**where)
    for operation in self._get_param("Operations"):
        name = {"displayname": "DisplayName", "description": "Description"}[operation["AttributePath"].lower()]
        group = group._replace(**{name: operation.get("AttributeValue")})
    self.identitystore_backend.identity_stores[group.IdentityStoreId].groups[group.GroupId] = group
    return json.dumps({})
