"""A zone: public DNS of a domain in Route 53."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lenie.compiler.expressions import Value
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Text


class Zone(Resource):
    """A public hosted zone. Its name servers must be entered at the registrar, or in the zone of the parent domain.

    Source: AWS::Route53::HostedZone (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("HostedZone", description="Id of the hosted zone"),
        "domain": Attribute("", description="Domain of the zone"),
    }
    FOLDER: ClassVar[str] = "route53/{name}"

    kind: Literal["zone"]
    domain: Text

    def attribute(self, name: str, at: Place) -> Value:
        """Return the id, or the domain as the spec has it."""
        return at.text(self.domain) if name == "domain" else super().attribute(name, at)

    def lower(self, out: Lowering) -> None:
        """Add the zone."""
        out.add(
            "HostedZone",
            "AWS::Route53::HostedZone",
            {"Name": out.at("domain", out.text(self.domain))},
            accept={
                "CKV2_AWS_38": "DNSSEC needs a customer key, which costs 1 USD a month",
                "CKV2_AWS_39": "Query logs are charged by volume, and nobody would read them",
            },
        )


KIND = Zone
