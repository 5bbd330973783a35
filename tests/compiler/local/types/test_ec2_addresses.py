"""Elastic IP addresses and NAT gateways: what is refused, and that an address is free again after its gateway."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from support_local import Cloud, Json, resources

NETWORK: Json = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}},
    "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
}
ALLOCATION = {"Fn::GetAtt": ["Address", "AllocationId"]}


def gateway(**properties: Any) -> Json:
    return {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": {"Ref": "Subnet"}, **properties}}


def test_an_address_is_free_again_after_its_gateway(cloud: Cloud) -> None:
    one = resources(**NETWORK, Nat=gateway(AllocationId=ALLOCATION))
    assert cloud.create("s", one)["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    address, first = (cloud.physical("s")[name] for name in ("Address", "Nat"))
    assert cloud.update("s", resources(**NETWORK))["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("s")
    (told,) = cloud.client("ec2").describe_addresses(PublicIps=[address])["Addresses"]
    assert "AssociationId" not in told
    assert cloud.update("s", one)["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("s")
    assert cloud.physical("s")["Address"] == address
    assert cloud.physical("s")["Nat"] != first


def test_an_address_serves_one_gateway(cloud: Cloud) -> None:
    both = resources(
        **NETWORK, A=gateway(AllocationId=ALLOCATION), B={**gateway(AllocationId=ALLOCATION), "DependsOn": "A"}
    )
    assert cloud.create("s", both)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "already associated" in cloud.reasons("s")[0]
    assert cloud.client("ec2").describe_addresses()["Addresses"] == []


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (gateway(), "whose ConnectivityType is public needs an AllocationId"),
        (
            gateway(ConnectivityType="private", AllocationId=ALLOCATION),
            "whose ConnectivityType is private takes no AllocationId",
        ),
        ({"Type": "AWS::EC2::EIP", "Properties": {"Domain": "standard"}}, "is vpc, and not standard"),
        ({"Type": "AWS::EC2::EIP", "Properties": {"InstanceId": "i-00000000000000000"}}, "i-00000000000000000"),
    ],
)
def test_what_ec2_would_refuse(cloud: Cloud, declared: Json, words: str) -> None:
    assert cloud.create("s", resources(**NETWORK, X=declared))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert words in cloud.reasons("s")[0]
    assert cloud.client("ec2").describe_addresses()["Addresses"] == []
    assert cloud.client("ec2").describe_nat_gateways()["NatGateways"] == []


def test_a_gateway_that_does_not_exist(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="NatGatewayNotFound"):
        cloud.client("ec2").delete_nat_gateway(NatGatewayId="nat-00000000000000000")
