"""What the stacks of all components share."""

from __future__ import annotations

from aws_cdk import CfnParameter, Environment, Stack
from constructs import Construct

REGION = "us-east-1"


class ComponentStack(Stack):
    """The stack of one component of the architecture."""

    def __init__(
        self, scope: Construct, name: str, *, description: str, termination_protection: bool
    ) -> None:
        super().__init__(
            scope,
            name,
            description=description,
            env=Environment(region=REGION),
            termination_protection=termination_protection,
        )
        self.template_options.template_format_version = "2010-09-09"

    def ssm_value(
        self, construct_id: str, name: str, description: str, value_type: str = "String"
    ) -> str:
        """Return the value of the SSM parameter `name`, which CloudFormation reads at deployment.

        `construct_id` is what texts of `Fn.sub` call the value.
        """
        parameter = CfnParameter(
            self,
            construct_id,
            type=f"AWS::SSM::Parameter::Value<{value_type}>",
            default=name,
            description=description,
        )
        return parameter.value_as_string
