"""The CDK app of lenie: all environments.

Written by lenie-compile from the spec: do not edit. README.md tells how to use it.
"""

from __future__ import annotations

from aws_cdk import App, LegacyStackSynthesizer

from settings import settings_of
from stacks.amplify_frontend import AmplifyFrontendProps, AmplifyFrontendStack
from stacks.api_gw_account import ApiGwAccountStack
from stacks.api_gw_app import ApiGwAppProps, ApiGwAppStack
from stacks.api_gw_infra import ApiGwInfraProps, ApiGwInfraStack
from stacks.api_gw_url_add import ApiGwUrlAddProps, ApiGwUrlAddStack
from stacks.bastion import BastionProps, BastionStack
from stacks.budget import BudgetStack
from stacks.cloudfront_helm import CloudfrontHelmProps, CloudfrontHelmStack
from stacks.domain_route53 import DomainRoute53Stack
from stacks.dynamodb_documents import DynamodbDocumentsStack
from stacks.ec2_lenie import Ec2LenieProps, Ec2LenieStack
from stacks.env_setup import EnvSetupStack
from stacks.identity_store import IdentityStoreStack
from stacks.lambda_layer_lenie_all import LambdaLayerLenieAllProps, LambdaLayerLenieAllStack
from stacks.lambda_layer_openai import LambdaLayerOpenaiProps, LambdaLayerOpenaiStack
from stacks.lambda_layer_psycopg2 import LambdaLayerPsycopg2Props, LambdaLayerPsycopg2Stack
from stacks.lenie_launch_template import LenieLaunchTemplateStack
from stacks.monitoring import MonitoringProps, MonitoringStack
from stacks.openvpn import OpenvpnProps, OpenvpnStack
from stacks.organization import OrganizationStack
from stacks.rds import RdsProps, RdsStack
from stacks.s3 import S3Stack
from stacks.s3_cloudformation import S3CloudformationStack
from stacks.s3_helm import S3HelmStack
from stacks.s3_website_content import S3WebsiteContentStack
from stacks.scp_block_all import ScpBlockAllStack
from stacks.scp_block_sso_creation import ScpBlockSsoCreationStack
from stacks.scp_only_allowed_regions import ScpOnlyAllowedRegionsStack
from stacks.secrets import SecretsStack
from stacks.security_groups import SecurityGroupsProps, SecurityGroupsStack
from stacks.sqs_application_errors import SqsApplicationErrorsStack
from stacks.sqs_documents import SqsDocumentsProps, SqsDocumentsStack
from stacks.sqs_to_rds_lambda import SqsToRdsLambdaProps, SqsToRdsLambdaStack
from stacks.sqs_to_rds_step_function import SqsToRdsStepFunctionProps, SqsToRdsStepFunctionStack
from stacks.url_add import UrlAddProps, UrlAddStack
from stacks.vpc import VpcStack


