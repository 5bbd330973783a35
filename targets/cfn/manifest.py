"""The manifest: what is deployed in which order, and what each deployment needs; and the directory's README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lenie.compiler.expressions import EnvironmentName, Interpolation, Value
from lenie.compiler.graph import Component, Graph
from lenie.targets.base import Mark
from lenie.targets.cfn.template import Template
from lenie.targets.wiring.jsontext import json_text
from lenie.targets.wiring.stack import (
    MAX_DIRECT_BYTES,
    has_type,
    is_protected,
    packages,
    secrets_set_by_hand,
    stack_name,
)


def manifest(
    graph: Graph, templates: Mapping[str, Template], paths: Mapping[str, str], marks: list[Mark] | None = None
) -> str:
    """Return the manifest as JSON: components in deployment order. `marks` gets what stands in which lines."""
    components = [_component(graph, c, templates[c.name], paths[c.name]) for c in graph.components.values()]
    document = {
        "project": graph.project,
        "region": graph.region,
        "environments": list(graph.environments),
        "parameters": {environment: f"parameters/{environment}.json" for environment in graph.environments},
        "components": components,
    }
    return json_text(document, marks) + "\n"


def _component(graph: Graph, component: Component, template: Template, path: str) -> dict[str, Any]:
    types = {resource.type for resource in component.resources.values()}
    return {
        "name": component.name,
        "layer": component.layer,
        "scope": component.scope,
        "template": path,
        "stacks": {e: stack_name(graph, component, e) for e in graph.environments},
        "depends_on": list(component.depends_on),
        "capabilities": ["CAPABILITY_NAMED_IAM"] if any(t.startswith("AWS::IAM::") for t in types) else [],
        "parameters": list(template.parameters),
        "termination_protection": [e for e in graph.environments if is_protected(graph, component, e)],
        "deploy_from_bucket": template.bytes > MAX_DIRECT_BYTES,
        "packages": sorted(set(packages(component))),
        "publishes": list(_published(component)),
    }


def _published(component: Component) -> Iterator[str]:
    """Yield the names of the SSM parameters that the component makes."""
    for resource in component.resources.values():
        if resource.type == "AWS::SSM::Parameter":
            yield _pattern(resource.properties.get("Name", ""))


def _pattern(name: Value) -> str:
    """Return a name with ``{environment}`` where the environment's name stands."""
    parts = name.parts if isinstance(name, Interpolation) else (name,)
    return "".join("{environment}" if isinstance(p, EnvironmentName) else str(p) for p in parts)


_README = """\
# {project}: CloudFormation

Written by `lenie-compile` from the spec: do not edit, the next compile overwrites it.

- `templates/<layer>/<number>-<component>.yaml`: one template for each component. Layers and numbers give the order of
  deployment; deletion goes the other way round. A comment above each resource names its place in the spec.
- `parameters/<environment>.json`: the values of all parameters of all templates. A template takes those that it has.
- `manifest.json`: for each component its stack names, capabilities, parameters, the components that it needs, the code
  packages that must be uploaded first (`packages`), whether the template has to come from a bucket because of its size
  (`deploy_from_bucket`), the environments in which its stack is to be protected from deletion, and what it publishes
  in SSM.
- `sourcemap.json`: what each line stems from in the spec; `lenie explain FILE:LINE` reads it.
{about}
## Deploy

AWS CLI 2, region {region}. One component, here for `{environment}`:

```sh
aws cloudformation deploy --region {region} --stack-name {stack} \\
  --template-file {template} \\
  --parameter-overrides file://parameters/{environment}.json{capabilities} \\
  --no-fail-on-empty-changeset
```

All components of the environment in their order, with those of the account, which a second environment finds unchanged
(with jq; it stops at the first failure):

```sh
jq -r '.components[] | select(.scope != "organization")
       | [.stacks["{environment}"], .template, (.capabilities | join(" "))] | @tsv' manifest.json |
while IFS="$(printf '\\t')" read -r stack template capabilities; do
  aws cloudformation deploy --region {region} --stack-name "$stack" --template-file "$template" \\
    --parameter-overrides file://parameters/{environment}.json \\
    ${{capabilities:+--capabilities $capabilities}} --no-fail-on-empty-changeset </dev/null || exit 1
done
```

What these commands do not do:

{steps}
`deploy` ignores values for parameters that a template does not have; `create-stack` and `update-stack` refuse them:
give those only the template's own. On an update, give the file again: a parameter that is not given keeps its old
value, even if the template's default has changed.
"""

_PARAMETRIC = """
A value of another component is a parameter of type `AWS::SSM::Parameter::Value`: what is given is the name of an SSM
parameter that the other component publishes, and CloudFormation reads that at every deployment.
"""

_SPECIALISED = """
The templates are for `{environment}` only. What differs between environments is filled in; the parameters that remain
are names of SSM parameters, with their defaults: CloudFormation reads values of other components, and ids of public
images, at every deployment.
"""


def readme(graph: Graph, paths: Mapping[str, str]) -> str:
    """Return the directory's README."""
    environment = graph.environments[0]
    components = graph.components.values()
    example = next((c for c in components if c.scope == "environment"), next(iter(components)))
    iam = any(r.type.startswith("AWS::IAM::") for r in example.resources.values())
    return _README.format(
        project=graph.project,
        region=graph.region,
        environment=environment,
        stack=stack_name(graph, example, environment),
        template=paths[example.name],
        capabilities=" \\\n  --capabilities CAPABILITY_NAMED_IAM" if iam else "",
        about=_SPECIALISED.format(environment=environment) if graph.environment else _PARAMETRIC,
        steps="".join(f"- {step}\n" for step in _steps(graph)),
    )


def _steps(graph: Graph) -> Iterator[str]:
    """Yield what has to be done by hand around the deployment of this very architecture."""
    policies = [c.name for c in graph.components.values() if has_type(c, "AWS::Organizations::Policy")]
    if policies:
        named = ", ".join(f"`{name}`" for name in policies)
        yield (
            "Components of scope `organization` are deployed once, from the management account, with the command for\n"
            f"  one component. Before the first of {named},\n"
            "  `aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY`."
        )
    packaged = [c.name for c in graph.components.values() if any(True for _ in packages(c))]
    if packaged:
        yield (
            "A compile writes no code packages. Each key in `packages` of the manifest must be in the artifacts'\n"
            f"  bucket before its component is deployed, so the first deployment stops at `{packaged[0]}`:\n"
            f"  `lenie package --upload --env {graph.environments[0]}` builds and uploads them; then go on."
        )
    for component, secret in sorted(secrets_set_by_hand(graph)):
        yield (
            f"`{component}` reads a field of the secret `{secret}`, which is created empty: set its value\n"
            "  before, with `aws secretsmanager put-secret-value`."
        )
    if graph.production:
        yield (
            "`deploy` protects no stack from deletion. For the environments in `termination_protection`:\n"
            "  `aws cloudformation update-termination-protection --enable-termination-protection --stack-name STACK`."
        )
    yield "A template with `deploy_from_bucket` needs `--s3-bucket BUCKET`, since it is too large for a direct upload."
