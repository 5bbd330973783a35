"""The organization of accounts that this account manages."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering


class Organization(Resource):
    """An organization with all features, which service control policies need. It is retained on deletion.

    Source: AWS::Organizations::Organization (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("Organization"),
        "root-id": Attribute("Organization", "RootId"),
    }
    FOLDER: ClassVar[str] = "organization/{name}"

    kind: Literal["organization"]

    def lower(self, out: Lowering) -> None:
        """Add the organization."""
        out.add(
            "Organization", "AWS::Organizations::Organization", {"FeatureSet": "ALL"}, on_delete="RetainExceptOnCreate"
        )


KIND = Organization
