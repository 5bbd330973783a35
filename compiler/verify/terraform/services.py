"""APIs, workflows, delivery, accounts. Source: documentation of each resource of the AWS provider 6.x."""

from __future__ import annotations

from lenie.compiler.verify.terraform.row import Inner, Only, Part, Row, Target, To, many, named_values, number, one

_BEHAVIOUR: dict[str, Target] = {
    "target_origin_id": "TargetOriginId",
    "viewer_protocol_policy": "ViewerProtocolPolicy",
    "allowed_methods": "AllowedMethods",
    "cached_methods": "CachedMethods",
    "compress": "Compress",
    "cache_policy_id": "CachePolicyId",
    "origin_request_policy_id": "OriginRequestPolicyId",
    "response_headers_policy_id": "ResponseHeadersPolicyId",
}

ROWS: dict[str, Row | Part] = {
    "aws_api_gateway_account": Row("AWS::ApiGateway::Account", {"cloudwatch_role_arn": "CloudWatchRoleArn"}),
    "aws_api_gateway_rest_api": Row(
        "AWS::ApiGateway::RestApi",
        {
            "name": "Name",
            "description": "Description",
            "fail_on_warnings": "FailOnWarnings",
            "body": "Body",
            "policy": "Policy",
            "binary_media_types": "BinaryMediaTypes",
            "api_key_source": "ApiKeySourceType",
            "disable_execute_api_endpoint": "DisableExecuteApiEndpoint",
            "endpoint_configuration": one(
                "EndpointConfiguration",
                types="Types",
                vpc_endpoint_ids="VpcEndpointIds",
                ip_address_type="IpAddressType",
            ),
        },
        {"id": "Ref", "root_resource_id": "RootResourceId", "body": "Body"},
        "Tags",
    ),
    "aws_api_gateway_deployment": Row(
        "AWS::ApiGateway::Deployment",
        {"rest_api_id": "RestApiId", "description": "Description", "triggers": "(triggers)"},
        {"id": "Ref"},
    ),
    "aws_api_gateway_stage": Row(
        "AWS::ApiGateway::Stage",
        {
            "rest_api_id": "RestApiId",
            "deployment_id": "DeploymentId",
            "stage_name": "StageName",
            "description": "Description",
            "variables": "Variables",
            "xray_tracing_enabled": "TracingEnabled",
            "access_log_settings": one("AccessLogSetting", destination_arn="DestinationArn", format="Format"),
        },
        {"stage_name": "Ref", "rest_api_id": "(api)"},
        "Tags",
    ),
    "aws_api_gateway_method_settings": Part(
        "stage_name",
        "aws_api_gateway_stage",
        {
            "rest_api_id": "(api)",
            "method_path": "(method path)",
            "settings": one(
                "(settings)",
                metrics_enabled="MetricsEnabled",
                logging_level="LoggingLevel",
                data_trace_enabled="DataTraceEnabled",
                throttling_rate_limit="ThrottlingRateLimit",
                throttling_burst_limit="ThrottlingBurstLimit",
                caching_enabled="CachingEnabled",
                cache_ttl_in_seconds="CacheTtlInSeconds",
                cache_data_encrypted="CacheDataEncrypted",
            ),
        },
        "MethodSettings",
    ),
    "aws_api_gateway_api_key": Row(
        "AWS::ApiGateway::ApiKey",
        {"name": "Name", "description": "Description", "enabled": "Enabled", "value": "Value"},
        {"id": "Ref"},
        "Tags",
        {"description": "Managed by Terraform"},
    ),
    "aws_api_gateway_usage_plan": Row(
        "AWS::ApiGateway::UsagePlan",
        {
            "name": "UsagePlanName",
            "description": "Description",
            "api_stages": many("ApiStages", api_id="ApiId", stage="Stage"),
            "throttle_settings": one("Throttle", rate_limit="RateLimit", burst_limit="BurstLimit"),
            "quota_settings": one("Quota", limit="Limit", period="Period", offset="Offset"),
        },
        {"id": "Ref"},
        "Tags",
    ),
    "aws_api_gateway_usage_plan_key": Row(
        "AWS::ApiGateway::UsagePlanKey", {"key_id": "KeyId", "key_type": "KeyType", "usage_plan_id": "UsagePlanId"}
    ),
    "aws_sfn_state_machine": Row(
        "AWS::StepFunctions::StateMachine",
        {
            "name": "StateMachineName",
            "type": "StateMachineType",
            "definition": "DefinitionString",
            "role_arn": "RoleArn",
            "logging_configuration": one(
                "LoggingConfiguration",
                level="Level",
                include_execution_data="IncludeExecutionData",
                log_destination="(log destination)",
            ),
            "tracing_configuration": one("TracingConfiguration", enabled="Enabled"),
        },
        {"id": "Ref", "arn": "Ref", "name": "Name"},
        "Tags",
    ),
    "aws_scheduler_schedule": Row(
        "AWS::Scheduler::Schedule",
        {
            "name": "Name",
            "group_name": "GroupName",
            "description": "Description",
            "state": "State",
            "schedule_expression": "ScheduleExpression",
            "schedule_expression_timezone": "ScheduleExpressionTimezone",
            "flexible_time_window": one(
                "FlexibleTimeWindow", mode="Mode", maximum_window_in_minutes="MaximumWindowInMinutes"
            ),
            "target": one(
                "Target",
                arn="Arn",
                role_arn="RoleArn",
                input="Input",
                retry_policy=one(
                    "RetryPolicy",
                    maximum_event_age_in_seconds="MaximumEventAgeInSeconds",
                    maximum_retry_attempts="MaximumRetryAttempts",
                ),
                dead_letter_config=one("DeadLetterConfig", arn="Arn"),
            ),
        },
        {"arn": "Arn", "name": "Ref"},
    ),
    "aws_cloudwatch_metric_alarm": Row(
        "AWS::CloudWatch::Alarm",
        {
            "alarm_name": "AlarmName",
            "alarm_description": "AlarmDescription",
            "namespace": "Namespace",
            "metric_name": "MetricName",
            "dimensions": To("Dimensions", named_values),
            "statistic": "Statistic",
            "period": "Period",
            "evaluation_periods": "EvaluationPeriods",
            "datapoints_to_alarm": "DatapointsToAlarm",
            "comparison_operator": "ComparisonOperator",
            "threshold": "Threshold",
            "treat_missing_data": "TreatMissingData",
            "actions_enabled": "ActionsEnabled",
            "alarm_actions": "AlarmActions",
            "ok_actions": "OKActions",
            "insufficient_data_actions": "InsufficientDataActions",
        },
        {"arn": "Arn", "alarm_name": "Ref", "id": "Ref"},
        "Tags",
    ),
    "aws_route53_zone": Row(
        "AWS::Route53::HostedZone",
        {"name": "Name", "comment": "HostedZoneConfig.Comment"},
        {"zone_id": "Ref", "id": "Ref", "name_servers": "NameServers"},
        "HostedZoneTags",
        {"comment": "Managed by Terraform"},
    ),
    "aws_route53_record": Row(
        "AWS::Route53::RecordSet",
        {
            "zone_id": "HostedZoneId",
            "name": "Name",
            "type": "Type",
            "ttl": To("TTL", number),
            "records": "ResourceRecords",
            "alias": one(
                "AliasTarget", name="DNSName", zone_id="HostedZoneId", evaluate_target_health="EvaluateTargetHealth"
            ),
        },
        {"fqdn": "Ref", "name": "Ref"},
    ),
    "aws_cloudfront_distribution": Row(
        "AWS::CloudFront::Distribution",
        {
            "comment": "DistributionConfig.Comment",
            "enabled": "DistributionConfig.Enabled",
            "aliases": "DistributionConfig.Aliases",
            "http_version": "DistributionConfig.HttpVersion",
            "is_ipv6_enabled": "DistributionConfig.IPV6Enabled",
            "price_class": "DistributionConfig.PriceClass",
            "default_root_object": "DistributionConfig.DefaultRootObject",
            "web_acl_id": "DistributionConfig.WebACLId",
            "origin": many(
                "DistributionConfig.Origins",
                origin_id="Id",
                domain_name="DomainName",
                origin_path="OriginPath",
                origin_access_control_id="OriginAccessControlId",
                s3_origin_config=one("S3OriginConfig", origin_access_identity="OriginAccessIdentity"),
            ),
            "default_cache_behavior": Inner("DistributionConfig.DefaultCacheBehavior", _BEHAVIOUR),
            "ordered_cache_behavior": Inner(
                "DistributionConfig.CacheBehaviors", {**_BEHAVIOUR, "path_pattern": "PathPattern"}, many=True
            ),
            "viewer_certificate": one(
                "DistributionConfig.ViewerCertificate",
                acm_certificate_arn="AcmCertificateArn",
                minimum_protocol_version="MinimumProtocolVersion",
                ssl_support_method="SslSupportMethod",
                cloudfront_default_certificate="CloudFrontDefaultCertificate",
            ),
            "restrictions": one(
                "DistributionConfig.Restrictions",
                geo_restriction=one("GeoRestriction", restriction_type="RestrictionType", locations="Locations"),
            ),
            "custom_error_response": many(
                "DistributionConfig.CustomErrorResponses",
                error_code="ErrorCode",
                response_code="ResponseCode",
                response_page_path="ResponsePagePath",
                error_caching_min_ttl="ErrorCachingMinTTL",
            ),
        },
        {"id": "Ref", "domain_name": "DomainName"},
        "Tags",
    ),
    "aws_cloudfront_origin_access_control": Row(
        "AWS::CloudFront::OriginAccessControl",
        {
            "name": "OriginAccessControlConfig.Name",
            "description": "OriginAccessControlConfig.Description",
            "origin_access_control_origin_type": "OriginAccessControlConfig.OriginAccessControlOriginType",
            "signing_behavior": "OriginAccessControlConfig.SigningBehavior",
            "signing_protocol": "OriginAccessControlConfig.SigningProtocol",
        },
        {"id": "Ref"},
        "",
        {"description": "Managed by Terraform"},
    ),
    "aws_amplify_app": Row(
        "AWS::Amplify::App",
        {
            "name": "Name",
            "description": "Description",
            "platform": "Platform",
            "repository": "Repository",
            "access_token": "AccessToken",
            "build_spec": "BuildSpec",
            "custom_headers": "CustomHeaders",
            "custom_rule": many(
                "CustomRules", source="Source", target="Target", status="Status", condition="Condition"
            ),
        },
        {"id": "AppId", "arn": "Arn", "default_domain": "DefaultDomain"},
        "Tags",
    ),
    "aws_amplify_branch": Row(
        "AWS::Amplify::Branch",
        {
            "app_id": "AppId",
            "branch_name": "BranchName",
            "description": "Description",
            "enable_auto_build": "EnableAutoBuild",
            "stage": "Stage",
        },
        {"branch_name": "BranchName", "arn": "Arn"},
        "Tags",
    ),
    "aws_amplify_domain_association": Row(
        "AWS::Amplify::Domain",
        {
            "app_id": "AppId",
            "domain_name": "DomainName",
            "enable_auto_sub_domain": "EnableAutoSubDomain",
            "sub_domain": many("SubDomainSettings", prefix="Prefix", branch_name="BranchName"),
            "wait_for_verification": Only("whether an apply waits for the domain; CloudFormation does not"),
        },
    ),
    "aws_budgets_budget": Row(
        "AWS::Budgets::Budget",
        {
            "name": "Budget.BudgetName",
            "budget_type": "Budget.BudgetType",
            "time_unit": "Budget.TimeUnit",
            "limit_amount": To("Budget.BudgetLimit.Amount", number),
            "limit_unit": "Budget.BudgetLimit.Unit",
            "notification": many(
                "NotificationsWithSubscribers",
                notification_type="Notification.NotificationType",
                comparison_operator="Notification.ComparisonOperator",
                threshold="Notification.Threshold",
                threshold_type="Notification.ThresholdType",
                subscriber_email_addresses="(emails)",
                subscriber_sns_topic_arns="(topics)",
            ),
        },
        # Its id begins with the number of the account.
        {"name": "Ref"},
        "ResourceTags",
    ),
    "aws_organizations_organization": Row(
        "AWS::Organizations::Organization",
        {"feature_set": "FeatureSet"},
        {"id": "Ref", "arn": "Arn"},
    ),
    "aws_organizations_policy": Row(
        "AWS::Organizations::Policy",
        {"name": "Name", "description": "Description", "type": "Type", "content": "Content"},
        {"id": "Ref", "arn": "Arn"},
        "Tags",
    ),
    "aws_organizations_policy_attachment": Part(
        "policy_id", "aws_organizations_policy", {"target_id": "TargetId"}, "TargetIds", bare=True
    ),
    "aws_identitystore_group": Row(
        "AWS::IdentityStore::Group",
        {"identity_store_id": "IdentityStoreId", "display_name": "DisplayName", "description": "Description"},
        {"group_id": "GroupId"},
    ),
    "aws_identitystore_group_membership": Row(
        "AWS::IdentityStore::GroupMembership",
        {"identity_store_id": "IdentityStoreId", "group_id": "GroupId", "member_id": "MemberId.UserId"},
        {"membership_id": "MembershipId"},
    ),
}
