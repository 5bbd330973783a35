"""Component secrets.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, CfnTag
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from component import ComponentStack
from settings import Settings


class SecretsStack(ComponentStack):
    """Component secrets (layer security).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-secrets",
            description=f"secrets (security): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        # Names of the SSM parameters that other stacks read.
        self.secret_rds_password_arn_parameter = (
            f"/lenie/{settings.environment}/secret/rds-password/arn"
        )
        self.secret_app_credentials_arn_parameter = (
            f"/lenie/{settings.environment}/secret/app-credentials/arn"
        )

        # components.secrets.resources.rds-password
        rds_password_secret = secretsmanager.CfnSecret(
            self,
            "RdsPasswordSecret",
            name=f"/lenie/{settings.environment}/rds/password",
            description="Master user of the database",
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                secret_string_template='{"username": "lenie"}',
                generate_string_key="password",
                password_length=32,
                exclude_punctuation=True,
            ),
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        rds_password_secret.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_149",
                        "comment": (
                            "The key aws/secretsmanager encrypts it; a customer key costs 1 USD "
                            "a month"
                        ),
                    },
                ],
            },
        )

        # components.secrets.resources.app-credentials
        app_credentials_secret = secretsmanager.CfnSecret(
            self,
            "AppCredentialsSecret",
            name=f"/lenie/{settings.environment}/app/credentials",
            description="Set by hand after creation",
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )
        app_credentials_secret.cfn_options.deletion_policy = (
            CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        )
        app_credentials_secret.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        app_credentials_secret.add_metadata(
            "checkov",
            {
                "skip": [
                    {
                        "id": "CKV_AWS_149",
                        "comment": (
                            "The key aws/secretsmanager encrypts it; a customer key costs 1 USD "
                            "a month"
                        ),
                    },
                ],
            },
        )

        # components.secrets.resources.rds-password
        ssm.CfnParameter(
            self,
            "RdsPasswordArnParameter",
            name=self.secret_rds_password_arn_parameter,
            type="String",
            value=rds_password_secret.ref,
            description="arn of rds-password (secret)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )

        # components.secrets.resources.app-credentials
        ssm.CfnParameter(
            self,
            "AppCredentialsArnParameter",
            name=self.secret_app_credentials_arn_parameter,
            type="String",
            value=app_credentials_secret.ref,
            description="arn of app-credentials (secret)",
            tags={"Project": "lenie", "Environment": settings.environment},
        )
