"""What the schema does not tell about the types that can be applied: defaults, what replaces a resource, combinations.

Source: the documentation of each resource in the provider's repository, as of 6.x
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
"""

from __future__ import annotations

from typing import Any, Final

_MANAGED: Final = "Managed by Terraform"

#: Type -> attribute that is not computed, also one of a block -> its value if it is left out.
DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "aws_vpc": {"instance_tenancy": "default", "enable_dns_support": True},
    "aws_subnet": {
        "assign_ipv6_address_on_creation": False,
        "enable_dns64": False,
        "enable_resource_name_dns_a_record_on_launch": False,
        "enable_resource_name_dns_aaaa_record_on_launch": False,
        "ipv6_native": False,
        "map_public_ip_on_launch": False,
    },
    "aws_security_group": {"description": _MANAGED, "revoke_rules_on_delete": False},
    "aws_vpc_endpoint": {"vpc_endpoint_type": "Gateway"},
    "aws_instance": {
        "ebs_block_device.delete_on_termination": True,
        "force_destroy": False,
        "get_password_data": False,
        "metadata_options.http_endpoint": "enabled",
        "metadata_options.http_protocol_ipv6": "disabled",
        "root_block_device.delete_on_termination": True,
        "source_dest_check": True,
        "user_data_replace_on_change": False,
    },
    "aws_iam_policy": {"path": "/"},
    "aws_iam_role": {"force_detach_policies": False, "max_session_duration": 3600, "path": "/"},
    "aws_iam_instance_profile": {"path": "/"},
    "aws_secretsmanager_secret": {"force_overwrite_replica_secret": False, "recovery_window_in_days": 30},
    "aws_s3_bucket": {"force_destroy": False},
    "aws_s3_bucket_public_access_block": {
        "block_public_acls": False,
        "block_public_policy": False,
        "ignore_public_acls": False,
        "restrict_public_buckets": False,
    },
    # Of the types that are only planned: texts that would appear in AWS.
    "aws_api_gateway_api_key": {"description": _MANAGED},
    "aws_cloudfront_origin_access_control": {"description": _MANAGED},
    "aws_db_parameter_group": {"description": _MANAGED},
    "aws_db_subnet_group": {"description": _MANAGED},
    "aws_route53_zone": {"comment": _MANAGED},
}

#: Type -> attributes and blocks of which a change replaces the resource.
REPLACED_BY: Final[dict[str, frozenset[str]]] = {
    "aws_vpc": frozenset({"cidr_block", "ipv4_ipam_pool_id", "ipv4_netmask_length"}),
    "aws_subnet": frozenset({"availability_zone", "availability_zone_id", "cidr_block", "ipv6_native", "vpc_id"}),
    "aws_internet_gateway_attachment": frozenset({"internet_gateway_id", "vpc_id"}),
    "aws_route_table": frozenset({"vpc_id"}),
    "aws_route": frozenset(
        {"destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id", "route_table_id"}
    ),
    "aws_route_table_association": frozenset({"gateway_id", "subnet_id"}),
    "aws_vpc_endpoint": frozenset({"service_name", "vpc_endpoint_type", "vpc_id"}),
    "aws_security_group": frozenset({"description", "name", "name_prefix", "vpc_id"}),
    "aws_vpc_security_group_ingress_rule": frozenset({"security_group_id"}),
    "aws_vpc_security_group_egress_rule": frozenset({"security_group_id"}),
    "aws_key_pair": frozenset({"key_name", "key_name_prefix", "public_key"}),
    "aws_instance": frozenset(
        {"ami", "associate_public_ip_address", "availability_zone", "key_name", "private_ip", "subnet_id", "tenancy"}
    ),
    "aws_launch_template": frozenset({"name", "name_prefix"}),
    "aws_ssm_parameter": frozenset({"name"}),
    "aws_iam_policy": frozenset({"description", "name", "name_prefix", "path"}),
    "aws_iam_role": frozenset({"name", "name_prefix", "path"}),
    "aws_iam_role_policy_attachment": frozenset({"policy_arn", "role"}),
    "aws_iam_role_policy": frozenset({"name", "name_prefix", "role"}),
    "aws_iam_instance_profile": frozenset({"name", "name_prefix", "path"}),
    "aws_secretsmanager_secret": frozenset({"name", "name_prefix"}),
    "aws_secretsmanager_secret_version": frozenset(
        {"secret_binary", "secret_id", "secret_string", "secret_string_wo_version"}
    ),
    "aws_s3_bucket": frozenset({"bucket", "bucket_prefix", "object_lock_enabled"}),
    "aws_lambda_layer_version": frozenset(
        {
            "compatible_architectures",
            "compatible_runtimes",
            "description",
            "filename",
            "layer_name",
            "license_info",
            "s3_bucket",
            "s3_key",
            "s3_object_version",
            "source_code_hash",
        }
    ),
    **{
        f"aws_s3_bucket_{setting}": frozenset({"bucket"})
        for setting in (
            "ownership_controls",
            "policy",
            "public_access_block",
            "server_side_encryption_configuration",
            "versioning",
        )
    },
}

