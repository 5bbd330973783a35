"""Component lenie-launch-template.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class LenieLaunchTemplateStack(ComponentStack):
    """Component lenie-launch-template (layer compute).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-lenie-launch-template",
            description=f"lenie-launch-template (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # components.lenie-launch-template.resources.application
        application_launch_template = ec2.CfnLaunchTemplate(
            self,
            "ApplicationLaunchTemplate",
            launch_template_name=f"lenie-{settings.environment}-application",
            launch_template_data=ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(
                image_id=settings.template_image,
                instance_type=settings.template_type,
                block_device_mappings=[
                    ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
                        device_name="/dev/xvda",
                        ebs=ec2.CfnLaunchTemplate.EbsProperty(
                            volume_type="gp3",
                            encrypted=True,
                            delete_on_termination=True,
                        ),
                    ),
                ],
                metadata_options=ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                    http_endpoint="enabled",
                    http_tokens="required",
                    http_put_response_hop_limit=1,
                ),
                monitoring=ec2.CfnLaunchTemplate.MonitoringProperty(enabled=True),
                tag_specifications=[
                    ec2.CfnLaunchTemplate.TagSpecificationProperty(
                        resource_type="instance",
                        tags=[
                            CfnTag(key="Environment", value=settings.environment),
                            CfnTag(key="Project", value="lenie"),
                        ],
                    ),
                    ec2.CfnLaunchTemplate.TagSpecificationProperty(
                        resource_type="volume",
                        tags=[
                            CfnTag(key="Environment", value=settings.environment),
                            CfnTag(key="Project", value="lenie"),
                        ],
                    ),
                    ec2.CfnLaunchTemplate.TagSpecificationProperty(
                        resource_type="network-interface",
                        tags=[
                            CfnTag(key="Environment", value=settings.environment),
                            CfnTag(key="Project", value="lenie"),
                        ],
                    ),
                ],
            ),
            tag_specifications=[
                ec2.CfnLaunchTemplate.LaunchTemplateTagSpecificationProperty(
                    resource_type="launch-template",
                    tags=[
                        CfnTag(key="Environment", value=settings.environment),
                        CfnTag(key="Project", value="lenie"),
                    ],
                ),
            ],
        )

        # components.lenie-launch-template.resources.application.publish
        ssm.CfnParameter(
            self,
            "ApplicationIdParameter",
            name=f"/lenie/{settings.environment}/launch-template/application/id",
            type="String",
            value=application_launch_template.ref,
            description="id of application (launch-template)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.lenie-launch-template.resources.application.publish
        ssm.CfnParameter(
            self,
            "ApplicationLatestVersionParameter",
            name=f"/lenie/{settings.environment}/launch-template/application/latest-version",
            type="String",
            value=application_launch_template.attr_latest_version_number,
            description="latest-version of application (launch-template)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
