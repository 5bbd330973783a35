"""Component domain-route53.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class DomainRoute53Stack(ComponentStack):
    """Component domain-route53 (layer foundation).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-domain-route53",
            description=f"domain-route53 (foundation): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.route53_zone_id_parameter = f"/lenie/{settings.environment}/route53/zone/id"

        # components.domain-route53.resources.zone
        zone_hosted_zone = route53.CfnHostedZone(
            self,
            "ZoneHostedZone",
            name=settings.domain,
            hosted_zone_tags=[
                route53.CfnHostedZone.HostedZoneTagProperty(
                    key="Environment",
                    value=settings.environment,
                ),
                route53.CfnHostedZone.HostedZoneTagProperty(key="Project", value="lenie"),
            ],
        )

        # components.domain-route53.resources.zone
        ssm.CfnParameter(
            self,
            "ZoneIdParameter",
            name=self.route53_zone_id_parameter,
            type="String",
            value=zone_hosted_zone.ref,
            description="id of zone",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
