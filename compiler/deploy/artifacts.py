"""Code packages and large templates: both go through the artifacts' bucket, which a component of the spec makes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

from lenie.compiler.aws import told
from lenie.compiler.deploy.bundle import Bundle, Unit
from lenie.compiler.deploy.calls import Calls, code_of
from lenie.compiler.diagnostics import Diagnostic, SpecError
from lenie.compiler.kinds.bucket import Bucket
from lenie.compiler.packaging.plan import Package, plan
from lenie.compiler.packaging.store import Built
from lenie.compiler.packaging.upload import bucket_name, bucket_of, upload
from lenie.compiler.program import Program
from lenie.targets.wiring.stack import MAX_DIRECT_BYTES

#: Builds the packages of these names (with the layers of functions), and returns them by name.
Builder = Callable[[tuple[str, ...]], Mapping[str, Built]]


class Artifacts:
    """What a deployment puts into the artifacts' buckets of its environment."""

    def __init__(self, calls: Calls, bundle: Bundle, program: Program, units: Iterable[Unit]) -> None:
        self.calls = calls
        self.bundle = bundle
        keys = {key for unit in units for key in unit.packages}
        #: Packages that the stacks need, by name.
        self.packages: dict[str, Package] = {n: p for n, p in plan(program).items() if p.key in keys}
        declared = [d.name for d, bucket in program.of(Bucket) if bucket.purpose == "artifacts"]
        #: Names in the spec of the buckets that packages, or large templates, go to.
        self.buckets = tuple(dict.fromkeys([*(package.bucket for package in self.packages.values()), *declared]))
        self._built: Mapping[str, Built] = {}
        self._names: dict[str, str] = {}
        self._lock = Lock()

    def components(self) -> frozenset[str]:
        """Return the components that the buckets belong to.

        Raises:
            SpecError: (E911) if the name of one is not published.
        """
        graph = self.bundle.graph
        return frozenset(bucket_of(graph, name, self.bundle.environment).component for name in self.buckets)

    def build(self, build: Builder) -> None:
        """Build the packages.

        Raises:
            SpecError: (E701 to E704, E910) if one cannot be built.
            OSError: if a file cannot be read or written.
        """
        self._built = build(tuple(self.packages))

    def upload(self, step: Callable[[str], None]) -> int:
        """Put the packages that miss into their bucket; return how many these were.

        Raises:
            SpecError: (E911, E912) if one cannot be uploaded.
        """
        uploaded = 0
        for name, package in self.packages.items():
            step(f"uploading {name}")
            bucket = self._bucket(package.bucket)
            uploaded += upload(self.calls.account, bucket, self._built[name], replace=False) == "uploaded"
        return uploaded

    def template(self, unit: Unit) -> dict[str, str]:
        """Return how the template is given to CloudFormation; a large one is uploaded, and given by its address.

        Raises:
            SpecError: (E911) if there is no bucket, or AWS refuses.
        """
        content = unit.template.encode()
        if len(content) <= MAX_DIRECT_BYTES:
            return {"TemplateBody": unit.template}
        self.template_component(unit)
        bucket = self._bucket(self.buckets[0])
        ending = "json" if unit.template.startswith("{") else "yaml"
        key = f"templates/{unit.stack}/{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        with told(f"uploading the template of {unit.component}"):
            client = self.calls.account.client("s3")
            client.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")
        return {"TemplateURL": f"{client.meta.endpoint_url}/{bucket}/{key}"}

    def template_component(self, unit: Unit) -> str:
        """Return the component of the bucket that a large template goes through.

        Raises:
            SpecError: (E654) if the spec has none, or its name is not published.
        """
        if not self.buckets:
            help = "divide the component, or declare a bucket with purpose: artifacts"
            raise SpecError(self.no_bucket(unit, "the spec has none for that", help))
        name = self.buckets[0]
        try:
            return bucket_of(self.bundle.graph, name, self.bundle.environment).component
        except SpecError:
            help = "add publish: [name] to it in the spec"
            raise SpecError(self.no_bucket(unit, f"the name of {name} is not published", help)) from None

    def no_bucket(self, unit: Unit, why: str, help: str) -> Diagnostic:
        """Return the error that a large template cannot be deployed (E654)."""
        size = len(unit.template.encode())
        message = (
            f"the template of {unit.component} has {size} bytes: above {MAX_DIRECT_BYTES} it is deployed from a "
            f"bucket, and {why}"
        )
        return self.bundle.error("E654", message, unit.component, help)

    def _bucket(self, name: str) -> str:
        """Return the physical name of a bucket of the spec, read once it is needed."""
        with self._lock:
            if name not in self._names:
                self._names[name] = self._published(name)
            return self._names[name]

    def _published(self, name: str) -> str:
        from botocore.exceptions import ClientError

        environment = self.bundle.environment
        found = bucket_of(self.bundle.graph, name, environment)
        try:
            with told("reading the bucket's name"):
                return str(self.calls("ssm", "get_parameter", Name=found.parameter)["Parameter"]["Value"])
        except SpecError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and code_of(cause) == "ParameterNotFound":
                # It says what has to be deployed first.
                return bucket_name(self.calls.account, found, environment)
            raise


def builder(spec: Path, out: Path, *, host: bool = False) -> Builder:
    """Return what builds packages of a spec below `out`, for Lambda or for this machine's interpreter."""

    def build(names: Sequence[str]) -> Mapping[str, Built]:
        from lenie.compiler.packaging.command import package

        return package(spec, out, names=names, host=host, silent=True) if names else {}

    return build
