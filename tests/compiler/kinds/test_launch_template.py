"""Launch templates: what is started from them is as safe as an instance of the spec."""

from __future__ import annotations

from typing import Any

from support import compile_snippet, errors, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, ParameterValue
from lenie.compiler.graph import Graph

PARAMETERS = {
    "image": {"type": "image", "default": "ami-0123456789abcdef0", "description": "Image"},
    "type": {"type": "instance-type", "default": "t3.micro", "description": "Type"},
}
FIELDS = 'image: "${param.image}", type: "${param.type}"'
SPEC = ("components", "main", "resources", "application")


def built(fields: str) -> Graph:
    graph = compile_snippet(one(f"application: {{kind: launch-template, {fields}}}"), parameters=PARAMETERS)
    assert schema_faults(graph) == []
    return graph


def data(fields: str) -> Any:
    return properties(built(fields), "ApplicationLaunchTemplate")["LaunchTemplateData"]


def test_parameters_and_monitoring() -> None:
    found = resource(built(f"{FIELDS}, monitoring: detailed"), "ApplicationLaunchTemplate")
    launch: Any = found.properties["LaunchTemplateData"]
    assert launch["ImageId"] == ParameterValue("image")
    assert launch["InstanceType"] == ParameterValue("type")
    assert launch["Monitoring"] == {"Enabled": True}
    assert found.origin(("LaunchTemplateData", "Monitoring", "Enabled")) == (*SPEC, "monitoring")
    assert data(FIELDS)["Monitoring"] == {"Enabled": False}


def test_security_defaults() -> None:
    launch = data(FIELDS)
    assert launch["MetadataOptions"]["HttpTokens"] == "required"
    assert launch["BlockDeviceMappings"] == [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}}
    ]


def test_disk() -> None:
    launch = data(f"{FIELDS}, disk: 20GB, root-device: /dev/sda1")
    assert launch["BlockDeviceMappings"][0]["DeviceName"] == "/dev/sda1"
    assert launch["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 20


def test_tags_of_the_template_and_of_what_it_starts() -> None:
    tags = [{"Key": "Environment", "Value": EnvironmentName()}, {"Key": "Project", "Value": "demo"}]
    found = resource(built(FIELDS), "ApplicationLaunchTemplate")
    assert found.properties["TagSpecifications"] == [{"ResourceType": "launch-template", "Tags": tags}]
    assert data(FIELDS)["TagSpecifications"] == [
        {"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume", "network-interface")
    ]


def test_id_and_version_are_published() -> None:
    exports = built(f"{FIELDS}, publish: [id, latest-version]").components["main"].exports.values()
    assert {e.path: e.source.attribute for e in exports} == {
        "launch-template/application/id": "Ref",
        "launch-template/application/latest-version": "LatestVersionNumber",
    }
    assert {e.source for e in exports} == {
        AttributeOf("main", "ApplicationLaunchTemplate", "Ref"),
        AttributeOf("main", "ApplicationLaunchTemplate", "LatestVersionNumber"),
    }


def test_named_image_needs_a_known_type() -> None:
    text = one('application: {kind: launch-template, image: amazon-linux-2023, type: "${param.type}"}')
    (found,) = errors(text, parameters=PARAMETERS)
    assert found[0] == "E203"
    assert found[1].startswith("the type must stand here")
    assert found[2] == '"${param.type}"'


def test_disk_has_whole_gigabytes() -> None:
    (found,) = errors(one(f"application: {{kind: launch-template, {FIELDS}, disk: 1500MB}}"), parameters=PARAMETERS)
    assert found == ("E203", "a disk has whole gigabytes", "1500MB", "write 2GB")
