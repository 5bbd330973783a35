"""Instances: image, disk, network, keys, roles, and what others may do with them."""

from __future__ import annotations

from typing import Any

import pytest
from support import ARTIFACTS, compile_snippet, errors, of_type, one, properties, resource, schema_faults

from lenie.compiler.expressions import (
    AttributeOf,
    Base64,
    EnvironmentName,
    Interpolation,
    ParameterValue,
    Pseudo,
    PublicParameter,
)
from lenie.compiler.graph import Graph
from lenie.compiler.machines import architecture, is_ebs_optimized

VPC = """\
vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {public: {cidrs: [10.0.1.0/24], public: true}}}
ssh: {kind: security-group, network: vpc, description: SSH}
"""
PARAMETERS = {
    "image": {"type": "image", "default": "ami-0123456789abcdef0", "description": "Image"},
    "type": {"type": "instance-type", "default": "t3.micro", "description": "Type"},
    "key": {"type": "ssh-public-key", "default": "ssh-ed25519 AAAA", "description": "Key"},
}
LINUX = "type: t3.micro, hours: 10, image: amazon-linux-2023, subnet: vpc.public-a, disk: 8GB"
SPEC = ("components", "main", "resources", "host")


def built(fields: str, more: str = "") -> Graph:
    graph = compile_snippet(one(VPC + f"host: {{kind: instance, {fields}}}\n" + more), parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def host(fields: str) -> Any:
    return properties(built(fields), "HostInstance")


def test_security_defaults() -> None:
    properties = host(LINUX)
    assert properties["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
    }
    assert properties["BlockDeviceMappings"] == [
        {
            "DeviceName": "/dev/xvda",
            "Ebs": {"VolumeType": "gp3", "VolumeSize": 8, "Encrypted": True, "DeleteOnTermination": True},
        }
    ]
    assert properties["PropagateTagsToVolumeOnCreation"] is True
    assert not {"KeyName", "IamInstanceProfile", "UserData", "SourceDestCheck"} & set(properties)


def test_cost_defaults() -> None:
    properties = host(LINUX)
    assert properties["Monitoring"] is False
    assert properties["CreditSpecification"] == {"CPUCredits": "standard"}
    assert "CreditSpecification" not in host(LINUX.replace("t3.micro", "m7g.large"))


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("t3.micro", "x86_64"),
        ("t3a.small", "x86_64"),
        ("g4dn.xlarge", "x86_64"),
        ("t4g.micro", "arm64"),
        ("m7gd.large", "arm64"),
        ("c6gn.large", "arm64"),
        ("im4gn.large", "arm64"),
        ("a1.medium", "arm64"),
    ],
)
def test_newest_image_has_the_architecture_of_the_type(instance_type: str, expected: str) -> None:
    assert architecture(instance_type) == expected
    path = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{expected}"
    assert host(LINUX.replace("t3.micro", instance_type))["ImageId"] == PublicParameter(path)


def test_old_families_have_no_optimised_disks() -> None:
    assert is_ebs_optimized("t2.micro") is None
    assert is_ebs_optimized("t3.micro") is True
    assert host(LINUX)["EbsOptimized"] is True
    assert "EbsOptimized" not in host(LINUX.replace("t3.micro", "t2.micro"))


def test_pinned_image() -> None:
    graph = built('type: "${param.type}", hours: 1, image: "${param.image}", subnet: vpc.public-a, disk: 20GB')
    found = resource(graph, "HostInstance")
    assert found.properties["ImageId"] == ParameterValue("image")
    assert found.properties["InstanceType"] == ParameterValue("type")
    assert "EbsOptimized" not in found.properties
    assert found.origin(("ImageId",)) == (*SPEC, "image")
    assert found.origin(("BlockDeviceMappings", 0, "Ebs", "VolumeSize")) == (*SPEC, "disk")


