"""Component lambda-layer-psycopg2.

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
class LambdaLayerPsycopg2Props:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    python_lambda_runtime_version_parameter: str
    s3_cloudformation_name_parameter: str


class LambdaLayerPsycopg2Stack(ComponentStack):
    """Component lambda-layer-psycopg2 (layer compute).

    There is one for each environment.
    """

    def __init__(
        self, scope: Construct, settings: Settings, props: LambdaLayerPsycopg2Props
    ) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-lambda-layer-psycopg2",
            description=f"lambda-layer-psycopg2 (compute): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.lambda_layers_psycopg2_arn_parameter = (
            f"/lenie/{settings.environment}/lambda/layers/psycopg2/arn"
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

        # components.lambda-layer-psycopg2.resources.psycopg2
        psycopg2_layer = lambda_.CfnLayerVersion(
            self,
            "Psycopg2Layer",
            layer_name=f"lenie-{settings.environment}-psycopg2",
            description="PostgreSQL driver and pgvector",
            # defaults.layer.runtime
            compatible_runtimes=[python_lambda_runtime_version],
            compatible_architectures=["x86_64"],
            content=lambda_.CfnLayerVersion.ContentProperty(
                s3_bucket=s3_cloudformation_name,
                s3_key="layers/psycopg2/e1de7b9e5b6eb5b9.zip",
            ),
        )
        psycopg2_layer.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        psycopg2_layer.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        Validations.of(psycopg2_layer).acknowledge(
            Acknowledgment(
                id="CloudFormation-Validate::W3030",
                reason="The runtime is the value of an SSM parameter, not its name",
            ),
        )

        # components.lambda-layer-psycopg2.resources.psycopg2
        ssm.CfnParameter(
            self,
            "Psycopg2ArnParameter",
            name=self.lambda_layers_psycopg2_arn_parameter,
            type="String",
            value=psycopg2_layer.ref,
            description="arn of psycopg2 (layer)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
