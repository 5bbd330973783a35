"""Component env-setup.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class EnvSetupStack(ComponentStack):
    """Component env-setup (layer foundation).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-env-setup",
            description=f"env-setup (foundation): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.python_lambda_runtime_version_parameter = (
            f"/lenie/{settings.environment}/python/lambda-runtime-version"
        )

        # components.env-setup.resources.lambda-runtime
        ssm.CfnParameter(
            self,
            "LambdaRuntimeParameter",
            name=self.python_lambda_runtime_version_parameter,
            type="String",
            value="python3.13",
            description="Runtime of all functions",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
