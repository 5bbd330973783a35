"""Buckets, tables, queues, databases, secrets. Source: documentation of each resource of the AWS provider 6.x."""

from __future__ import annotations

from lenie.compiler.verify.terraform.row import Inner, Only, Part, Row, Target, To, listed, many, number, one, parsed

_INDEX: dict[str, Target] = {
    "name": "IndexName",
    "range_key": "(range key)",
    "projection_type": "Projection.ProjectionType",
    "non_key_attributes": "Projection.NonKeyAttributes",
}

ROWS: dict[str, Row | Part] = {
    "aws_s3_bucket": Row(
        "AWS::S3::Bucket",
        {"bucket": "BucketName", "object_lock_enabled": "ObjectLockEnabled"},
        {
            "id": "Ref",
            "bucket": "Ref",
            "arn": "Arn",
            "bucket_domain_name": "DomainName",
            "bucket_regional_domain_name": "RegionalDomainName",
        },
        "Tags",
    ),
    "aws_s3_bucket_versioning": Part(
        "bucket", "aws_s3_bucket", {"versioning_configuration": one("VersioningConfiguration", status="Status")}
    ),
    "aws_s3_bucket_public_access_block": Part(
        "bucket",
        "aws_s3_bucket",
        {
            "block_public_acls": "PublicAccessBlockConfiguration.BlockPublicAcls",
            "block_public_policy": "PublicAccessBlockConfiguration.BlockPublicPolicy",
            "ignore_public_acls": "PublicAccessBlockConfiguration.IgnorePublicAcls",
            "restrict_public_buckets": "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        },
    ),
    "aws_s3_bucket_ownership_controls": Part(
        "bucket", "aws_s3_bucket", {"rule": many("OwnershipControls.Rules", object_ownership="ObjectOwnership")}
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Part(
        "bucket",
        "aws_s3_bucket",
        {
            "rule": many(
                "BucketEncryption.ServerSideEncryptionConfiguration",
                apply_server_side_encryption_by_default=one(
                    "ServerSideEncryptionByDefault", sse_algorithm="SSEAlgorithm", kms_master_key_id="KMSMasterKeyID"
                ),
                bucket_key_enabled="BucketKeyEnabled",
            )
        },
    ),
    "aws_s3_bucket_lifecycle_configuration": Part(
        "bucket",
        "aws_s3_bucket",
        {
            "rule": many(
                "LifecycleConfiguration.Rules",
                id="Id",
                status="Status",
                filter=one("", prefix="Prefix"),
                expiration=one("", days="ExpirationInDays"),
                noncurrent_version_expiration=one("NoncurrentVersionExpiration", noncurrent_days="NoncurrentDays"),
                abort_incomplete_multipart_upload=one(
                    "AbortIncompleteMultipartUpload", days_after_initiation="DaysAfterInitiation"
                ),
            )
        },
    ),
    "aws_s3_bucket_policy": Row("AWS::S3::BucketPolicy", {"bucket": "Bucket", "policy": "PolicyDocument"}),
    "aws_dynamodb_table": Row(
        "AWS::DynamoDB::Table",
        {
            "name": "TableName",
            "billing_mode": "BillingMode",
            "hash_key": "(hash key)",
            "range_key": "(range key)",
            "attribute": many("AttributeDefinitions", name="AttributeName", type="AttributeType"),
            "global_secondary_index": Inner("GlobalSecondaryIndexes", {**_INDEX, "hash_key": "(hash key)"}, many=True),
            "local_secondary_index": Inner("LocalSecondaryIndexes", _INDEX, many=True),
            "point_in_time_recovery": one("PointInTimeRecoverySpecification", enabled="PointInTimeRecoveryEnabled"),
            "server_side_encryption": one("SSESpecification", enabled="SSEEnabled", kms_key_arn="KMSMasterKeyId"),
            "ttl": one("TimeToLiveSpecification", attribute_name="AttributeName", enabled="Enabled"),
            "stream_view_type": "StreamSpecification.StreamViewType",
            "deletion_protection_enabled": "DeletionProtectionEnabled",
        },
        {"id": "Ref", "name": "Ref", "arn": "Arn", "stream_arn": "StreamArn"},
        "Tags",
    ),
    "aws_sqs_queue": Row(
        "AWS::SQS::Queue",
        {
            "name": "QueueName",
            "message_retention_seconds": "MessageRetentionPeriod",
            "visibility_timeout_seconds": "VisibilityTimeout",
            "max_message_size": "MaximumMessageSize",
            "delay_seconds": "DelaySeconds",
            "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
            "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
            "kms_master_key_id": "KmsMasterKeyId",
            "fifo_queue": "FifoQueue",
            "content_based_deduplication": "ContentBasedDeduplication",
            "redrive_policy": To("RedrivePolicy", parsed),
            "redrive_allow_policy": To("RedriveAllowPolicy", parsed),
        },
        {"id": "Ref", "url": "Ref", "arn": "Arn", "name": "QueueName"},
        "Tags",
        # The largest message that SQS took when the provider was written; the service's own default has grown since.
        {"max_message_size": 262144},
    ),
    "aws_sqs_queue_policy": Row(
        "AWS::SQS::QueuePolicy", {"queue_url": To("Queues", listed), "policy": "PolicyDocument"}
    ),
    "aws_sns_topic": Row(
        "AWS::SNS::Topic",
        {
            "name": "TopicName",
            "display_name": "DisplayName",
            "kms_master_key_id": "KmsMasterKeyId",
            "fifo_topic": "FifoTopic",
        },
        {"id": "Ref", "arn": "Ref", "name": "TopicName"},
        "Tags",
    ),
    "aws_sns_topic_policy": Row("AWS::SNS::TopicPolicy", {"arn": To("Topics", listed), "policy": "PolicyDocument"}),
    "aws_sns_topic_subscription": Row(
        "AWS::SNS::Subscription",
        {
            "topic_arn": "TopicArn",
            "protocol": "Protocol",
            "endpoint": "Endpoint",
            "raw_message_delivery": "RawMessageDelivery",
            "filter_policy": To("FilterPolicy", parsed),
        },
    ),
    "aws_db_subnet_group": Row(
        "AWS::RDS::DBSubnetGroup",
        {"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription", "subnet_ids": "SubnetIds"},
        {"name": "Ref", "id": "Ref"},
        "Tags",
        {"description": "Managed by Terraform"},
    ),
    "aws_db_parameter_group": Row(
        "AWS::RDS::DBParameterGroup",
        {
            "name": "DBParameterGroupName",
            "family": "Family",
            "description": "Description",
            "parameter": many("(parameters)", name="Name", value="Value"),
        },
        {"name": "Ref", "id": "Ref"},
        "Tags",
        {"description": "Managed by Terraform"},
    ),
    "aws_db_instance": Row(
        "AWS::RDS::DBInstance",
        {
            "identifier": "DBInstanceIdentifier",
            "engine": "Engine",
            "engine_version": "EngineVersion",
            "engine_lifecycle_support": "EngineLifecycleSupport",
            "instance_class": "DBInstanceClass",
            "allocated_storage": To("AllocatedStorage", number),
            "max_allocated_storage": To("MaxAllocatedStorage", number),
            "storage_type": "StorageType",
            "storage_encrypted": "StorageEncrypted",
            "kms_key_id": "KmsKeyId",
            "db_name": "DBName",
            "username": "MasterUsername",
            "password": "MasterUserPassword",
            "password_wo": "MasterUserPassword",
            "password_wo_version": Only("the provider compares this number to know when to send the password"),
            "snapshot_identifier": "DBSnapshotIdentifier",
            "db_subnet_group_name": "DBSubnetGroupName",
            "parameter_group_name": "DBParameterGroupName",
            "vpc_security_group_ids": "VPCSecurityGroups",
            "port": To("Port", number),
            "multi_az": "MultiAZ",
            "publicly_accessible": "PubliclyAccessible",
            "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
            "ca_cert_identifier": "CACertificateIdentifier",
            "backup_retention_period": "BackupRetentionPeriod",
            "copy_tags_to_snapshot": "CopyTagsToSnapshot",
            "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
            "deletion_protection": "DeletionProtection",
            "enabled_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
            "apply_immediately": Only("CloudFormation applies every change at once", (True,)),
        },
        {
            "identifier": "Ref",
            "arn": "DBInstanceArn",
            "address": "Endpoint.Address",
            "port": "Endpoint.Port",
            "resource_id": "DbiResourceId",
        },
        "Tags",
        {"apply_immediately": False},
    ),
    "aws_secretsmanager_secret": Row(
        "AWS::SecretsManager::Secret",
        {
            "name": "Name",
            "description": "Description",
            "kms_key_id": "KmsKeyId",
            "recovery_window_in_days": Only("CloudFormation deletes a secret at once", (0,)),
        },
        {"id": "Ref", "arn": "Ref", "name": "Name"},
        "Tags",
        {"recovery_window_in_days": 30},
    ),
    "aws_secretsmanager_secret_version": Part(
        "secret_id",
        "aws_secretsmanager_secret",
        {
            "secret_string_wo": "(secret text)",
            "secret_string": "SecretString",
            "secret_string_wo_version": Only("the provider compares this number to know when to send the text"),
        },
    ),
    "aws_kms_key": Row(
        "AWS::KMS::Key",
        {
            "description": "Description",
            "policy": "KeyPolicy",
            "enable_key_rotation": "EnableKeyRotation",
            "rotation_period_in_days": "RotationPeriodInDays",
            "deletion_window_in_days": "PendingWindowInDays",
            "key_usage": "KeyUsage",
            "customer_master_key_spec": "KeySpec",
            "is_enabled": "Enabled",
            "multi_region": "MultiRegion",
        },
        {"key_id": "Ref", "id": "Ref", "arn": "Arn"},
        "Tags",
    ),
    "aws_kms_alias": Row("AWS::KMS::Alias", {"name": "AliasName", "target_key_id": "TargetKeyId"}, {"name": "Ref"}),
    "aws_ssm_parameter": Row(
        "AWS::SSM::Parameter",
        {
            "name": "Name",
            "type": "Type",
            "value": "Value",
            "insecure_value": "Value",
            "description": "Description",
            "tier": "Tier",
            "allowed_pattern": "AllowedPattern",
        },
        {"name": "Ref", "id": "Ref", "value": "Value", "insecure_value": "Value", "type": "Type"},
        "Tags",
    ),
}
