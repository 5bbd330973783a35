"""A group of people in IAM Identity Center."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from lenie.compiler.expressions import Value
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.naming import pascal
from lenie.compiler.place import Lowering
from lenie.compiler.types import Faults, Template, Text, Texts, fault, faults_at

Member = str | Template


def _source(member: Member) -> str:
    return member if isinstance(member, str) else member.source


def _once(members: list[Member]) -> list[Member]:
    seen: set[str] = set()
    faults: Faults = []
    for index, member in enumerate(members):
        if pascal(_source(member)) in seen:
            faults.append(((index,), fault(f"{_source(member)} is there twice", "remove one of the two")))
        seen.add(pascal(_source(member)))
    if faults:
        raise faults_at(faults)
    return members


class IdentityGroup(Resource):
    """A group of the identity store, with its members (user ids, or a list parameter of them).

    Sources: AWS::IdentityStore::Group and GroupMembership (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {"id": Attribute("Group", "GroupId")}
    FOLDER: ClassVar[str] = "identity-group/{name}"

    kind: Literal["identity-group"]
    name: Text | None = None
    description: Text | None = None
    identity_store: Text
    members: Annotated[list[Texts], AfterValidator(_once)] = []

    def lower(self, out: Lowering) -> None:
        """Add the group and a membership for each member."""
        store = out.at("identity-store", out.text(self.identity_store))
        out.add(
            "Group",
            "AWS::IdentityStore::Group",
            {
                "IdentityStoreId": store,
                "DisplayName": out.at("name", out.name(self.name)),
                "Description": out.at("description", out.text(self.description)),
            },
        )
        for index, member in enumerate(self.members):
            for suffix, value in self._users(out, member):
                out.add(
                    suffix,
                    "AWS::IdentityStore::GroupMembership",
                    {
                        "IdentityStoreId": store,
                        "GroupId": out.get("Group", "GroupId"),
                        "MemberId": out.at(("members", index), {"UserId": value}),
                    },
                    path=out.declaration.at("members", index),
                )

    def _users(self, out: Lowering, member: Member) -> Iterator[tuple[str, Value]]:
        """Yield suffix and id of each user; the suffix follows the user, so that an inserted one moves no other."""
        lookup = member.single if isinstance(member, Template) else None
        name = pascal(lookup.attribute if lookup is not None and lookup.head == "param" else _source(member))
        users = out.items(member)
        for number, value in enumerate(users, 1):
            yield f"{name}{number if len(users) > 1 else ''}Membership", value


KIND = IdentityGroup
