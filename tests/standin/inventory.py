"""What an account of the emulated AWS holds, as far as the stand-in can make it."""

from __future__ import annotations

from standin.aws import Aws


def inventory(aws: Aws) -> set[str]:
    """Return the ids of everything that is there; what AWS itself brings and what is gone already do not count."""
    ec2, iam = aws.client("ec2"), aws.client("iam")
    found: set[str] = set()
    for operation, key, identifier in (
        (ec2.describe_vpcs, "Vpcs", "VpcId"),
        (ec2.describe_subnets, "Subnets", "SubnetId"),
        (ec2.describe_internet_gateways, "InternetGateways", "InternetGatewayId"),
        (ec2.describe_route_tables, "RouteTables", "RouteTableId"),
        (ec2.describe_network_interfaces, "NetworkInterfaces", "NetworkInterfaceId"),
        (ec2.describe_security_groups, "SecurityGroups", "GroupId"),
        (ec2.describe_security_group_rules, "SecurityGroupRules", "SecurityGroupRuleId"),
        (ec2.describe_key_pairs, "KeyPairs", "KeyPairId"),
        (ec2.describe_volumes, "Volumes", "VolumeId"),
        (ec2.describe_launch_templates, "LaunchTemplates", "LaunchTemplateId"),
        (iam.list_roles, "Roles", "RoleName"),
        (iam.list_instance_profiles, "InstanceProfiles", "InstanceProfileName"),
        (aws.client("ssm").describe_parameters, "Parameters", "Name"),
        (aws.client("secretsmanager").list_secrets, "SecretList", "ARN"),
        (aws.client("s3").list_buckets, "Buckets", "Name"),
    ):
        found |= {str(item[identifier]) for item in operation()[key] if not str(item[identifier]).startswith("/aws/")}
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    found |= {str(endpoint["VpcEndpointId"]) for endpoint in endpoints if endpoint["State"] != "deleted"}
    for reservation in ec2.describe_instances()["Reservations"]:
        found |= {
            str(instance["InstanceId"])
            for instance in reservation["Instances"]
            if instance["State"]["Name"] != "terminated"
        }
    return found
