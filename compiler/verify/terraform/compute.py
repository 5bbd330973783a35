"""EC2, Lambda and logs. Source: documentation of each resource of the AWS provider 6.x."""

from __future__ import annotations

from lenie.compiler.verify.normal import BARE_ARN
from lenie.compiler.verify.terraform.row import Inner, Only, Part, Row, Target, To, encoded, listed, many, number, one

_EBS: dict[str, Target] = {
    "volume_type": "Ebs.VolumeType",
    "volume_size": "Ebs.VolumeSize",
    "encrypted": "Ebs.Encrypted",
    "delete_on_termination": "Ebs.DeleteOnTermination",
    "iops": "Ebs.Iops",
    "throughput": "Ebs.Throughput",
    "kms_key_id": "Ebs.KmsKeyId",
}
_METADATA = one(
    "MetadataOptions",
    http_endpoint="HttpEndpoint",
    http_tokens="HttpTokens",
    http_put_response_hop_limit="HttpPutResponseHopLimit",
    http_protocol_ipv6="HttpProtocolIpv6",
    instance_metadata_tags="InstanceMetadataTags",
)
_RULE: dict[str, Target] = {
    "ip_protocol": "IpProtocol",
    "from_port": "FromPort",
    "to_port": "ToPort",
    "cidr_ipv4": "CidrIp",
    "cidr_ipv6": "CidrIpv6",
    "description": "Description",
}

