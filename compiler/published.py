"""Names of deployed resources, which components publish in SSM."""

from __future__ import annotations

from typing import NamedTuple

from lenie.compiler.aws import Account, refusal, told
from lenie.compiler.expressions import AttributeOf
from lenie.compiler.graph import Component, Graph, Resource


class Published(NamedTuple):
    """A resource of the spec, and the SSM parameter that holds its physical name in one environment."""

    name: str
    component: str
    parameter: str


def published(graph: Graph, environment: str, component: Component, resource: Resource) -> Published | None:
    """Return where the physical name of `resource` is published; `None` if it is not."""
    export = component.exports.get(AttributeOf(component.name, resource.logical_id, "Ref"))
    if export is None:
        return None
    return Published(str(resource.path[-1]), component.name, graph.ssm_path(export, component, environment))


def physical_name(account: Account, place: Published, environment: str, *, what: str = "", otherwise: str = "") -> str:
    """Return the name that a resource bears in AWS, from its SSM parameter.

    `what` is what messages call the name; `otherwise` ends the help: what to do instead of deploying the component.

    Raises:
        SpecError: (E911) if it is not deployed, or AWS refuses.
    """
    from botocore.exceptions import ClientError

    what = what or f'the name of "{place.name}"'
    client = account.client("ssm")
    with told(f"reading {what}"):
        try:
            return str(client.get_parameter(Name=place.parameter)["Parameter"]["Value"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ParameterNotFound":
                raise
    message = f"there is no SSM parameter {place.parameter}, which holds {what}"
    raise refusal(message, f'deploy the component "{place.component}" to {environment} first{otherwise}')