def build(app: App) -> None:
    """Add the stacks to `app`, in the order of their deployment."""
    settings = settings_of(app)
    organization = OrganizationStack(app)
    identity_store = IdentityStoreStack(app, settings)
    identity_store.add_stack_dependency(organization)
    scp_block_all = ScpBlockAllStack(app, settings)
    scp_block_all.add_stack_dependency(organization)
    scp_block_sso_creation = ScpBlockSsoCreationStack(app, settings)
    scp_block_sso_creation.add_stack_dependency(organization)
    scp_only_allowed_regions = ScpOnlyAllowedRegionsStack(app, settings)
    scp_only_allowed_regions.add_stack_dependency(organization)
    BudgetStack(app, settings)
    api_gw_account = ApiGwAccountStack(app)
    env_setup = EnvSetupStack(app, settings)
    domain_route53 = DomainRoute53Stack(app, settings)
    s3_cloudformation = S3CloudformationStack(app, settings)
    vpc = VpcStack(app, settings)
    security_groups = SecurityGroupsStack(
        app,
        settings,
        SecurityGroupsProps(vpc_id_parameter=vpc.vpc_id_parameter),
    )
    security_groups.add_stack_dependency(vpc)
    bastion = BastionStack(
        app,
        settings,
        BastionProps(
            vpc_id_parameter=vpc.vpc_id_parameter,
            public_subnet_a_subnet_id_parameter=vpc.public_subnet_a_subnet_id_parameter,
        ),
    )
    bastion.add_stack_dependency(vpc)
    secrets = SecretsStack(app, settings)
    S3Stack(app, settings)
    dynamodb_documents = DynamodbDocumentsStack(app, settings)
    s3_website_content = S3WebsiteContentStack(app, settings)
    sqs_application_errors = SqsApplicationErrorsStack(app, settings)
    sqs_documents = SqsDocumentsStack(
        app,
        settings,
        SqsDocumentsProps(
            sqs_problems_dlq_arn_parameter=sqs_application_errors.sqs_problems_dlq_arn_parameter,
        ),
    )
    sqs_documents.add_stack_dependency(sqs_application_errors)
    rds = RdsStack(
        app,
        settings,
        RdsProps(
            vpc_id_parameter=vpc.vpc_id_parameter,
            security_group_app_functions_id_parameter=(
                security_groups.security_group_app_functions_id_parameter
            ),
            bastion_security_group_value_parameter=bastion.bastion_security_group_value_parameter,
            data_subnet_a_subnet_id_parameter=vpc.data_subnet_a_subnet_id_parameter,
            data_subnet_b_subnet_id_parameter=vpc.data_subnet_b_subnet_id_parameter,
            secret_rds_password_arn_parameter=secrets.secret_rds_password_arn_parameter,
        ),
    )
    rds.add_stack_dependency(vpc)
    rds.add_stack_dependency(security_groups)
    rds.add_stack_dependency(bastion)
    rds.add_stack_dependency(secrets)
    s3_helm = S3HelmStack(app, settings)
    lambda_layer_lenie_all = LambdaLayerLenieAllStack(
        app,
        settings,
        LambdaLayerLenieAllProps(
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
        ),
    )
    lambda_layer_lenie_all.add_stack_dependency(env_setup)
    lambda_layer_lenie_all.add_stack_dependency(s3_cloudformation)
    lambda_layer_openai = LambdaLayerOpenaiStack(
        app,
        settings,
        LambdaLayerOpenaiProps(
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
        ),
    )
    lambda_layer_openai.add_stack_dependency(env_setup)
    lambda_layer_openai.add_stack_dependency(s3_cloudformation)
    lambda_layer_psycopg2 = LambdaLayerPsycopg2Stack(
        app,
        settings,
        LambdaLayerPsycopg2Props(
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
        ),
    )
    lambda_layer_psycopg2.add_stack_dependency(env_setup)
    lambda_layer_psycopg2.add_stack_dependency(s3_cloudformation)
    ec2_lenie = Ec2LenieStack(
        app,
        settings,
        Ec2LenieProps(
            vpc_id_parameter=vpc.vpc_id_parameter,
            public_subnet_a_subnet_id_parameter=vpc.public_subnet_a_subnet_id_parameter,
            security_group_ssh_id_parameter=security_groups.security_group_ssh_id_parameter,
        ),
    )
    ec2_lenie.add_stack_dependency(vpc)
    ec2_lenie.add_stack_dependency(security_groups)
    LenieLaunchTemplateStack(app, settings)
    openvpn = OpenvpnStack(
        app,
        settings,
        OpenvpnProps(
            vpc_id_parameter=vpc.vpc_id_parameter,
            public_subnet_a_subnet_id_parameter=vpc.public_subnet_a_subnet_id_parameter,
            security_group_ssh_id_parameter=security_groups.security_group_ssh_id_parameter,
        ),
    )
    openvpn.add_stack_dependency(vpc)
    openvpn.add_stack_dependency(security_groups)
    sqs_to_rds_lambda = SqsToRdsLambdaStack(
        app,
        settings,
        SqsToRdsLambdaProps(
            database_resource_id_parameter=rds.database_resource_id_parameter,
            s3_website_content_arn_parameter=s3_website_content.s3_website_content_arn_parameter,
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
            lambda_layers_psycopg2_arn_parameter=(
                lambda_layer_psycopg2.lambda_layers_psycopg2_arn_parameter
            ),
            lambda_layers_lenie_all_arn_parameter=(
                lambda_layer_lenie_all.lambda_layers_lenie_all_arn_parameter
            ),
            database_host_parameter=rds.database_host_parameter,
            database_port_parameter=rds.database_port_parameter,
            s3_website_content_name_parameter=s3_website_content.s3_website_content_name_parameter,
            private_subnet_a_subnet_id_parameter=vpc.private_subnet_a_subnet_id_parameter,
            private_subnet_b_subnet_id_parameter=vpc.private_subnet_b_subnet_id_parameter,
            security_group_app_functions_id_parameter=(
                security_groups.security_group_app_functions_id_parameter
            ),
        ),
    )
    sqs_to_rds_lambda.add_stack_dependency(env_setup)
    sqs_to_rds_lambda.add_stack_dependency(s3_cloudformation)
    sqs_to_rds_lambda.add_stack_dependency(vpc)
    sqs_to_rds_lambda.add_stack_dependency(security_groups)
    sqs_to_rds_lambda.add_stack_dependency(s3_website_content)
    sqs_to_rds_lambda.add_stack_dependency(rds)
    sqs_to_rds_lambda.add_stack_dependency(lambda_layer_lenie_all)
    sqs_to_rds_lambda.add_stack_dependency(lambda_layer_psycopg2)
    url_add = UrlAddStack(
        app,
        settings,
        UrlAddProps(
            sqs_documents_arn_parameter=sqs_documents.sqs_documents_arn_parameter,
            s3_website_content_arn_parameter=s3_website_content.s3_website_content_arn_parameter,
            dynamodb_documents_table_arn_parameter=(
                dynamodb_documents.dynamodb_documents_table_arn_parameter
            ),
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
            lambda_layers_lenie_all_arn_parameter=(
                lambda_layer_lenie_all.lambda_layers_lenie_all_arn_parameter
            ),
            sqs_documents_url_parameter=sqs_documents.sqs_documents_url_parameter,
            s3_website_content_name_parameter=s3_website_content.s3_website_content_name_parameter,
            dynamodb_documents_table_name_parameter=(
                dynamodb_documents.dynamodb_documents_table_name_parameter
            ),
        ),
    )
    url_add.add_stack_dependency(env_setup)
    url_add.add_stack_dependency(s3_cloudformation)
    url_add.add_stack_dependency(dynamodb_documents)
    url_add.add_stack_dependency(s3_website_content)
    url_add.add_stack_dependency(sqs_documents)
    url_add.add_stack_dependency(lambda_layer_lenie_all)
    api_gw_infra = ApiGwInfraStack(
        app,
        settings,
        ApiGwInfraProps(
            database_arn_parameter=rds.database_arn_parameter,
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
            database_id_parameter=rds.database_id_parameter,
            openvpn_server_ec2_name_parameter=openvpn.openvpn_server_ec2_name_parameter,
            sqs_documents_arn_parameter=sqs_documents.sqs_documents_arn_parameter,
            sqs_documents_url_parameter=sqs_documents.sqs_documents_url_parameter,
        ),
    )
    api_gw_infra.add_stack_dependency(api_gw_account)
    api_gw_infra.add_stack_dependency(env_setup)
    api_gw_infra.add_stack_dependency(s3_cloudformation)
    api_gw_infra.add_stack_dependency(sqs_documents)
    api_gw_infra.add_stack_dependency(rds)
    api_gw_infra.add_stack_dependency(openvpn)
    api_gw_app = ApiGwAppStack(
        app,
        settings,
        ApiGwAppProps(
            database_resource_id_parameter=rds.database_resource_id_parameter,
            python_lambda_runtime_version_parameter=(
                env_setup.python_lambda_runtime_version_parameter
            ),
            s3_cloudformation_name_parameter=s3_cloudformation.s3_cloudformation_name_parameter,
            lambda_layers_psycopg2_arn_parameter=(
                lambda_layer_psycopg2.lambda_layers_psycopg2_arn_parameter
            ),
            lambda_layers_lenie_all_arn_parameter=(
                lambda_layer_lenie_all.lambda_layers_lenie_all_arn_parameter
            ),
            database_host_parameter=rds.database_host_parameter,
            database_port_parameter=rds.database_port_parameter,
            private_subnet_a_subnet_id_parameter=vpc.private_subnet_a_subnet_id_parameter,
            private_subnet_b_subnet_id_parameter=vpc.private_subnet_b_subnet_id_parameter,
            security_group_app_functions_id_parameter=(
                security_groups.security_group_app_functions_id_parameter
            ),
            secret_app_credentials_arn_parameter=secrets.secret_app_credentials_arn_parameter,
            lambda_layers_openai_arn_parameter=(
                lambda_layer_openai.lambda_layers_openai_arn_parameter
            ),
            lambda_url_add_arn_parameter=url_add.lambda_url_add_arn_parameter,
        ),
    )
    api_gw_app.add_stack_dependency(api_gw_account)
    api_gw_app.add_stack_dependency(env_setup)
    api_gw_app.add_stack_dependency(s3_cloudformation)
    api_gw_app.add_stack_dependency(vpc)
    api_gw_app.add_stack_dependency(security_groups)
    api_gw_app.add_stack_dependency(secrets)
    api_gw_app.add_stack_dependency(rds)
    api_gw_app.add_stack_dependency(lambda_layer_lenie_all)
    api_gw_app.add_stack_dependency(lambda_layer_openai)
    api_gw_app.add_stack_dependency(lambda_layer_psycopg2)
    api_gw_app.add_stack_dependency(url_add)
    api_gw_url_add = ApiGwUrlAddStack(
        app,
        settings,
        ApiGwUrlAddProps(lambda_url_add_arn_parameter=url_add.lambda_url_add_arn_parameter),
    )
    api_gw_url_add.add_stack_dependency(api_gw_account)
    api_gw_url_add.add_stack_dependency(url_add)
    sqs_to_rds_step_function = SqsToRdsStepFunctionStack(
        app,
        settings,
        SqsToRdsStepFunctionProps(
            sqs_documents_arn_parameter=sqs_documents.sqs_documents_arn_parameter,
            sqs_problems_dlq_arn_parameter=sqs_application_errors.sqs_problems_dlq_arn_parameter,
            database_arn_parameter=rds.database_arn_parameter,
            lambda_sqs_into_rds_arn_parameter=sqs_to_rds_lambda.lambda_sqs_into_rds_arn_parameter,
            sqs_problems_dlq_url_parameter=sqs_application_errors.sqs_problems_dlq_url_parameter,
            sqs_documents_url_parameter=sqs_documents.sqs_documents_url_parameter,
            database_id_parameter=rds.database_id_parameter,
        ),
    )
    sqs_to_rds_step_function.add_stack_dependency(sqs_application_errors)
    sqs_to_rds_step_function.add_stack_dependency(sqs_documents)
    sqs_to_rds_step_function.add_stack_dependency(rds)
    sqs_to_rds_step_function.add_stack_dependency(sqs_to_rds_lambda)
    monitoring = MonitoringStack(
        app,
        settings,
        MonitoringProps(
            workflow_sqs_to_rds_arn_parameter=(
                sqs_to_rds_step_function.workflow_sqs_to_rds_arn_parameter
            ),
            sns_problems_arn_parameter=sqs_application_errors.sns_problems_arn_parameter,
            sqs_problems_dlq_name_parameter=sqs_application_errors.sqs_problems_dlq_name_parameter,
            lambda_sqs_into_rds_name_parameter=sqs_to_rds_lambda.lambda_sqs_into_rds_name_parameter,
        ),
    )
    monitoring.add_stack_dependency(sqs_application_errors)
    monitoring.add_stack_dependency(sqs_to_rds_lambda)
    monitoring.add_stack_dependency(sqs_to_rds_step_function)
    cloudfront_helm = CloudfrontHelmStack(
        app,
        settings,
        CloudfrontHelmProps(
            s3_helm_domain_parameter=s3_helm.s3_helm_domain_parameter,
            route53_zone_id_parameter=domain_route53.route53_zone_id_parameter,
            s3_helm_name_parameter=s3_helm.s3_helm_name_parameter,
            s3_helm_arn_parameter=s3_helm.s3_helm_arn_parameter,
        ),
    )
    cloudfront_helm.add_stack_dependency(domain_route53)
    cloudfront_helm.add_stack_dependency(s3_helm)
    amplify_frontend = AmplifyFrontendStack(
        app,
        settings,
        AmplifyFrontendProps(
            secret_app_credentials_arn_parameter=secrets.secret_app_credentials_arn_parameter,
        ),
    )
    amplify_frontend.add_stack_dependency(domain_route53)
    amplify_frontend.add_stack_dependency(secrets)


def main() -> None:
    """Synthesize the app."""
    # Stacks hold no assets and are deployed with the caller's own credentials: no bootstrapping.
    app = App(analytics_reporting=False, default_stack_synthesizer=LegacyStackSynthesizer())
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