ROWS: dict[str, Row | Part] = {
    "aws_vpc": Row(
        "AWS::EC2::VPC",
        {
            "cidr_block": "CidrBlock",
            "enable_dns_support": "EnableDnsSupport",
            "enable_dns_hostnames": "EnableDnsHostnames",
            "instance_tenancy": "InstanceTenancy",
        },
        {"id": "Ref", "cidr_block": "CidrBlock", "default_security_group_id": "DefaultSecurityGroup"},
        "Tags",
    ),
    "aws_subnet": Row(
        "AWS::EC2::Subnet",
        {
            "vpc_id": "VpcId",
            "cidr_block": "CidrBlock",
            "availability_zone": "AvailabilityZone",
            "map_public_ip_on_launch": "MapPublicIpOnLaunch",
        },
        {"id": "Ref", "availability_zone": "AvailabilityZone"},
        "Tags",
    ),
    # Given with its VPC, the gateway would be an attachment, too: only the separate resource is read.
    "aws_internet_gateway": Row("AWS::EC2::InternetGateway", {}, {"id": "Ref"}, "Tags"),
    "aws_internet_gateway_attachment": Row(
        "AWS::EC2::VPCGatewayAttachment", {"vpc_id": "VpcId", "internet_gateway_id": "InternetGatewayId"}
    ),
    "aws_route_table": Row("AWS::EC2::RouteTable", {"vpc_id": "VpcId"}, {"id": "Ref"}, "Tags"),
    "aws_route": Row(
        "AWS::EC2::Route",
        {
            "route_table_id": "RouteTableId",
            "destination_cidr_block": "DestinationCidrBlock",
            "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
            "gateway_id": "GatewayId",
            "nat_gateway_id": "NatGatewayId",
        },
    ),
    "aws_route_table_association": Row(
        "AWS::EC2::SubnetRouteTableAssociation", {"subnet_id": "SubnetId", "route_table_id": "RouteTableId"}
    ),
    "aws_vpc_endpoint": Row(
        "AWS::EC2::VPCEndpoint",
        {
            "vpc_id": "VpcId",
            "vpc_endpoint_type": "VpcEndpointType",
            "service_name": "ServiceName",
            "route_table_ids": "RouteTableIds",
            "subnet_ids": "SubnetIds",
            "security_group_ids": "SecurityGroupIds",
            "private_dns_enabled": "PrivateDnsEnabled",
            "policy": "PolicyDocument",
        },
        {"id": "Ref"},
        "Tags",
    ),
    # The provider removes the rule to anywhere that EC2 gives a new group: without a rule, nothing may leave.
    "aws_security_group": Row(
        "AWS::EC2::SecurityGroup",
        {"name": "GroupName", "description": "GroupDescription", "vpc_id": "VpcId"},
        {"id": "Ref"},
        "Tags",
        {"description": "Managed by Terraform"},
    ),
    "aws_vpc_security_group_ingress_rule": Part(
        "security_group_id",
        "aws_security_group",
        {
            **_RULE,
            "referenced_security_group_id": "SourceSecurityGroupId",
            "prefix_list_id": "SourcePrefixListId",
            "tags": Only("CloudFormation does not tag rules"),
        },
        "SecurityGroupIngress",
    ),
    "aws_vpc_security_group_egress_rule": Part(
        "security_group_id",
        "aws_security_group",
        {
            **_RULE,
            "referenced_security_group_id": "DestinationSecurityGroupId",
            "prefix_list_id": "DestinationPrefixListId",
            "tags": Only("CloudFormation does not tag rules"),
        },
        "SecurityGroupEgress",
    ),
    "aws_key_pair": Row(
        "AWS::EC2::KeyPair",
        {"key_name": "KeyName", "public_key": "PublicKeyMaterial"},
        {"key_name": "Ref", "id": "Ref", "key_pair_id": "KeyPairId"},
        "Tags",
    ),
    "aws_instance": Row(
        "AWS::EC2::Instance",
        {
            "ami": "ImageId",
            "instance_type": "InstanceType",
            "subnet_id": "SubnetId",
            "vpc_security_group_ids": "SecurityGroupIds",
            "key_name": "KeyName",
            "iam_instance_profile": "IamInstanceProfile",
            "monitoring": "Monitoring",
            "ebs_optimized": "EbsOptimized",
            "source_dest_check": "SourceDestCheck",
            "user_data": To("UserData", encoded),
            "user_data_base64": "UserData",
            # The device of the root volume is the image's: Amazon Linux, and what is built on it, uses /dev/xvda.
            # Source: EC2 User Guide, Device names for volumes.
            "root_block_device": Inner("BlockDeviceMappings", _EBS, many=True),
            "ebs_block_device": Inner(
                "BlockDeviceMappings",
                {**_EBS, "device_name": "DeviceName", "snapshot_id": "Ebs.SnapshotId"},
                many=True,
            ),
            "metadata_options": _METADATA,
            "credit_specification": one("CreditSpecification", cpu_credits="CPUCredits"),
            "volume_tags": "(volume tags)",
        },
        {"id": "Ref", "private_ip": "PrivateIp", "public_ip": "PublicIp", "public_dns": "PublicDnsName"},
        "Tags",
    ),
    "aws_launch_template": Row(
        "AWS::EC2::LaunchTemplate",
        {
            "name": "LaunchTemplateName",
            "image_id": "LaunchTemplateData.ImageId",
            "instance_type": "LaunchTemplateData.InstanceType",
            "key_name": "LaunchTemplateData.KeyName",
            "vpc_security_group_ids": "LaunchTemplateData.SecurityGroupIds",
            # Base64 is the caller's work here, unlike for an instance.
            "user_data": "LaunchTemplateData.UserData",
            "ebs_optimized": "LaunchTemplateData.EbsOptimized",
            "iam_instance_profile": one("LaunchTemplateData.IamInstanceProfile", arn="Arn", name="Name"),
            "block_device_mappings": many(
                "LaunchTemplateData.BlockDeviceMappings",
                device_name="DeviceName",
                ebs=Inner(
                    "Ebs",
                    {
                        **{key: str(path).removeprefix("Ebs.") for key, path in _EBS.items()},
                        "snapshot_id": "SnapshotId",
                    },
                ),
            ),
            "metadata_options": Inner("LaunchTemplateData.MetadataOptions", _METADATA.members),
            "monitoring": one("LaunchTemplateData.Monitoring", enabled="Enabled"),
            "credit_specification": one("LaunchTemplateData.CreditSpecification", cpu_credits="CpuCredits"),
            "tag_specifications": many(
                "LaunchTemplateData.TagSpecifications", resource_type="ResourceType", tags="Tags"
            ),
        },
        {
            "id": "Ref",
            "latest_version": "LatestVersionNumber",
            "default_version": "DefaultVersionNumber",
        },
        "(template tags)",
    ),
    "aws_eip": Row(
        "AWS::EC2::EIP",
        {
            "domain": "Domain",
            "instance": "InstanceId",
            "public_ipv4_pool": "PublicIpv4Pool",
            "network_border_group": "NetworkBorderGroup",
        },
        {"public_ip": "Ref", "allocation_id": "AllocationId", "id": "AllocationId"},
        "Tags",
    ),
    "aws_nat_gateway": Row(
        "AWS::EC2::NatGateway",
        {
            "allocation_id": "AllocationId",
            "subnet_id": "SubnetId",
            "connectivity_type": "ConnectivityType",
            "private_ip": "PrivateIpAddress",
        },
        {"id": "Ref"},
        "Tags",
    ),
    "aws_cloudwatch_log_group": Row(
        "AWS::Logs::LogGroup",
        {"name": "LogGroupName", "retention_in_days": "RetentionInDays", "kms_key_id": "KmsKeyId"},
        {"name": "Ref", "id": "Ref", "arn": BARE_ARN},
        "Tags",
    ),
    "aws_lambda_function": Row(
        "AWS::Lambda::Function",
        {
            "function_name": "FunctionName",
            "description": "Description",
            "runtime": "Runtime",
            "architectures": "Architectures",
            "handler": "Handler",
            "s3_bucket": "Code.S3Bucket",
            "s3_key": "Code.S3Key",
            "layers": "Layers",
            "role": "Role",
            "timeout": "Timeout",
            "memory_size": "MemorySize",
            "reserved_concurrent_executions": "ReservedConcurrentExecutions",
            "environment": one("Environment", variables="Variables"),
            "vpc_config": one("VpcConfig", subnet_ids="SubnetIds", security_group_ids="SecurityGroupIds"),
            "logging_config": one(
                "LoggingConfig",
                log_group="LogGroup",
                log_format="LogFormat",
                application_log_level="ApplicationLogLevel",
                system_log_level="SystemLogLevel",
            ),
            "tracing_config": one("TracingConfig", mode="Mode"),
            "dead_letter_config": one("DeadLetterConfig", target_arn="TargetArn"),
            "ephemeral_storage": one("EphemeralStorage", size="Size"),
        },
        {"arn": "Arn", "function_name": "Ref", "id": "Ref"},
        "Tags",
    ),
    "aws_lambda_layer_version": Row(
        "AWS::Lambda::LayerVersion",
        {
            "layer_name": "LayerName",
            "description": "Description",
            "compatible_runtimes": "CompatibleRuntimes",
            "compatible_architectures": "CompatibleArchitectures",
            "s3_bucket": "Content.S3Bucket",
            "s3_key": "Content.S3Key",
            "license_info": "LicenseInfo",
        },
        {"arn": "Ref", "id": "Ref"},
    ),
    "aws_lambda_permission": Row(
        "AWS::Lambda::Permission",
        {
            "function_name": "FunctionName",
            "action": "Action",
            "principal": "Principal",
            "source_arn": "SourceArn",
            "source_account": "SourceAccount",
        },
    ),
    "aws_iam_instance_profile": Row(
        "AWS::IAM::InstanceProfile",
        {"name": "InstanceProfileName", "role": To("Roles", listed), "path": "Path"},
        {"name": "Ref", "id": "Ref", "arn": "Arn"},
    ),
    "aws_iam_role": Row(
        "AWS::IAM::Role",
        {
            "name": "RoleName",
            "path": "Path",
            "description": "Description",
            "assume_role_policy": "AssumeRolePolicyDocument",
            "max_session_duration": To("MaxSessionDuration", number),
            "permissions_boundary": "PermissionsBoundary",
        },
        {"name": "Ref", "id": "Ref", "arn": "Arn", "unique_id": "RoleId"},
        "Tags",
    ),
    "aws_iam_policy": Row(
        "AWS::IAM::ManagedPolicy",
        {"name": "ManagedPolicyName", "path": "Path", "description": "Description", "policy": "PolicyDocument"},
        {"arn": "Ref", "id": "Ref", "policy_id": "PolicyId"},
    ),
    "aws_iam_role_policy": Part("role", "aws_iam_role", {"name": "PolicyName", "policy": "PolicyDocument"}, "Policies"),
    "aws_iam_role_policy_attachment": Part(
        "role", "aws_iam_role", {"policy_arn": "PolicyArn"}, "ManagedPolicyArns", bare=True
    ),
}
