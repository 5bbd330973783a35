"""Component lambda-layer-lenie-all.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, CfnDeletionPolicy, Validations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


@dataclass(frozen=True, kw_only=True)
class LambdaLayerLenieAllProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str


class LambdaLayerLenieAllStack(ComponentStack):
    """Component lambda-layer-lenie-all (layer compute).

    There is one for each environment.
    """

    def __init__(
        self, scope: Construct, settings: Settings, props: LambdaLayerLenieAllProps
    ) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-lambda-layer-lenie-all",
            description=f"lambda-layer-lenie-all (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.lambda_layers_lenie_all_arn_parameter = (
            f"/lenie/{settings.environment}/lambda/layers/lenie-all/arn"
        )

        python_lambda_runtime_version = self.ssm_value(
            "PythonLambdaRuntimeVersion",
            props.python_lambda_runtime_version_parameter,
            "SSM parameter python/lambda-runtime-version, published by component env-setup",
        )
        s3_cloudformation_name = self.ssm_value(
            "S3CloudformationName",
            props.s3_cloudformation_name_parameter,
            "SSM parameter s3/cloudformation/name, published by component s3-cloudformation",
        )

        # components.lambda-layer-lenie-all.resources.lenie-all
        lenie_all_layer = lambda_.CfnLayerVersion(
            self,
            "LenieAllLayer",
            layer_name=f"lenie-{settings.environment}-lenie-all",
            description="urllib3, requests, beautifulsoup4, trafilatura, aws-lambda-powertools",
            # defaults.layer.runtime
            compatible_runtimes=[python_lambda_runtime_version],
            compatible_architectures=["x86_64"],
            content=lambda_.CfnLayerVersion.ContentProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="layers/lenie-all/a7dc35730c1ace81.zip",
            ),
        )
        lenie_all_layer.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        lenie_all_layer.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        Validations.of(lenie_all_layer).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.lambda-layer-lenie-all.resources.lenie-all
        ssm.CfnParameter(
            self,
            "LenieAllArnParameter",
            name=self.lambda_layers_lenie_all_arn_parameter,
            type="String",
            value=lenie_all_layer.ref,
            description="arn of lenie-all (layer)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
