"""What the files hold, against schemas: eksctl's, Karpenter's, those of Kubernetes, and CloudFormation's by cfn-lint.

Unknown fields are faults, as they are to `kubeconform -strict`. The schemas of Kubernetes are those of the package
kubernetes-validate; eksctl and Karpenter have no package that carries theirs, so their facts stand in schemas/.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from support_cfn import read_template
from support_eks import Machine, generated

from lenie.compiler.data.iam import known_action

SCHEMAS = Path(__file__).parent / "schemas"
EKSCTL = Draft7Validator(json.loads((SCHEMAS / "eksctl.json").read_text(encoding="utf-8")))
KARPENTER = json.loads((SCHEMAS / "karpenter.json").read_text(encoding="utf-8"))
AI, POC = "lenie-ai", "lenie-karpenter-poc1"


@pytest.fixture(scope="module", params=[AI, POC])
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the files of a cluster as its script fills them in: path -> text."""
    directory = tmp_path_factory.mktemp(request.param)
    machine = Machine(directory, request.param)
    machine.done("create", "--env", "dev")
    machine.done("render", str(directory / "out"), "--env", "dev")
    found = {path.relative_to(directory / "out").as_posix(): path for path in (directory / "out").rglob("*.yaml")}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items()}


def documents(text: str) -> list[Any]:
    return [document for document in yaml.safe_load_all(text) if document is not None]


def eksctl_faults(config: Any) -> list[str]:
    return [f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in EKSCTL.iter_errors(config)]


def karpenter_faults(manifest: Any) -> list[str]:
    schema = {"$schema": KARPENTER["$schema"], "$defs": KARPENTER["$defs"], "$ref": f"#/$defs/{manifest.get('kind')}"}
    found = Draft202012Validator(schema).iter_errors(manifest)
    return [f"{'.'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in found]


def kubernetes_faults(manifest: Any, version: str) -> list[str]:
    try:
        kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [str(error.message)]
    return []


def test_every_name_is_filled_in(rendered: dict[str, str]) -> None:
    for path, text in rendered.items():
        assert not re.search(r"\$\{[A-Z0-9_]+\}", text), path


def test_the_configuration_is_one_of_eksctl(rendered: dict[str, str]) -> None:
    (config,) = documents(rendered["cluster.yaml"])
    assert eksctl_faults(config) == []
    assert config["vpc"]["id"] == "vpc-0123456789abcdef0"
    assert [one["id"] for one in config["vpc"]["subnets"]["public"].values()] == [
        "subnet-0123456789abcdefa",
        "subnet-0123456789abcdefb",
    ]


def test_nothing_of_a_cluster_needs_a_nat_gateway(rendered: dict[str, str]) -> None:
    (config,) = documents(rendered["cluster.yaml"])
    assert not {"fargateProfiles", "nodeGroups", "privateCluster", "availabilityZones"} & set(config)
    assert set(config["vpc"]["subnets"]) == {"public"}
    assert "nat" not in config["vpc"]
    for group in config["managedNodeGroups"]:
        assert group["privateNetworking"] is False
        assert (group["disableIMDSv1"], group["disablePodIMDS"], group["volumeEncrypted"]) == (True, True, True)


def test_what_the_configuration_names_is_in_the_roles(rendered: dict[str, str]) -> None:
    (config,) = documents(rendered["cluster.yaml"])
    names = set(re.findall(r"RoleName: (\S+)", rendered["roles.yaml"]))
    wanted = {
        arn.rpartition("/")[2] for arn in re.findall(r"(?:roleARN|principalARN): (\S+)", rendered["cluster.yaml"])
    }
    if "node-pools.yaml" in rendered:
        wanted |= set(re.findall(r"role: (\S+)", rendered["node-pools.yaml"]))
    assert wanted == names
    accounts = {one["serviceAccountName"] for one in config["iam"].get("podIdentityAssociations", [])}
    accounts |= {
        one["serviceAccountName"] for addon in config["addons"] for one in addon.get("podIdentityAssociations", [])
    }
    trusted = re.findall(r"aws:RequestTag/kubernetes-service-account: (\S+)", rendered["roles.yaml"])
    assert accounts == set(trusted)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metadata", "nmae"), "x"),
        (("vpc", "subnet"), {}),
        (("vpc", "publicAccessCIDRs"), "203.0.113.0/24"),
        (("upgradePolicy", "supportType"), "BEST"),
        (("managedNodeGroups", 0, "minSize"), "2"),
        (("managedNodeGroups", 0, "amiFamily"), "AmazonLinux"),
        (("managedNodeGroups", 0, "privateNetworks"), True),
        (("addons", 0, "podIdentity"), []),
        (("iam", "withOidc"), True),
        (("nodes",), []),
    ],
)
def test_faults_in_a_configuration_are_found(rendered: dict[str, str], path: tuple[Any, ...], value: Any) -> None:
    (config,) = documents(rendered["cluster.yaml"])
    assert eksctl_faults(_changed(config, path, value)) != []