def test_own_security_group_comes_first() -> None:
    graph = built(f"{LINUX}, security-groups: [ssh], ingress: {{80/tcp: anywhere}}")
    own = AttributeOf("main", "HostSecurityGroup", "GroupId")
    found = resource(graph, "HostInstance")
    assert found.properties["SecurityGroupIds"] == [own, AttributeOf("main", "SshSecurityGroup", "GroupId")]
    assert found.origin(("SecurityGroupIds", 1)) == (*SPEC, "security-groups", 0)
    group = resource(graph, "HostSecurityGroup")
    assert group.properties["VpcId"] == AttributeOf("main", "Vpc", "Ref")
    assert group.origin(("SecurityGroupIngress", 0)) == (*SPEC, "ingress", "80/tcp")


def test_instance_without_ingress_is_not_in_the_default_group() -> None:
    graph = built(LINUX)
    assert "SecurityGroupIngress" not in properties(graph, "HostSecurityGroup")
    assert len(properties(graph, "HostInstance")["SecurityGroupIds"]) == 1


def test_key_pair() -> None:
    graph = built(f'{LINUX}, key: "${{param.key}}"')
    pair = resource(graph, "HostKeyPair")
    assert pair.properties["PublicKeyMaterial"] == ParameterValue("key")
    assert pair.origin(("PublicKeyMaterial",)) == (*SPEC, "key")
    assert properties(graph, "HostInstance")["KeyName"] == AttributeOf("main", "HostKeyPair", "Ref")


def test_managed_policies_make_a_role_and_a_profile() -> None:
    graph = built(f"{LINUX}, managed-policies: [AmazonSSMManagedInstanceCore]")
    role = resource(graph, "HostRole")
    (arn,) = properties(graph, "HostRole")["ManagedPolicyArns"]
    assert arn == Interpolation(("arn:", Pseudo("partition"), ":iam::aws:policy/AmazonSSMManagedInstanceCore"))
    assert "Policies" not in role.properties
    assert properties(graph, "HostInstanceProfile")["Roles"] == [AttributeOf("main", "HostRole", "Ref")]
    profile = AttributeOf("main", "HostInstanceProfile", "Ref")
    assert properties(graph, "HostInstance")["IamInstanceProfile"] == profile


def test_no_role_without_policies() -> None:
    graph = built(LINUX)
    assert of_type(graph, "AWS::IAM::Role") == []
    assert "CKV2_AWS_41" in resource(graph, "HostInstance").accepted


def test_setup_is_user_data() -> None:
    properties = host(f'{LINUX}, setup: "#!/bin/bash\\nhostname host-${{env.name}}\\n"')
    text = Interpolation(("#!/bin/bash\nhostname host-", EnvironmentName(), "\n"))
    assert properties["UserData"] == Base64(text)


def test_forwarding_switches_the_address_check_off() -> None:
    assert host(f"{LINUX}, forwarding: true")["SourceDestCheck"] is False


def test_detailed_monitoring() -> None:
    graph = built(f"{LINUX}, monitoring: detailed")
    assert properties(graph, "HostInstance")["Monitoring"] is True
    assert "CKV_AWS_126" not in resource(graph, "HostInstance").accepted


def test_start_is_scoped_and_describe_is_not() -> None:
    graph = built(LINUX, ARTIFACTS + "control: {kind: function, access: {host: [start, stop, status]}}\n")
    statements = properties(graph, "ControlRole")["Policies"][0]["PolicyDocument"]["Statement"]
    scoped, unscoped = statements[:2]
    assert scoped["Action"] == ["ec2:StartInstances", "ec2:StopInstances"]
    parts = scoped["Resource"].parts
    assert parts[-2:] == (":instance/", AttributeOf("main", "HostInstance", "Ref"))
    assert (unscoped["Action"], unscoped["Resource"]) == ("ec2:DescribeInstances", "*")


def test_published_path_of_the_spec() -> None:
    graph = built(LINUX + ", publish: {id: host/ec2-name}")
    (export,) = graph.components["main"].exports.values()
    assert (export.path, export.source) == ("host/ec2-name", AttributeOf("main", "HostInstance", "Ref"))


