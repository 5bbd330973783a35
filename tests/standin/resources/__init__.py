"""The types that can be applied, by name."""

from __future__ import annotations

from standin.resource import Resource
from standin.resources import buckets, compute, iam, layers, network, parameters, routing, security, templates

RESOURCES: dict[str, type[Resource]] = {
    **network.RESOURCES,
    **routing.RESOURCES,
    **security.RESOURCES,
    **compute.RESOURCES,
    **templates.RESOURCES,
    **iam.RESOURCES,
    **parameters.RESOURCES,
    **buckets.RESOURCES,
    **layers.RESOURCES,
}