def test_manifests_are_those_of_kubernetes(rendered: dict[str, str]) -> None:
    (config,) = documents(rendered["cluster.yaml"])
    for path in ("namespace.yaml", "storage-class.yaml"):
        for manifest in documents(rendered.get(path, "")):
            assert kubernetes_faults(manifest, config["metadata"]["version"]) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [(("metadata", "label"), {}), (("metadata", "labels", "x"), True), (("spec",), {"finalizer": []})],
)
def test_faults_in_a_manifest_are_found(rendered: dict[str, str], path: tuple[Any, ...], value: Any) -> None:
    (manifest,) = documents(rendered["namespace.yaml"])
    assert kubernetes_faults(_changed(manifest, path, value), "1.36") != []


def pools(name: str = "node-pools.yaml") -> list[Any]:
    """Return the manifests for Karpenter, with ids in the places of names."""
    text = generated()[f"{POC}/{name}"]
    for variable, value in (("SUBNET_PUBLIC_A", "subnet-0a"), ("SUBNET_PUBLIC_B", "subnet-0b")):
        text = text.replace(f"${{{variable}}}", value)
    text = text.replace("${CLUSTER_SECURITY_GROUP}", "sg-0a").replace("${CLUSTER_NAME}", POC)
    return documents(text.replace("${PROJECT}", "lenie").replace("${ENVIRONMENT}", "dev"))


def test_node_pools_are_those_of_karpenter() -> None:
    node_class, pool = pools()
    assert karpenter_faults(node_class) == karpenter_faults(pool) == []
    spec = pool["spec"]["template"]["spec"]
    assert spec["nodeClassRef"]["name"] == node_class["metadata"]["name"]
    assert spec["expireAfter"] == "720h"
    assert {one["key"].rpartition("/")[2]: (one["operator"], one["values"]) for one in spec["requirements"]} == {
        "os": ("In", ["linux"]),
        "arch": ("In", ["amd64"]),
        "capacity-type": ("In", ["spot"]),
        "instance-category": ("In", ["c", "m", "r"]),
        "instance-generation": ("Gt", ["2"]),
    }


@pytest.mark.parametrize(
    ("which", "path", "value"),
    [
        (0, ("spec", "instanceProfile"), "x"),
        (0, ("spec", "amiSelectorTerms"), [{"alias": "al2023@latest"}, {"id": "ami-1"}]),
        (0, ("spec", "amiSelectorTerms"), [{"id": "ami-1"}]),
        (0, ("spec", "amiSelectorTerms"), [{"alias": "al2024@latest"}]),
        (0, ("spec", "subnetSelectorTerms"), []),
        (0, ("spec", "subnetSelectorTerms"), [{"name": "x"}]),
        (0, ("spec", "blockDeviceMappings", 0, "ebs", "volumeSize"), 20),
        (0, ("spec", "tags", "karpenter.sh/nodepool"), "x"),
        (0, ("apiVersion",), "karpenter.k8s.aws/v1beta1"),
        (1, ("apiVersion",), "karpenter.sh/v1beta1"),
        (1, ("spec", "disruption"), {"consolidationPolicy": "WhenEmptyOrUnderutilized"}),
        (1, ("spec", "disruption", "consolidationPolicy"), "WhenUnderutilized"),
        (1, ("spec", "disruption", "expireAfter"), "720h"),
        (1, ("spec", "template", "spec", "expireAfter"), "30d"),
        (1, ("spec", "template", "spec", "requirements", 4, "values"), ["2", "3"]),
        (1, ("spec", "template", "spec", "requirements", 4, "key"), "karpenter.k8s.aws/instance-age"),
        (1, ("spec", "template", "spec", "requirements", 0, "operator"), "in"),
        (1, ("spec", "template", "spec", "requirements", 0, "key"), "kubernetes.io/hostname"),
        (1, ("spec", "template", "spec", "nodeClassRef", "apiVersion"), "karpenter.k8s.aws/v1"),
        (1, ("spec", "limits", "cpu"), 16),
    ],
)
def test_faults_in_node_pools_are_found(which: int, path: tuple[Any, ...], value: Any) -> None:
    assert karpenter_faults(_changed(pools()[which], path, value)) != []


def _changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


# ---- Roles -----------------------------------------------------------------------------------------------------------


def test_the_roles_are_a_template(rendered: dict[str, str], tmp_path: Path) -> None:
    from cfnlint.api import lint
    from cfnlint.config import ManualArgs

    found = lint(rendered["roles.yaml"], config=ManualArgs(regions=["us-east-1"]))
    assert [str(match) for match in found] == []


def test_policies_fit_and_are_narrow(rendered: dict[str, str]) -> None:
    template = read_template(rendered["roles.yaml"])
    for name, role in template["Resources"].items():
        if role["Type"] != "AWS::IAM::Role":
            continue
        text = json.dumps(role["Properties"].get("Policies", []), separators=(",", ":"))
        # "IAM and AWS STS quotas" in the IAM User Guide: 10,240 characters for all inline policies of a role.
        assert len(text) < 10_000, name
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in statement["Action"]:
                    assert "*" not in action
                    # The reference covers the services of the compiler's rules only.
                    assert known_action(action) is not False, action
                sids = [one["Sid"] for one in policy["PolicyDocument"]["Statement"]]
                assert len(set(sids)) == len(sids)
        for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
            pods = statement["Principal"]["Service"] == "pods.eks.amazonaws.com"
            assert pods == ("kubernetes-service-account" in json.dumps(statement.get("Condition", {})))
