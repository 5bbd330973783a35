"""The README of the generated project: how this very architecture is synthesized, compared and deployed."""

from __future__ import annotations

from collections.abc import Iterator

from lenie.compiler.graph import Graph
from lenie.targets.cdk.project import CLI_VERSION, render
from lenie.targets.cdk.settings import Settings
from lenie.targets.wiring.stack import has_type, packages, secrets_set_by_hand, stack_name, template_paths


def readme(graph: Graph, settings: Settings) -> str:
    """Return the text of README.md."""
    environment = graph.environments[0]
    components = graph.components.values()
    example = next((c for c in components if c.scope == "environment"), next(iter(components)))
    several = not graph.environment
    pattern = stack_name(graph, example, environment).removesuffix(example.name) + "*"
    return render(
        "README.md",
        project=graph.project,
        region=graph.region,
        cli=CLI_VERSION,
        environment=environment,
        env=f" --context env={environment}" if several else "",
        example=stack_name(graph, example, environment),
        pattern=pattern if example.scope == "environment" else "",
        path=template_paths(graph)[example.name],
        settings_about=list(_settings_about(settings)) if several else [],
        context_about=list(_context_about(graph, settings)) if several else [],
        steps=[_filled(step) for step in _steps(graph)],
    )


def _filled(text: str) -> str:
    """Return an entry of a list in lines; code stays on one."""
    import re
    from textwrap import fill

    whole = re.sub("`[^`]*`", lambda code: code.group().replace(" ", "\0"), text)
    return fill(whole, 118, subsequent_indent="  ", break_on_hyphens=False).replace("\0", " ")


def _settings_about(settings: Settings) -> Iterator[str]:
    yield "- `settings.py`: what differs between environments" + (
        ", and the parameters of the spec." if settings.graph.parameters else "."
    )


def _context_about(graph: Graph, settings: Settings) -> Iterator[str]:
    """Yield what the app takes from the context."""
    names = ", ".join(f"`{name}`" for name in graph.environments)
    yield f"The context value `env` is one of {names}; without it, it is `{graph.environments[0]}`."
    field = next((f for f in settings.table() if f.parameter is not None), None)
    if field is not None and field.parameter is not None:
        option = f"--context param.{field.parameter.name}=VALUE"
        yield "A parameter of the spec has the value that the spec gives it, or the one that the context gives, on the"
        yield f"command line or in `cdk.json`: `{option}`, with commas"
        yield "between the elements of a list."
    yield ""


def _steps(graph: Graph) -> Iterator[str]:
    """Yield what has to be done by hand around the deployment."""
    components = graph.components.values()
    shared = [c.name for c in components if c.scope == "organization"]
    if shared:
        stacks = ", ".join(f"`{graph.project}-{name}`" for name in shared)
        yield (
            f"Deploy {stacks} by name, once, from the management account of the organization. Never use "
            "`cdk deploy --all`: it would deploy them into any account."
        )
    policies = [c.name for c in components if has_type(c, "AWS::Organizations::Policy")]
    if policies:
        yield (
            "Before the first policy of the organization: "
            "`aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY`."
        )
    packaged = [c.name for c in components if any(True for _ in packages(c))]
    if packaged:
        yield (
            "A compile writes no code packages. The packages that a stack names (`s3_key`) must be in the artifacts' "
            f"bucket before it is deployed, so the first deployment stops at `{packaged[0]}`: upload them, and go on."
        )
    for component, secret in sorted(secrets_set_by_hand(graph)):
        yield (
            f"`{component}` reads a field of the secret `{secret}`, which is created empty: set its value "
            "before, with `aws secretsmanager put-secret-value`."
        )
    if graph.production:
        yield "Stacks of production are protected from deletion (`termination_protection`)."
