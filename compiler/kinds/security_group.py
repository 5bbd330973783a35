"""A security group: what may connect to the resources that are in it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from lenie.compiler.diagnostics import Report
from lenie.compiler.ingress import Ingress, add_security_group, check_ingress, ingress_rules
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Reference, Text, To


class SecurityGroup(Resource):
    """A security group that several resources share; an instance or a database has one of its own besides.

    Nothing may come in that `ingress` does not name; anything may go out, unless `egress` is ``none``. AWS replaces the
    group when its description changes, and refuses that while its name is taken: rename it along.

    Source: AWS::EC2::SecurityGroup (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("SecurityGroup", "GroupId", "Id of the security group"),
    }
    FOLDER: ClassVar[str] = "security-group/{name}"

    kind: Literal["security-group"]
    network: Annotated[Reference, To("network")]
    description: Text
    ingress: Ingress = {}
    egress: Literal["all", "none"] = "all"

    def check(self, at: Place, report: Report) -> None:
        """Report sources that are no networks."""
        check_ingress(at, self.ingress, report)

    def lower(self, out: Lowering) -> None:
        """Add the group."""
        add_security_group(
            out,
            self.network,
            out.at("description", out.text(self.description)),
            ingress_rules(out, self.ingress),
            egress=self.egress == "all",
            accept={"CKV2_AWS_5": "The resources that are in the group stand in other components"},
        )


KIND = SecurityGroup
