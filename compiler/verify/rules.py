"""When two values mean the same to AWS, as data: each rule with its reason and its source.

What has no rule is compared as it stands: the order of a list matters, an absent property differs from every value.
Pages of the CloudFormation Template Reference Guide are named by their type, those of other guides in full.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, NamedTuple


class Form(Enum):
    """How the value of a property is to be read."""

    #: A list whose order means nothing.
    SET = "set"
    #: Tags: a list of Key and Value, or a map; their order means nothing.
    TAGS = "tags"
    #: An IAM policy: see `normal`.
    POLICY = "policy"
    #: JSON, or a text that holds JSON: the order of members and white space mean nothing, types of values matter.
    JSON = "json"
    #: The ARN of a log group, with or without the ``:*`` at its end.
    LOG_GROUP = "log group"


class Rule(NamedTuple):
    """`form` of the property at `path` (``[]`` for any element) of `type`; ``*`` is every type."""

    type: str
    path: str
    form: Form
    why: str


class Default(NamedTuple):
    """AWS takes `value` for a property that is absent."""

    type: str
    path: str
    value: Any
    why: str


_UNORDERED = "the service keeps a set: the order in which members are given is lost"
_API = "the property is of the type Json, or documented as JSON text"

RULES: tuple[Rule, ...] = (
    Rule("*", "Tags", Form.TAGS, "a resource's tags are a map: keys are unique, and their order is lost"),
    Rule("AWS::Route53::HostedZone", "HostedZoneTags", Form.TAGS, "as Tags of other types"),
    Rule("AWS::Budgets::Budget", "ResourceTags", Form.TAGS, "as Tags of other types"),
    Rule("AWS::EC2::LaunchTemplate", "LaunchTemplateData.TagSpecifications[].Tags", Form.TAGS, "as Tags"),
    Rule("AWS::EC2::LaunchTemplate", "TagSpecifications[].Tags", Form.TAGS, "as Tags"),
    # IAM User Guide, Grammar of the IAM JSON policy language: every list of it is a set, one member needs no list.
    Rule("*", "PolicyDocument", Form.POLICY, "IAM policy"),
    Rule("*", "AssumeRolePolicyDocument", Form.POLICY, "IAM policy"),
    Rule("*", "Policies[].PolicyDocument", Form.POLICY, "IAM policy"),
    Rule("*", "ResourcePolicy", Form.POLICY, "IAM policy"),
    Rule("AWS::KMS::Key", "KeyPolicy", Form.POLICY, "IAM policy"),
    Rule("AWS::Organizations::Policy", "Content", Form.POLICY, "a service control policy has IAM's grammar"),
    Rule("AWS::ApiGateway::RestApi", "Body", Form.JSON, _API),
    Rule("AWS::ApiGateway::RestApi", "Policy", Form.POLICY, "IAM policy"),
    Rule("AWS::StepFunctions::StateMachine", "DefinitionString", Form.JSON, "Amazon States Language is JSON"),
    Rule("AWS::StepFunctions::StateMachine", "Definition", Form.JSON, _API),
    Rule("AWS::Scheduler::Schedule", "Target.Input", Form.JSON, "Step Functions parses the input as JSON"),
    Rule("AWS::SecretsManager::Secret", "GenerateSecretString.SecretStringTemplate", Form.JSON, _API),
    Rule("AWS::SQS::Queue", "RedrivePolicy", Form.JSON, _API),
    Rule("AWS::SQS::Queue", "RedriveAllowPolicy", Form.JSON, _API),
    Rule("AWS::Amplify::Domain", "SubDomainSettings", Form.SET, _UNORDERED),
    Rule("AWS::ApiGateway::RestApi", "BinaryMediaTypes", Form.SET, _UNORDERED),
    Rule("AWS::ApiGateway::RestApi", "EndpointConfiguration.Types", Form.SET, "it holds one member"),
    Rule("AWS::ApiGateway::Stage", "AccessLogSetting.DestinationArn", Form.LOG_GROUP, "API Gateway takes both forms"),
    Rule("AWS::ApiGateway::Stage", "MethodSettings", Form.SET, "settings are a map by method and path"),
    Rule("AWS::ApiGateway::UsagePlan", "ApiStages", Form.SET, _UNORDERED),
    Rule("AWS::Budgets::Budget", "NotificationsWithSubscribers", Form.SET, _UNORDERED),
    Rule("AWS::Budgets::Budget", "NotificationsWithSubscribers[].Subscribers", Form.SET, _UNORDERED),
    Rule("AWS::CloudFront::Distribution", "DistributionConfig.Aliases", Form.SET, _UNORDERED),
    Rule("AWS::CloudFront::Distribution", "DistributionConfig.Origins", Form.SET, "origins are named by their Id"),
    Rule(
        "AWS::CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.AllowedMethods", Form.SET, _UNORDERED
    ),
    Rule(
        "AWS::CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.CachedMethods", Form.SET, _UNORDERED
    ),
    Rule("AWS::CloudFront::Distribution", "DistributionConfig.CacheBehaviors[].AllowedMethods", Form.SET, _UNORDERED),
    Rule("AWS::CloudFront::Distribution", "DistributionConfig.CacheBehaviors[].CachedMethods", Form.SET, _UNORDERED),
    Rule("AWS::CloudWatch::Alarm", "AlarmActions", Form.SET, _UNORDERED),
    Rule("AWS::CloudWatch::Alarm", "OKActions", Form.SET, _UNORDERED),
    Rule("AWS::CloudWatch::Alarm", "InsufficientDataActions", Form.SET, _UNORDERED),
    Rule("AWS::CloudWatch::Alarm", "Dimensions", Form.SET, "dimensions are named"),
    Rule("AWS::DynamoDB::Table", "AttributeDefinitions", Form.SET, "attributes are named"),
    Rule("AWS::DynamoDB::Table", "GlobalSecondaryIndexes", Form.SET, "indexes are named"),
    Rule("AWS::DynamoDB::Table", "LocalSecondaryIndexes", Form.SET, "indexes are named"),
    Rule("AWS::EC2::Instance", "SecurityGroupIds", Form.SET, _UNORDERED),
    Rule("AWS::EC2::Instance", "BlockDeviceMappings", Form.SET, "mappings are named by their device"),
    Rule("AWS::EC2::LaunchTemplate", "LaunchTemplateData.BlockDeviceMappings", Form.SET, "named by their device"),
    Rule("AWS::EC2::LaunchTemplate", "LaunchTemplateData.SecurityGroupIds", Form.SET, _UNORDERED),
    Rule("AWS::EC2::LaunchTemplate", "LaunchTemplateData.TagSpecifications", Form.SET, "named by the type of resource"),
    Rule("AWS::EC2::LaunchTemplate", "TagSpecifications", Form.SET, "named by the type of resource"),
    Rule("AWS::EC2::SecurityGroup", "SecurityGroupEgress", Form.SET, "all rules of a group hold together"),
    Rule("AWS::EC2::SecurityGroup", "SecurityGroupIngress", Form.SET, "all rules of a group hold together"),
    Rule("AWS::EC2::VPCEndpoint", "RouteTableIds", Form.SET, _UNORDERED),
    Rule("AWS::EC2::VPCEndpoint", "SecurityGroupIds", Form.SET, _UNORDERED),
    Rule("AWS::EC2::VPCEndpoint", "SubnetIds", Form.SET, _UNORDERED),
    Rule("AWS::IAM::InstanceProfile", "Roles", Form.SET, "it holds one member"),
    Rule("AWS::IAM::Role", "ManagedPolicyArns", Form.SET, _UNORDERED),
    Rule("AWS::IAM::Role", "Policies", Form.SET, "inline policies are named"),
    Rule("AWS::Lambda::Function", "Architectures", Form.SET, "it holds one member"),
    Rule("AWS::Lambda::Function", "VpcConfig.SecurityGroupIds", Form.SET, _UNORDERED),
    Rule("AWS::Lambda::Function", "VpcConfig.SubnetIds", Form.SET, _UNORDERED),
    Rule("AWS::Lambda::LayerVersion", "CompatibleArchitectures", Form.SET, _UNORDERED),
    Rule("AWS::Lambda::LayerVersion", "CompatibleRuntimes", Form.SET, _UNORDERED),
    Rule("AWS::Organizations::Policy", "TargetIds", Form.SET, _UNORDERED),
    Rule("AWS::RDS::DBInstance", "VPCSecurityGroups", Form.SET, _UNORDERED),
    Rule("AWS::RDS::DBInstance", "EnableCloudwatchLogsExports", Form.SET, _UNORDERED),
    Rule("AWS::RDS::DBSubnetGroup", "SubnetIds", Form.SET, _UNORDERED),
    Rule("AWS::Route53::RecordSet", "ResourceRecords", Form.SET, _UNORDERED),
    Rule("AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration", Form.SET, "it holds one member"),
    Rule("AWS::S3::Bucket", "LifecycleConfiguration.Rules", Form.SET, "every rule holds by itself"),
    Rule("AWS::S3::Bucket", "OwnershipControls.Rules", Form.SET, "it holds one member"),
    Rule("AWS::SNS::TopicPolicy", "Topics", Form.SET, _UNORDERED),
    Rule("AWS::SQS::QueuePolicy", "Queues", Form.SET, _UNORDERED),
    Rule("AWS::StepFunctions::StateMachine", "LoggingConfiguration.Destinations", Form.SET, "it holds one member"),
)

DEFAULTS: tuple[Default, ...] = (
    Default("AWS::ApiGateway::ApiKey", "Description", "",
            "API Gateway API, ApiKey: a key without a description has an empty one"),
    Default("AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.Description", "",
            "CloudFront API, OriginAccessControlConfig: one without a description has an empty one"),
    Default("AWS::CloudFront::Distribution", "DistributionConfig.Restrictions.GeoRestriction.RestrictionType", "none",
            "AWS::CloudFront::Distribution Restrictions: without it no country is refused"),
    Default("AWS::Lambda::Function", "LoggingConfig.LogFormat", "Text",
            "AWS::Lambda::Function LoggingConfig: the default format is plain text"),
    Default("AWS::SQS::Queue", "MaximumMessageSize", "1048576",
            "AWS::SQS::Queue: a message may have 1 MiB if the queue does not say less"),
    Default("AWS::Route53::HostedZone", "HostedZoneConfig.Comment", "",
            "Route 53 API, HostedZoneConfig: a zone without a comment has an empty one"),
)  # fmt: skip

#: Type -> attribute -> the attribute by which the same value is called here (section "Return values" of each type).
SAME: dict[str, dict[str, str]] = {
    "AWS::ApiGateway::ApiKey": {"APIKeyId": "Ref"},
    "AWS::ApiGateway::Deployment": {"DeploymentId": "Ref"},
    "AWS::ApiGateway::RestApi": {"RestApiId": "Ref"},
    "AWS::ApiGateway::UsagePlan": {"Id": "Ref"},
    "AWS::CloudFront::Distribution": {"Id": "Ref"},
    "AWS::CloudFront::OriginAccessControl": {"Id": "Ref"},
    "AWS::EC2::Instance": {"InstanceId": "Ref"},
    "AWS::EC2::InternetGateway": {"InternetGatewayId": "Ref"},
    "AWS::EC2::LaunchTemplate": {"LaunchTemplateId": "Ref"},
    "AWS::EC2::RouteTable": {"RouteTableId": "Ref"},
    "AWS::EC2::SecurityGroup": {"GroupId": "Ref", "Id": "Ref"},
    "AWS::EC2::Subnet": {"SubnetId": "Ref"},
    "AWS::EC2::VPC": {"VpcId": "Ref"},
    "AWS::EC2::VPCEndpoint": {"Id": "Ref"},
    "AWS::EC2::NatGateway": {"NatGatewayId": "Ref"},
    "AWS::IAM::ManagedPolicy": {"PolicyArn": "Ref"},
    "AWS::KMS::Key": {"KeyId": "Ref"},
    "AWS::Lambda::LayerVersion": {"LayerVersionArn": "Ref"},
    "AWS::Organizations::Policy": {"Id": "Ref"},
    "AWS::Route53::HostedZone": {"Id": "Ref"},
    "AWS::SNS::Topic": {"TopicArn": "Ref"},
    "AWS::SQS::Queue": {"QueueUrl": "Ref"},
    "AWS::SecretsManager::Secret": {"Id": "Ref"},
    "AWS::StepFunctions::StateMachine": {"Arn": "Ref"},
}

#: What happens to a resource without a DeletionPolicy, where that is not Delete.
#: Source: CloudFormation User Guide, DeletionPolicy attribute.
DELETION: dict[str, str] = {"AWS::RDS::DBCluster": "Snapshot", "AWS::RDS::DBInstance": "Snapshot"}


@cache
def forms(type_name: str) -> dict[str, Form]:
    """Return path -> form for a type."""
    return {rule.path: rule.form for rule in RULES if rule.type in ("*", type_name)}


@cache
def defaults(type_name: str) -> dict[str, Any]:
    """Return path -> what AWS takes for an absent property of a type."""
    return {rule.path: rule.value for rule in DEFAULTS if rule.type == type_name}
