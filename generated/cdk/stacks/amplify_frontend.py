"""Component amplify-frontend.

Written by lenie-compile from the spec: do not edit. Comments name the place in the spec.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import CfnTag, Fn
from aws_cdk import aws_amplify as amplify
from constructs import Construct

from component import ComponentStack
from settings import Settings

FRONTEND_APP_BUILD_SPEC = """\
version: 1
frontend:
  phases:
    preBuild:
      commands:
      - npm ci
    build:
      commands:
      - npm run build
  artifacts:
    baseDirectory: build
    files:
    - '**/*'
  cache:
    paths:
    - node_modules/**/*
"""
FRONTEND_APP_CUSTOM_HEADERS = """\
customHeaders:
- pattern: '**/*'
  headers:
  - key: Strict-Transport-Security
    value: max-age=31536000; includeSubDomains
  - key: X-Content-Type-Options
    value: nosniff
  - key: X-Frame-Options
    value: DENY
  - key: Referrer-Policy
    value: strict-origin-when-cross-origin
"""


@dataclass(frozen=True, kw_only=True)
class AmplifyFrontendProps:
    """Names of the SSM parameters that the stack reads, and other stacks publish."""

    secret_app_credentials_arn_parameter: str


class AmplifyFrontendStack(ComponentStack):
    """Component amplify-frontend (layer delivery).

    There is one for each environment.
    """

    def __init__(self, scope: Construct, settings: Settings, props: AmplifyFrontendProps) -> None:
        super().__init__(
            scope,
            f"lenie-{settings.environment}-amplify-frontend",
            description=f"amplify-frontend (delivery): the stack of {settings.environment}",
            termination_protection=settings.production,
        )

        self.ssm_value(
            "SecretAppCredentialsArn",
            props.secret_app_credentials_arn_parameter,
            "SSM parameter secret/app-credentials/arn, published by component secrets",
        )

        # components.amplify-frontend.resources.frontend
        frontend_app = amplify.CfnApp(
            self,
            "FrontendApp",
            name=f"lenie-{settings.environment}-frontend",
            description="React single-page app",
            platform="WEB",
            repository=settings.repository,
            access_token=Fn.sub(
                "{{resolve:secretsmanager:${SecretAppCredentialsArn}:SecretString:repository_"
                "token}}",
            ),
            build_spec=FRONTEND_APP_BUILD_SPEC,
            custom_rules=[
                amplify.CfnApp.CustomRuleProperty(
                    source=(
                        "</^[^.]+$|\\.(?!(css|gif|ico|jpg|jpeg|js|json|map|mjs|png|svg|txt|ttf|wa"
                        "sm|webmanifest|webp|woff|woff2|xml)$)([^.]+$)/>"
                    ),
                    target="/index.html",
                    status="200",
                ),
            ],
            custom_headers=FRONTEND_APP_CUSTOM_HEADERS,
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.amplify-frontend.resources.frontend
        frontend_branch = amplify.CfnBranch(
            self,
            "FrontendBranch",
            app_id=frontend_app.attr_app_id,
            branch_name="main",
            enable_auto_build=True,
            stage="PRODUCTION",
            tags=[
                CfnTag(key="Environment", value=settings.environment),
                CfnTag(key="Project", value="lenie"),
            ],
        )

        # components.amplify-frontend.resources.frontend
        amplify.CfnDomain(
            self,
            "FrontendDomain",
            app_id=frontend_app.attr_app_id,
            domain_name=settings.domain,
            enable_auto_sub_domain=False,
            sub_domain_settings=[
                amplify.CfnDomain.SubDomainSettingProperty(
                    prefix="app",
                    branch_name=frontend_branch.attr_branch_name,
                ),
            ],
        )
