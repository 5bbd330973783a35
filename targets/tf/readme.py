"""The README of the program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lenie.compiler.graph import Graph
from lenie.targets.tf.module import Module
from lenie.targets.tf.names import snake
from lenie.targets.tf.root import TERRAFORM, Root

_README = """\
# {project}: Terraform

Written by `lenie-compile` from the spec: do not edit, the next compile overwrites it. It needs Terraform {terraform},
and the provider `hashicorp/aws` {provider}.

- `sourcemap.json`: what each line stems from in the spec; `lenie explain FILE:LINE` reads it.
- `modules/<component>/`: one module for each component of the spec. A comment above a resource names its place there.
- {roots}
{values}
## Apply

```sh
terraform init
{select}terraform plan{var_file} -out plan.tfplan
terraform apply plan.tfplan
```
{about}
{steps}
## State

The state is local unless a backend is configured. For one in S3, with its own locks, put this beside `main.tf` as
`backend.tf`, which no compile touches (the bucket has to exist):

```hcl
terraform {{
  backend "s3" {{
    bucket       = "BUCKET"
    key          = "{project}/terraform.tfstate"
    region       = "{region}"
    use_lockfile = true
  }}
}}
```

No secret is in the state: passwords are generated and read by ephemeral resources, and go to write-only arguments.
Terraform writes such an argument again only when its version changes (`password_wo_version` follows the secret).

## Check

```sh
terraform fmt -check -recursive && terraform init -backend=false && terraform validate
```

checks the program against the real provider, for which `init` needs the network.

## What is the same, and what is not

Every component below means the same as its CloudFormation and its CDK stack: the same resources with the same settings.

| component | module | root | resources | left to people |
|---|---|---|---|---|
{table}

{waived}Terraform says some things in its own way:

- What CloudFormation retains when its stack is deleted has `prevent_destroy`: Terraform refuses to destroy or replace
  it. To give it up without deleting it: `terraform state rm ADDRESS`. A layer keeps its versions (`skip_destroy`), and
  a database leaves a last snapshot, whose name must be free: delete or copy an earlier one first.
- One resource may become several: rules of a security group, settings of a bucket, policies of a role. Whatever refers
  to it waits for all of them.
- The tags `Project`{environment_tag} come from the provider (`default_tags`), so parts that CloudFormation cannot tag
  have them, too.
- Stacks can be protected from deletion, a Terraform program cannot: `prevent_destroy` and `deletion_protection` remain.
"""


_VALUES = """\
- `environments/<environment>.tfvars`: the values of all variables in an environment; those of roots that are applied
  once are the same in each.
"""


def readme(graph: Graph, roots: Sequence[Root], modules: Mapping[str, Module]) -> str:
    """Return the text of the README."""
    environment = graph.environments[0]
    main = roots[0]
    given = any(root.sources for root in roots if root.scope == "environment")
    return _README.format(
        project=graph.project,
        region=graph.region,
        terraform=TERRAFORM,
        provider=main.provider,
        roots="\n- ".join(_roots(roots)),
        values=_VALUES if any(root.sources for root in roots) else "",
        select=f"terraform workspace select -or-create {environment}\n" if given and not graph.environment else "",
        var_file=f" -var-file environments/{environment}.tfvars" if main.sources else "",
        about=_about(graph, given),
        steps="".join(_steps(graph, roots, modules, environment if main.sources else "")),
        table="\n".join(_rows(roots)),
        waived="".join(_waived(modules)),
        environment_tag=" and `Environment`" if any(root.scope == "environment" for root in roots) else "",
    )


def _about(graph: Graph, given: bool) -> str:
    if graph.environment:
        return f"\nThe program is for `{graph.environment}` only: what differs between environments is filled in.\n"
    return (
        "\nEach environment has a workspace, and so a state, of its own: give it the values of its environment only.\n"
        if given
        else ""
    )


def _roots(roots: Sequence[Root]) -> Iterator[str]:
    once = {"account": "once for each account and region", "organization": "once, from the management account"}
    for root in roots:
        where = f"`{root.directory}`" if root.directory else "this directory"
        how = once.get(root.scope, "once for each environment")
        yield f"{where[0].upper()}{where[1:]}: the root module of what is applied {how}."


def _steps(graph: Graph, roots: Sequence[Root], modules: Mapping[str, Module], environment: str) -> Iterator[str]:
    """Yield what has to be done around the first apply of this very program."""
    shared = [root for root in roots if root.directory]
    if shared and len(roots) > len(shared):
        named = " and ".join(f"`{root.directory}`" for root in shared)
        yield f"Apply {named} first, each in its own directory (`terraform -chdir=DIR ...`), without a workspace"
        given = any(root.sources for root in shared) and bool(environment)
        yield f", with\n`-var-file environments/{environment}.tfvars`.\n\n" if given else ".\n\n"
    policies = any(
        r.type == "AWS::Organizations::Policy" for m in modules.values() for r in m.component.resources.values()
    )
    if policies:
        yield (
            "Between the organization and its policies, enable their type:\n"
            "`terraform -chdir=organization apply -target module.organization`, then\n"
            "`aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY`,\n"
            "then the rest.\n\n"
        )
    artifacts = _artifacts(modules)
    if artifacts:
        variables = f" -var-file environments/{environment}.tfvars" if environment else ""
        yield (
            "The code packages must be in their bucket before the functions are made. So the first apply makes only\n"
            "the bucket, then the packages are uploaded, then comes the rest:\n\n"
            f"```sh\nterraform apply{variables} -target module.{snake(artifacts)}\n"
            f"lenie package --upload --env {environment or graph.environment}\n"
            f"terraform apply{variables}\n```\n\n"
        )
    imports = sorted({attribute.component for root in roots for attribute in root.imports()})
    if imports:
        named = ", ".join(f"`{name}`" for name in imports)
        yield f"Values of components outside of the program are read from SSM, where they publish them: {named}.\n\n"


def _artifacts(modules: Mapping[str, Module]) -> str:
    """Return the component of the program that has the bucket of the code packages, if anything needs packages."""
    for module in modules.values():
        for resource in module.component.resources.values():
            for value in resource.properties.values():
                bucket = value.get("S3Bucket") if isinstance(value, dict) else None
                component = getattr(bucket, "component", "")
                if component in modules and component != module.component.name:
                    return str(component)
    return ""


def _rows(roots: Sequence[Root]) -> Iterator[str]:
    for root in roots:
        for name, module in root.modules.items():
            left = ", ".join(f"`{item[0].rpartition('::')[2]}`" for item in module.waived)
            where = f"`{root.directory}`" if root.directory else "`.`"
            yield f"| `{name}` | `modules/{name}` | {where} | {len(module.component.resources)} | {left or '-'} |"


def _waived(modules: Mapping[str, Module]) -> Iterator[str]:
    found = [item for module in modules.values() for item in module.waived]
    if found:
        yield "Left to people:\n\n"
        yield from (f"- `{name}`: {reason}. Instead: {instead}.\n" for name, reason, instead in found)
        yield "\n"