#: Type -> attribute -> what replaces the resource too, if that attribute is true.
REPLACED_IF: Final[dict[str, dict[str, frozenset[str]]]] = {
    "aws_instance": {"user_data_replace_on_change": frozenset({"user_data", "user_data_base64"})},
}

#: Type -> attribute that changes ("" for any) -> computed attributes that get another value by that.
CHANGED_BY: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "aws_instance": {
        "instance_type": ("public_dns", "public_ip"),
        "user_data": ("public_dns", "public_ip"),
        "user_data_base64": ("public_dns", "public_ip"),
    },
    "aws_launch_template": {"": ("latest_version",)},
    "aws_route_table_association": {"route_table_id": ("id",)},
    "aws_ssm_parameter": {"": ("version",)},
}

#: Type -> (bound, attributes): of these attributes exactly one ("one") or at most one ("most") may be set.
COMBINATIONS: Final[dict[str, list[tuple[str, tuple[str, ...]]]]] = {
    "aws_route": [
        ("one", ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")),
        (
            "one",
            (
                "carrier_gateway_id",
                "core_network_arn",
                "egress_only_gateway_id",
                "gateway_id",
                "local_gateway_id",
                "nat_gateway_id",
                "network_interface_id",
                "odb_network_arn",
                "transit_gateway_id",
                "vpc_endpoint_id",
                "vpc_peering_connection_id",
            ),
        ),
    ],
    "aws_route_table_association": [("one", ("gateway_id", "subnet_id"))],
    "aws_vpc": [("most", ("cidr_block", "ipv4_netmask_length"))],
    "aws_subnet": [("most", ("availability_zone", "availability_zone_id"))],
    "aws_security_group": [("most", ("name", "name_prefix"))],
    "aws_vpc_security_group_ingress_rule": [
        ("one", ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"))
    ],
    "aws_vpc_security_group_egress_rule": [
        ("one", ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"))
    ],
    "aws_key_pair": [("most", ("key_name", "key_name_prefix"))],
    "aws_instance": [
        ("most", ("user_data", "user_data_base64")),
        ("most", ("security_groups", "vpc_security_group_ids")),
    ],
    "aws_launch_template": [("most", ("name", "name_prefix"))],
    "aws_ssm_parameter": [("one", ("insecure_value", "value", "value_wo"))],
    "aws_iam_policy": [("most", ("name", "name_prefix"))],
    "aws_iam_role": [("most", ("name", "name_prefix"))],
    "aws_iam_role_policy": [("most", ("name", "name_prefix"))],
    "aws_iam_instance_profile": [("most", ("name", "name_prefix"))],
    "aws_secretsmanager_secret": [("most", ("name", "name_prefix"))],
    "aws_secretsmanager_secret_version": [("most", ("secret_binary", "secret_string", "secret_string_wo"))],
    "aws_db_instance": [("most", ("manage_master_user_password", "password", "password_wo"))],
    "aws_s3_bucket": [("most", ("bucket", "bucket_prefix"))],
    "aws_sns_topic": [("most", ("name", "name_prefix"))],
    "aws_sqs_queue": [("most", ("name", "name_prefix"))],
    "aws_lambda_function": [("one", ("filename", "image_uri", "s3_bucket"))],
    "aws_lambda_layer_version": [("one", ("filename", "s3_bucket"))],
}

#: Attributes that must be set together with another: type -> {attribute: the others}.
REQUIRES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "aws_ssm_parameter": {"value_wo": ("value_wo_version",), "value_wo_version": ("value_wo",)},
    "aws_secretsmanager_secret_version": {
        "secret_string_wo": ("secret_string_wo_version",),
        "secret_string_wo_version": ("secret_string_wo",),
    },
    "aws_db_instance": {"password_wo": ("password_wo_version",), "password_wo_version": ("password_wo",)},
    "aws_lambda_function": {"s3_bucket": ("s3_key",), "s3_key": ("s3_bucket",)},
}

#: What is read back, but not in the schema of provider 5.x.
NOT_IN_5: Final[dict[str, frozenset[str]]] = {
    "aws_ssm_parameter": frozenset({"has_value_wo"}),
    "aws_secretsmanager_secret_version": frozenset({"has_secret_string_wo", "secret_arn"}),
}
