"""A layer: a package of libraries that functions share."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from lenie.compiler.expressions import Value
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.kinds.function import literal_runtime
from lenie.compiler.place import Lowering, Place
from lenie.compiler.sources import source_digest
from lenie.compiler.types import Reference, Template, Text, To


class Layer(Resource):
    """A Lambda layer, whose package is addressed by the digest of its sources, runtime and architecture.

    A version of a layer never changes: another package makes another version. Old versions are retained, because a
    deployment of the functions' components that fails goes back to them. They cost nothing.

    Source: AWS::Lambda::LayerVersion (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {"arn": Attribute("Layer", "Ref", "ARN of this version")}
    FOLDER: ClassVar[str] = "lambda/layers/{name}"

    kind: Literal["layer"]
    description: Text | None = None
    runtime: Text
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    bucket: Annotated[Reference, To("bucket")]
    #: Directory of the sources below the spec's `code`; ``layers/<name>`` when empty.
    code: str = ""

    def lower(self, out: Lowering) -> None:
        """Add the layer's version."""
        out.add(
            "Layer",
            "AWS::Lambda::LayerVersion",
            {
                "LayerName": out.name(),
                "Description": out.at("description", out.text(self.description)),
                "CompatibleRuntimes": out.at("runtime", [out.text(self.runtime)]),
                "CompatibleArchitectures": out.at("architecture", [self.architecture]),
                "Content": out.at("code", self._content(out)),
            },
            on_delete="Retain",
        )

    def source(self, name: str) -> str:
        """Return the directory of the sources, below the spec's `code`."""
        return self.code or f"layers/{name}"

    def package_key(self, at: Place) -> str:
        """Return the S3 key of the package of the layer that stands at `at`."""
        name = at.declaration.name
        salt = f"{self.package_runtime(at)} {self.architecture}"
        return f"layers/{name}/{source_digest(at.program.code, self.source(name), salt=salt)}.zip"

    def package_runtime(self, at: Place) -> str:
        """Return the runtime that the package is made for; how it stands in the spec if only deployment knows it."""
        return literal_runtime(at, self.runtime) or (
            self.runtime.source if isinstance(self.runtime, Template) else self.runtime
        )

    def _content(self, out: Lowering) -> dict[str, Value]:
        return {
            "S3Bucket": out.attribute(self.bucket, "name"),
            "S3Key": self.package_key(out),
        }


KIND = Layer
