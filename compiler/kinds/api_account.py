"""The role with which API Gateway writes logs: one for each account and region."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lenie.compiler.iam import role
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.place import Lowering

#: Policy of AWS for this very purpose (API Gateway Developer Guide, "Permissions for CloudWatch logging").
_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"


class ApiAccount(Resource):
    """API Gateway's settings of the account. They are retained on deletion, since all APIs of the account share them.

    Source: AWS::ApiGateway::Account (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {"role-arn": Attribute("Role", "Arn")}
    FOLDER: ClassVar[str] = "api-account/{name}"

    kind: Literal["api-account"]

    def lower(self, out: Lowering) -> None:
        """Add the role and the settings."""
        role(out, "apigateway.amazonaws.com", [], managed=[_POLICY], named=False, on_delete="RetainExceptOnCreate")
        out.add(
            "Account",
            "AWS::ApiGateway::Account",
            {"CloudWatchRoleArn": out.get("Role", "Arn")},
            on_delete="RetainExceptOnCreate",
        )


KIND = ApiAccount
