"""What Terraform would destroy since the program has it no more, although CloudFormation keeps it: data, for the most.

A resource that leaves the program takes its `prevent_destroy` along, and nothing in the state tells that it had one.
CloudFormation has the policy in the stack, and keeps such a resource. So it is known by its type here, and taken out
of the state instead: both targets do the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lenie.compiler.deploy.tfplan import Planned

#: Type of what is kept -> beginnings of the types that belong to it, where they have its name: those that the kinds of
#: the language retain. A bucket without its settings would be open; what API Gateway logs with is one with its role.
_KEPT: dict[str, tuple[str, ...]] = {
    "aws_api_gateway_account": ("aws_iam_role",),
    "aws_dynamodb_table": (),
    "aws_organizations_organization": (),
    "aws_s3_bucket": ("aws_s3_bucket_",),
    "aws_secretsmanager_secret": (),
}
#: A secret whose value Terraform has made goes with it, as that of CloudFormation does.
_MADE = "aws_secretsmanager_secret_version"


class _Address(NamedTuple):
    module: str
    type: str
    name: str


def kept(done: Iterable[Planned]) -> list[Planned]:
    """Return those of the deletions in a plan that are not to be made; the resource stays, and leaves the state."""
    gone = {one.address: (_parsed(one.address), one) for one in done if one.action == "delete"}
    addresses = [address for address, _ in gone.values()]
    main = [
        one for one in addresses if one.type in _KEPT and not (one.type.endswith("_secret") and _made(one, addresses))
    ]
    return [planned for address, planned in gone.values() if any(_belongs(address, one) for one in main)]


def _made(secret: _Address, addresses: Iterable[_Address]) -> bool:
    return any(one.type == _MADE and (one.module, one.name) == (secret.module, secret.name) for one in addresses)


def _belongs(one: _Address, main: _Address) -> bool:
    if one == main:
        return True
    named = one.name == main.name or one.name.startswith(f"{main.name}_")
    return one.module == main.module and named and one.type.startswith(_KEPT[main.type] or ("-",))


def _parsed(address: str) -> _Address:
    """Return the parts of an address such as ``module.data.aws_s3_bucket.orders["a"]``."""
    module, _, rest = address.partition("[")[0].rpartition(".aws_")
    type_, _, name = f"aws_{rest}".partition(".")
    return _Address(module, type_, name)