@pytest.mark.parametrize(
    ("fields", "message", "place"),
    [
        (LINUX.replace("t3.micro", "t3"), '"t3" is no instance type', "t3"),
        (LINUX.replace("amazon-linux-2023", "amazon-linux"), 'there is no image "amazon-linux"', "amazon-linux"),
        (LINUX.replace("10", "800"), "the greatest value here is 744", "800"),
        (LINUX.replace("8GB", "512MB"), "a disk has whole gigabytes", "512MB"),
        (
            LINUX.replace("t3.micro", '"${param.type}"'),
            "the type must stand here, since it decides which amazon-linux-2023 fits (x86_64 or arm64)",
            '"${param.type}"',
        ),
        (LINUX.replace("vpc.public-a", "vpc.id"), '"vpc.id" is no subnet', "vpc.id"),
        (LINUX.replace("vpc.public-a", "vpc"), "a part of a network is wanted here", "vpc"),
    ],
)
def test_wrong_fields(fields: str, message: str, place: str) -> None:
    found = errors(one(VPC + f"host: {{kind: instance, {fields}}}\n"), parameters=PARAMETERS)
    assert [f[:3] for f in found] == [("E203", message, place)]


def test_hours_are_required() -> None:
    (found,) = errors(one(VPC + f"host: {{kind: instance, {LINUX.replace('hours: 10, ', '')}}}\n"))
    assert found == ("E202", '"components.main.resources.host" lacks the field "hours"', "host", "add hours: ...")


def test_unknown_subnet() -> None:
    (found,) = errors(one(VPC + f"host: {{kind: instance, {LINUX.replace('public-a', 'public-b')}}}\n"))
    assert found == ("E305", '"vpc" has no part "public-b"', "vpc.public-b", 'did you mean "public-a"?')


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        (', key: "not a key"', "E203", '"not a key" is not an SSH public key (RSA or ED25519)'),
        (
            ", key: ecdsa-sha2-nistp256 AAAA",
            "E203",
            '"ecdsa-sha2-nistp256 AAAA" is not an SSH public key (RSA or ED25519)',
        ),
        (
            ', key: "${param.image}"',
            "E304",
            'parameter "image" has the type image, and an SSH public key (RSA or ED25519) is wanted here',
        ),
        (
            ", ingress: {22/tcp: [10.0.0.0/8, anywhere, 10.0.0.0/8]}",
            "E304",
            '"10.0.0.0/8" may reach 22/tcp twice, and EC2 refuses a rule that is there already',
        ),
        (
            ", ingress: {22/tcp: ssh, 22-22/tcp: ssh}",
            "E304",
            '"ssh" may reach 22-22/tcp twice, and EC2 refuses a rule that is there already',
        ),
    ],
)
def test_what_ec2_would_refuse(fields: str, code: str, message: str) -> None:
    found = errors(one(VPC + f"host: {{kind: instance, {LINUX}{fields}}}\n"), parameters=PARAMETERS)
    assert [f[:2] for f in found if f[0] != "E315"] == [(code, message)]


def test_a_network_that_a_parameter_brings_again() -> None:
    networks = {"type": "list(cidr)", "default": ["10.0.0.0/8"], "description": "Networks"}
    fields = LINUX + ', ingress: {22/tcp: [192.168.0.0/16, "${param.networks}"]}'
    text = one(VPC + f"host: {{kind: instance, {fields}}}\n")
    assert errors(text, parameters={"networks": networks}) == []
    again = {**networks, "values": {"prod": ["192.168.0.0/16"]}}
    ((code, _, mark, _),) = errors(text, parameters={"networks": again})
    assert (code, mark) == ("E304", '"${param.networks}"')
    twice = {**networks, "default": ["10.0.0.0/8", "10.0.0.0/8"]}
    ((code, _, mark, _),) = errors(text, parameters={"networks": twice})
    assert (code, mark) == ("E304", '"${param.networks}"')
