"""The scripts, run by bash against fake tools: what they do, in which order, and where they stop."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from support_eks import ACCESS, FAKES, TOOLS, Machine, generated

SHELLCHECK = Path(sys.executable).with_name("shellcheck")
AI, POC = "lenie-ai", "lenie-karpenter-poc1"
STEPS = {
    name: re.findall(r"[a-z][a-z0-9-]*", text)
    for name in (AI, POC)
    for text in re.findall(r"^CREATE_STEPS='([^']*)'", generated()[f"{name}/cluster.sh"], re.MULTILINE)
}
DROPS = {
    name: re.findall(r"[a-z][a-z0-9-]*", text)
    for name in (AI, POC)
    for text in re.findall(r"^DELETE_STEPS='([^']*)'", generated()[f"{name}/cluster.sh"], re.MULTILINE)
}
#: Step -> a call that it makes on a fresh account.
MUTATION = {
    "roles": "cloudformation deploy",
    "spot-role": "create-service-linked-role",
    "cluster": "eksctl create cluster",
    "nodes": "describe-nodegroup",
    "identities": "list-pod-identity-associations .*--service-account IDENTITY",
    "addons": "describe-addon",
    "kubeconfig": "update-kubeconfig .*-dev$",
    "namespace": "apply .*namespace.yaml",
    "storage-class": "apply .*storage-class.yaml",
    "metrics-server": "helm .*upgrade --install metrics-server",
    "reloader": "helm .*upgrade --install reloader",
    "load-balancer-controller": "helm show crds aws-load-balancer-controller",
    "karpenter-crd": "helm .*upgrade --install karpenter-crd",
    "karpenter": "helm .*upgrade --install karpenter oci",
    "node-pools": "apply .*node-pools.yaml",
}
REMOVAL = {
    "load-balancers": "delete ingress",
    "namespace": "delete namespace",
    "node-pools": "get customresourcedefinition nodepools",
    "cluster": "eksctl delete cluster",
    "roles": "cloudformation delete-stack",
    "kubeconfig": "config delete-cluster",
    "leftovers": "describe-instances",
}


@pytest.fixture
def ai(tmp_path: Path) -> Machine:
    return Machine(tmp_path, AI)


@pytest.fixture
def poc(tmp_path: Path) -> Machine:
    return Machine(tmp_path / POC, POC)


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """Return a function that tells what exists after a run of create that nothing stopped."""

    @cache
    def everything(name: str) -> set[str]:
        machine = Machine(tmp_path_factory.mktemp(name), name)
        machine.done("create", "--env", "dev")
        return machine.everything()

    return everything


def headings(text: str) -> list[str]:
    return re.findall(r"^\[\d+/\d+\] (.*)$", text, re.MULTILINE)


# ---- create ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [AI, POC])
def test_create_does_every_step_in_order(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    assert headings(machine.done("create", "--env", "dev")) == STEPS[name]
    releases = {f"release-{path.stem}" for path in (machine.state / "values").iterdir()}
    assert releases <= machine.everything()
    assert machine.read("contexts") == f"{name}-dev\n"
    assert not list(machine.state.parent.glob("tmp.*")), "the files of a run are removed"


def test_create_makes_what_the_spec_says(ai: Machine) -> None:
    ai.done("create", "--env", "dev")
    assert ai.everything() >= {
        "cluster",
        "group-workers1",
        "stack-lenie-ai-roles",
        "identity-aws-load-balancer-controller",
        "identity-ebs-csi-controller-sa",
        "release-aws-load-balancer-controller",
        "release-metrics-server",
        "release-reloader",
    }
    assert ai.read("addon-aws-ebs-csi-driver") == "v1.65.0-eksbuild.1\n"
    assert ai.read("release-reloader") == "2.2.18"
    assert (ai.state / "applied" / "namespace.yaml").read_text().count('name: "lenie-ai-dev"\n') == 1


def test_karpenter_gets_its_roles_and_its_network(poc: Machine) -> None:
    poc.done("create", "--env", "dev")
    assert poc.everything() >= {
        "spot-role",
        "identity-karpenter",
        "entry-lenie-karpenter-poc1-karpenter-node",
        "release-karpenter",
        "release-karpenter-crd",
    }
    pools = (poc.state / "applied" / "node-pools.yaml").read_text()
    for wanted in ('id: "subnet-0123456789abcdefa"', 'id: "subnet-0123456789abcdefb"', 'id: "sg-0fedcba9876543210"'):
        assert wanted in pools
    assert "role: lenie-karpenter-poc1-karpenter-node" in pools


@pytest.mark.parametrize("name", [AI, POC])
def test_create_again_changes_nothing(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    machine.made()
    before = machine.everything()
    machine.done("create", "--env", "dev")
    assert machine.everything() == before
    # These bring things to a state, and do nothing where it is reached.
    desired = (r"cloudformation deploy", r"eks update-kubeconfig", r" apply ", r"^helm upgrade --install ")
    assert [call for call in machine.changes() if not re.search("|".join(desired), call)] == []


@pytest.mark.parametrize(("name", "step"), [(name, step) for name in (AI, POC) for step in STEPS[name]])
def test_a_failed_step_can_be_resumed(
    tmp_path: Path, name: str, step: str, complete: Callable[[str], set[str]]
) -> None:
    machine = Machine(tmp_path, name)
    identity = {AI: "aws-load-balancer-controller", POC: "karpenter"}[name]
    failed = machine.run("create", "--env", "dev", FAIL=MUTATION[step].replace("IDENTITY", identity))
    number = STEPS[name].index(step)
    assert failed.returncode == 1
    assert headings(failed.stdout) == STEPS[name][: number + 1]
    assert "not today" in failed.stderr
    assert failed.stderr.splitlines()[-1] == (
        f'{name}: step {step} failed; to go on there: API_ACCESS="{ACCESS}" '
        f"{machine.scripts}/{name}/cluster.sh create --env dev --from-step {step}"
    )
    assert headings(machine.done("create", "--env", "dev", "--from-step", step)) == STEPS[name][number:]
    assert machine.everything() == complete(name)


@pytest.mark.parametrize("step", ["roles", "cluster", "addons", "reloader"])
def test_ctrl_c_tells_how_to_go_on(ai: Machine, step: str) -> None:
    found = ai.run("create", "--env", "dev", INTERRUPT=MUTATION[step])
    assert found.returncode == 130
    assert found.stderr.splitlines()[-1] == (
        f'lenie-ai: step {step} was interrupted; to go on there: API_ACCESS="{ACCESS}" '
        f"{ai.scripts}/lenie-ai/cluster.sh create --env dev --from-step {step}"
    )
    assert not list(ai.state.parent.glob("tmp.*"))


def test_steps_by_number_and_alone(ai: Machine) -> None:
    ai.made()
    last = STEPS[AI][-2:]
    assert headings(ai.done("create", "--env", "dev", "--from-step", str(len(STEPS[AI]) - 1))) == last
    assert headings(ai.done("create", "--env", "dev", "--only-step", "reloader")) == ["reloader"]
    assert headings(ai.done("create", "--env=dev", "--only-step=3")) == [STEPS[AI][2]]


def test_what_a_half_made_cluster_lacks_is_made(poc: Machine) -> None:
    half = poc.run("create", "--env", "dev", HALF="1")
    assert half.returncode == 1
    assert not poc.has("group-system")
    poc.done("create", "--env", "dev")
    made = [call for call in poc.changes() if re.search("create|nodegroup", call)]
    assert [call.split(" --cluster-name")[0] for call in made] == [
        *(f"eksctl create nodegroup --config-file {word} --include system" for word in [made[0].split()[4]]),
        "aws eks create-pod-identity-association",
        "aws eks create-access-entry",
        *["aws eks create-addon"] * 4,
    ]
    assert poc.has("entry-lenie-karpenter-poc1-karpenter-node")


def test_an_addon_gets_its_role_and_its_version(ai: Machine) -> None:
    ai.made()
    ai.write("addon-aws-ebs-csi-driver", "v1.60.0-eksbuild.1\n")
    ai.done("create", "--env", "dev", "--only-step", "addons")
    assert ai.changes() == [
        "aws eks update-addon --cluster-name lenie-ai --addon-name aws-ebs-csi-driver"
        " --addon-version v1.65.0-eksbuild.1"
        " --pod-identity-associations serviceAccount=ebs-csi-controller-sa,"
        "roleArn=arn:aws:iam::123456789012:role/lenie-ai-ebs-csi"
        " --resolve-conflicts PRESERVE --query update.status"
    ]


@pytest.mark.parametrize(("size", "wanted"), [("1\t3\t1", "2,4,2"), ("2\t9\t7", "2,4,4"), ("1\t4\t3", "2,4,3")])
def test_another_size_of_a_group_is_set(ai: Machine, size: str, wanted: str) -> None:
    ai.made()
    ai.write("size-workers1", f"{size}\n")
    ai.done("create", "--env", "dev", "--only-step", "nodes")
    least, most, desired = wanted.split(",")
    assert ai.changes() == [
        "aws eks update-nodegroup-config --cluster-name lenie-ai --nodegroup-name workers1 --scaling-config"
        f" minSize={least},maxSize={most},desiredSize={desired} --query update.id"
    ]


def test_a_cluster_in_the_making_is_waited_for(ai: Machine) -> None:
    for name, text in (("cluster", "CREATING\n"), ("version", "1.36\n"), ("owner", "dev\n")):
        ai.write(name, text)
    ai.write("access", f"{ACCESS}\n")
    ai.done("create", "--env", "dev", "--only-step", "cluster")
    assert "aws --region us-east-1 --output text eks wait cluster-active --name lenie-ai" in ai.calls()
    assert ai.read("cluster") == "ACTIVE\n"


def test_what_an_interrupted_run_began_is_waited_for(ai: Machine) -> None:
    ai.made()
    ai.write("stack-eksctl-lenie-ai-cluster", "CREATE_IN_PROGRESS\n")
    told = ai.done("create", "--env", "dev", "--only-step", "cluster", BECOMES="CREATE_COMPLETE")
    assert "an earlier creation is not done: it is waited for\nthe cluster is there\n" in told
    (ai.state / "cluster").unlink()
    ai.write("stack-eksctl-lenie-ai-cluster", "DELETE_IN_PROGRESS\n")
    ai.done("create", "--env", "dev", "--only-step", "cluster")
    assert ai.has("cluster")


def test_a_group_that_eksctl_passes_over_is_told(ai: Machine) -> None:
    ai.made()
    (ai.state / "group-workers1").unlink()
    found = ai.run("create", "--env", "dev", "--only-step", "nodes", SILENT="1")
    assert found.returncode == 1
    assert "lenie-ai: eksctl made no node group workers1, and did not say so\n" in found.stderr


def test_nodes_of_an_older_version_are_named(ai: Machine) -> None:
    ai.made()
    ai.write("nodes-version", "1.35\n")
    told = ai.done("create", "--env", "dev", "--only-step", "nodes")
    assert "the nodes of workers1 have Kubernetes 1.35 still: eksctl upgrade nodegroup --region us-east-1" in told


@pytest.mark.parametrize(
    ("state", "step", "told"),
    [
        ({"cluster": "FAILED", "version": "1.36"}, "cluster", "the cluster is FAILED: delete it first"),
        (
            {"cluster": "ACTIVE", "version": "1.35"},
            "cluster",
            "the cluster has Kubernetes 1.35, and the spec says 1.36; upgrade it, one minor version at a time: "
            "eksctl upgrade cluster --region us-east-1 --name lenie-ai --approve",
        ),
        (
            {"cluster": "ACTIVE", "version": "1.37"},
            "cluster",
            "the cluster has Kubernetes 1.37, and the spec says 1.36: EKS does not go back, so write 1.37 into the "
            "spec, and compile it",
        ),
        (
            {"cluster": "ACTIVE", "version": "1.36", "group-workers1": "CREATE_FAILED"},
            "nodes",
            "the node group workers1 is CREATE_FAILED: delete it first "
            "(eksctl delete nodegroup --region us-east-1 --cluster lenie-ai --name workers1)",
        ),
        (
            {"cluster": "ACTIVE", "version": "1.36", "addon-vpc-cni": "v1", "broken-vpc-cni": "CREATE_FAILED"},
            "addons",
            "the add-on vpc-cni is CREATE_FAILED: delete it first "
            "(aws eks delete-addon --region us-east-1 --cluster-name lenie-ai --addon-name vpc-cni)",
        ),
        (
            {"stack-eksctl-lenie-ai-cluster": "ROLLBACK_COMPLETE"},
            "cluster",
            "an earlier creation failed, and its stack is in the way (ROLLBACK_COMPLETE): run delete first",
        ),
    ],
)
def test_what_cannot_be_mended_is_told(ai: Machine, state: dict[str, str], step: str, told: str) -> None:
    for name, text in ({"owner": "dev"} | state).items():
        ai.write(name, f"{text}\n")
    found = ai.run("create", "--env", "dev", "--only-step", step)
    assert found.returncode == 1
    assert found.stderr.splitlines()[0] == f"lenie-ai: {told}"
    assert ai.changes() == []


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_roles_whose_creation_failed_are_made_anew(ai: Machine, status: str) -> None:
    ai.write("stack-lenie-ai-roles", f"{status}\n")
    assert f"the stack lenie-ai-roles is {status}: it is deleted, and made anew" in ai.done(
        "create", "--env", "dev", "--only-step", "roles"
    )
    assert ai.read("stack-lenie-ai-roles") == "CREATE_COMPLETE\n"


@pytest.mark.parametrize(
    ("status", "becomes", "fine"),
    [
        ("CREATE_IN_PROGRESS", "CREATE_COMPLETE", True),
        ("CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", True),
        ("ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", True),
        ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", True),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED", False),
        ("CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", False),
        ("DELETE_FAILED", "DELETE_FAILED", False),
    ],
)
def test_roles_that_an_interrupted_run_left_in_the_making(ai: Machine, status: str, becomes: str, fine: bool) -> None:
    ai.write("stack-lenie-ai-roles", f"{status}\n")
    found = ai.run("create", "--env", "dev", "--only-step", "roles", BECOMES=becomes)
    assert (found.returncode == 0) is fine, found.stderr
    told = "deletion of the stack lenie-ai-roles failed" if "DELETE" in status else f"lenie-ai-roles is {becomes}: "
    assert fine or told in found.stderr
    assert (ai.read("stack-lenie-ai-roles") == "CREATE_COMPLETE\n") is fine


def test_why_roles_could_not_be_made_is_told(ai: Machine) -> None:
    found = ai.run("create", "--env", "dev", "--only-step", "roles", FAIL="cloudformation deploy")
    assert "EbsCsiRole\tit exists already\n" in found.stderr


def sleeping(machine: Machine, then: str = "") -> None:
    """Let nobody wait; each pause does `then` instead."""
    (machine.bin / "sleep").unlink()
    (machine.bin / "sleep").write_text(f'#!/bin/bash\necho "sleep $*" >>"$FAKE/log"\n{then}\n')
    (machine.bin / "sleep").chmod(0o755)


@pytest.mark.parametrize(("status", "does"), [("pending-install", "uninstall"), ("pending-upgrade", "rollback")])
def test_a_release_that_a_killed_run_left_pending(ai: Machine, status: str, does: str) -> None:
    ai.made()
    ai.write("pending-reloader", status)
    sleeping(ai)
    assert "of reloader did not end" in ai.done("create", "--env", "dev", "--only-step", "reloader")
    changes = [" ".join(call.split()[:3]) for call in ai.changes() if not call.startswith("sleep ")]
    assert changes == [f"helm {does} reloader", "helm upgrade --install"]
    assert ai.calls().count("sleep 10") * 10 > 10 * 60, "a run that is at work ends in that time"


def test_a_release_that_another_run_works_on(ai: Machine) -> None:
    """It is waited for, and not taken away."""
    ai.made()
    ai.write("pending-reloader", "pending-install")
    sleeping(ai, 'rm -f "$FAKE/pending-reloader"')
    assert "Helm is not done with reloader" in ai.done("create", "--env", "dev", "--only-step", "reloader")
    assert [" ".join(call.split()[:3]) for call in ai.changes()] == ["sleep 10", "helm upgrade --install"]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("types-workers1", "t2.large", "has t2.large, and the spec says t2.medium, which cannot be changed in place"),
        ("types-workers1", "t2.medium\tt2.large", "has t2.medium, t2.large, and the spec says t2.medium"),
        ("capacity-workers1", "ON_DEMAND", "has ON_DEMAND, and the spec says SPOT"),
        ("group-workers1", "DEGRADED", "is DEGRADED: there are no such instances"),
    ],
)
def test_a_group_that_is_not_what_the_spec_says(ai: Machine, file: str, text: str, told: str) -> None:
    ai.made()
    ai.write(file, f"{text}\n")
    found = ai.run("create", "--env", "dev", "--only-step", "nodes")
    assert found.returncode == 1
    assert f"lenie-ai: the node group workers1 {told}" in found.stderr


def test_a_group_without_instance_types_of_its_own_is_fine(ai: Machine) -> None:
    ai.made()
    ai.write("types-workers1", "None\n")
    assert "the node group workers1 is there" in ai.done("create", "--env", "dev", "--only-step", "nodes")


def test_what_is_not_in_the_spec_is_named(ai: Machine) -> None:
    ai.made()
    ai.write("group-old", "ACTIVE\n")
    ai.write("addon-snapshot-controller", "v8\n")
    told = ai.done("create", "--env", "dev", "--from-step", "nodes")
    assert "eksctl delete nodegroup --region us-east-1 --cluster lenie-ai --name old" in told
    assert "--cluster-name lenie-ai --addon-name snapshot-controller" in told
    assert "--name workers1" not in told
    assert "--addon-name coredns" not in told


def test_a_group_whose_creation_failed_is_told(ai: Machine) -> None:
    ai.made()
    (ai.state / "group-workers1").unlink()
    ai.write("stack-eksctl-lenie-ai-nodegroup-workers1", "ROLLBACK_COMPLETE\n")
    found = ai.run("create", "--env", "dev", "--only-step", "nodes")
    assert found.returncode == 1
    assert "its stack is in the way (ROLLBACK_COMPLETE): aws cloudformation delete-stack" in found.stderr


def test_the_role_of_a_controller_that_runs_is_not_taken_away(ai: Machine) -> None:
    ai.write("cluster", "ACTIVE\n")
    ai.write("owner", "dev\n")
    ai.write("identity-karpenter", "a-0123\n")
    found = ai.run("create", "--env", "dev")
    assert found.returncode == 1
    assert "lenie-ai: karpenter has its role, and is not in the spec any more" in found.stderr
    assert ai.changes() == []
    # One that is not of the scripts' making is somebody else's business.
    ai.write("identity-role", "arn:aws:iam::123456789012:role/another\n")
    ai.done("create", "--env", "dev", "--only-step", "roles")


@pytest.mark.parametrize("state", ["CREATING", "UPDATING", "UPDATE_FAILED"])
def test_an_addon_on_its_way(ai: Machine, state: str) -> None:
    ai.made()
    ai.write("broken-coredns", f"{state}\n")
    ai.done("create", "--env", "dev", "--only-step", "addons")
    again = [call for call in ai.changes() if "--addon-name coredns" in call]
    assert [call.split()[2] for call in again] == (["update-addon"] if state == "UPDATE_FAILED" else [])
    assert all(f"--addon-version {ai.read('addon-coredns').strip()} " in call for call in again)


def test_an_addon_that_does_not_run_is_told(ai: Machine) -> None:
    ai.made()
    ai.write("broken-coredns", "DEGRADED\n")
    found = ai.run("create", "--env", "dev", "--only-step", "addons")
    assert found.returncode == 1
    assert "lenie-ai: the add-on coredns is DEGRADED: no node has room\n" in found.stderr


def test_an_api_server_that_does_not_answer_is_told(ai: Machine) -> None:
    ai.made()
    for command in (["create", "--only-step", "namespace"], ["status"], ["delete", "--yes"]):
        found = ai.run(*command, "--env", "dev", FAIL="get --raw /readyz")
        assert found.returncode == 1
        assert "lenie-ai: the API server does not answer, or refuses" in found.stderr
        assert "(198.18.7.0/24)" in found.stderr
    assert ai.has("cluster")


@pytest.mark.parametrize("command", [["status"], ["delete", "--only-step", "namespace", "--yes"]])
def test_the_users_kubeconfig_stays_as_it_is(ai: Machine, command: list[str]) -> None:
    ai.made()
    for name in ("contexts", "clusters", "users", "current"):
        ai.write(name, "other\n")
    ai.done(*command, "--env", "dev")
    assert [ai.read(name) for name in ("contexts", "clusters", "users", "current")] == ["other\n"] * 4


# ---- What is checked first -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["create", "status", "delete", "render"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_missing_tool_stops_before_anything_is_done(ai: Machine, command: str, tool: str) -> None:
    (ai.bin / tool).unlink()
    found = ai.run(command, "--env", "dev", *(["out"] if command == "render" else []))
    least = dict(re.findall(r"(\w+)=([\d.]+)", generated()[f"{AI}/cluster.sh"].split("TOOLS=")[1].split("\n")[0]))
    assert (found.returncode, found.stdout) == (3, "")
    assert found.stderr == f"lenie-ai: {tool} is missing: version {least[tool]} or newer is needed\n"
    assert len(ai.calls()) == len(TOOLS) - 1


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"AWS_VERSION": "1.44.2"}, ["aws 1.44.2 is too old: version 2.15.0 or newer is needed"]),
        ({"EKSCTL_VERSION": "0.228.9"}, ["eksctl 0.228.9 is too old: version 0.229.0 or newer is needed"]),
        ({"EKSCTL_VERSION": "0.229.0-dev+1"}, []),
        ({"HELM_VERSION": "3.13.3"}, ["helm 3.13.3 is too old: version 3.14.0 or newer is needed"]),
        ({"HELM_VERSION": "4.0.4"}, []),
        ({"KUBECTL_VERSION": "1.34.9"}, ["kubectl 1.34.9 is too old: version 1.35.0 or newer is needed"]),
        ({"KUBECTL_VERSION": "1.35.0"}, []),
        ({"KUBECTL_VERSION": "1.37.5"}, []),
        (
            {"KUBECTL_VERSION": "1.38.0"},
            ["kubectl 1.38.0 is too new for Kubernetes 1.36: one minor version is allowed"],
        ),
        ({"EKSCTL_VERSION": "unknown"}, ["eksctl does not tell its version"]),
        (
            {"AWS_VERSION": "2.9.99", "HELM_VERSION": "3.2.1"},
            [
                "aws 2.9.99 is too old: version 2.15.0 or newer is needed",
                "helm 3.2.1 is too old: version 3.14.0 or newer is needed",
            ],
        ),
    ],
)
def test_versions_of_tools(ai: Machine, variables: dict[str, str], told: list[str]) -> None:
    found = ai.run("create", "--env", "dev", "--only-step", "kubeconfig", **variables)
    assert found.stderr.splitlines() == [f"lenie-ai: {line}" for line in told]
    assert found.returncode == (3 if told else 0)
    assert len(ai.calls()) == 4 or not told


def test_no_credentials(ai: Machine) -> None:
    found = ai.run("create", "--env", "dev", FAIL="get-caller-identity")
    assert found.returncode == 3
    assert found.stderr.endswith("lenie-ai: AWS does not accept the credentials, or there are none\n")
    assert ai.changes() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["make"], ""),
        ([], ""),
        (["create"], "which environment? --env NAME, one of: dev qa prod"),
        (["create", "--env", "de"], 'there is no environment "de": dev qa prod'),
        (["create", "--env", "dev qa"], 'there is no environment "dev qa": dev qa prod'),
        (["create", "--env"], "--env needs a value"),
        (["create", "--env="], "which environment? --env NAME, one of: dev qa prod"),
        (["delete", "--env", "dev", "--env=prod", "--yes"], "--env is given twice: it takes one value"),
        (["create", "--env", "dev", "--only-step", "2", "--only-step", "3"], "--only-step is given twice"),
        (["create", "--env", "dev", "--from-step", "0"], "there is no step 0: there are 11 steps"),
        (["create", "--env", "dev", "--from-step", "12"], "there is no step 12: there are 11 steps"),
        (["create", "--env", "dev", "--only-step", "role"], 'there is no step "role": there are roles cluster nodes'),
        (["delete", "--env", "dev", "--from-step", "nodes"], 'there is no step "nodes": there are load-balancers'),
        (["create", "--env", "dev", "--from-step", "1", "--only-step", "2"], "--from-step and --only-step exclude"),
        (["status", "--env", "dev", "--from-step", "1"], "status has no steps"),
        (["create", "--env", "dev", "--force"], "there is no option --force"),
        (["create", "dev"], '"dev" is too much'),
        (["render", "--env", "dev"], "render needs a directory"),
    ],
)
def test_wrong_usage(ai: Machine, arguments: list[str], told: str) -> None:
    found = ai.run(*arguments)
    assert found.returncode == 2
    assert found.stderr.startswith(f"lenie-ai: {told}" if told else "usage: ")
    assert ai.changes() == []


@pytest.mark.parametrize("words", [["help"], ["--help"], ["-h"], ["create", "--help"], ["delete", "--yes", "-h"]])
def test_help_needs_no_tools(ai: Machine, words: list[str]) -> None:
    for tool in TOOLS:
        (ai.bin / tool).unlink()
    told = ai.done(*words)
    for step in STEPS[AI]:
        assert re.search(rf"^ +\d+  {step}$", told, re.MULTILINE)


@pytest.mark.parametrize("to", ["{}/cluster.sh", "../eks/lenie-ai/cluster.sh", "second"])
def test_a_link_to_the_script(ai: Machine, to: str) -> None:
    script = ai.scripts / AI / "cluster.sh"
    home = ai.scripts.parent / "own bin"
    home.mkdir()
    (home / "second").symlink_to(script)
    (home / "cluster").symlink_to(to.format(script.parent))
    command = [str(ai.bin / "bash"), str(home / "cluster"), "help"]
    environment = {"PATH": str(ai.bin), "CDPATH": str(ai.scripts)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "steps of delete:" in done.stdout


@pytest.mark.parametrize("command", ["create", "delete", "status", "render"])
def test_a_cluster_of_another_environment_is_left_alone(ai: Machine, command: str) -> None:
    for name, text in (("cluster", "ACTIVE\n"), ("version", "1.36\n"), ("owner", "prod\n")):
        ai.write(name, text)
    found = ai.run(command, "--env", "dev", *(["out"] if command == "render" else ["--yes"]))
    assert found.returncode == 1
    assert found.stderr == 'lenie-ai: the cluster lenie-ai is there, and its tag Environment is "prod", not "dev"\n'
    assert ai.changes() == []


def test_the_network_comes_first(ai: Machine) -> None:
    for steps in ([], ["--from-step", "cluster"]):
        found = ai.run("create", "--env", "qa", *steps)
        assert ai.changes() == []
    assert found.returncode == 1
    assert "SSM has no parameter /lenie/qa/vpc-id: deploy the network of qa first" in found.stderr
    ai.write("ssm", ai.read("ssm").replace("vpc-0123456789abcdef0", "gone"))
    found = ai.run("create", "--env", "dev", "--from-step", "cluster", VPC_ID="vpc-1")
    assert found.returncode == 1
    assert "SSM parameter /lenie/dev/vpc-id is no id: gone" in found.stderr
    assert ai.changes() == []


def test_other_errors_are_not_taken_for_absence(ai: Machine) -> None:
    ai.made()
    for command in (["create", "--only-step", "cluster"], ["delete", "--yes"], ["status"], ["render", "out"]):
        found = ai.run(*command, "--env", "dev", FAIL="describe-cluster")
        assert found.returncode == 1, command
        assert "not today" in found.stderr
        assert ai.changes() == []


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("198.18.0.0/24", "publicAccessCIDRs: [198.18.0.0/24]"),
        ("198.18.0.0/24 198.19.0.7/32", "publicAccessCIDRs: [198.18.0.0/24, 198.19.0.7/32]"),
    ],
)
def test_networks_are_given_at_run_time(ai: Machine, given: str, written: str) -> None:
    ai.done("create", "--env", "dev", API_ACCESS=given)
    assert written in ai.read("cluster.yaml")


@pytest.mark.parametrize("given", ["everybody", "203.0.113.7", " ", "203.0.113.7/32; true"])
def test_what_is_no_network_is_refused(ai: Machine, given: str) -> None:
    found = ai.run("create", "--env", "dev", API_ACCESS=given)
    assert found.returncode == 1
    assert "API_ACCESS" in found.stderr
    assert ai.changes() == []


@pytest.mark.parametrize("given", ["", "192.0.2.7/32", "198.18.0.0/24 198.51.100.0/24", "203.0.113.10/32"])
@pytest.mark.parametrize("step", [[], ["--only-step", "cluster"]])
def test_networks_for_documentation_are_refused(ai: Machine, given: str, step: list[str]) -> None:
    found = ai.run("create", "--env", "dev", *step, API_ACCESS=given)
    assert found.returncode == 1
    wanted = given.split()[-1] if given else "203.0.113.10/32"
    assert f"API_ACCESS holds {wanted}, which is for documentation only: give your own networks" in found.stderr
    assert ai.changes() == []


def test_what_needs_no_networks_is_done_without(ai: Machine) -> None:
    ai.done("create", "--env", "dev", "--only-step", "roles", API_ACCESS="")
    ai.done("render", "out", "--env", "dev", API_ACCESS="")


def test_other_networks_reach_a_cluster_that_is_there(ai: Machine) -> None:
    ai.made()
    ai.write("access", "198.18.0.0/24\t198.19.0.7/32\n")
    assert "answers to" not in ai.done(
        "create", "--env", "dev", "--only-step", "cluster", API_ACCESS="198.19.0.7/32 198.18.0.0/24"
    )
    told = ai.done("create", "--env", "dev", "--only-step", "cluster", API_ACCESS="198.19.0.8/32 198.18.0.0/24")
    wanted = "the API server answers to 198.19.0.8/32 198.18.0.0/24 now, and not to 198.18.0.0/24 198.19.0.7/32"
    assert wanted in " ".join(told.split())
    networks = '"publicAccessCidrs": ["198.19.0.8/32", "198.18.0.0/24"]'
    assert ai.changes() == [
        "aws eks update-cluster-config --name lenie-ai --resources-vpc-config"
        f' {{"endpointPublicAccess": true, "endpointPrivateAccess": true, {networks}}} --query update.id'
    ]
    # Fewer are a change, too.
    ai.done("create", "--env", "dev", "--only-step", "cluster", API_ACCESS="198.19.0.8/32")
    assert ai.read("access") == "198.19.0.8/32\n"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "vpc",
            "vpc-0fedcba9876543210",
            "stands in vpc-0fedcba9876543210, and the spec's network is vpc-0123456789abcdef0",
        ),
        (
            "subnets",
            "subnet-0123456789abcdefa\tsubnet-0",
            "does not use the subnets subnet-0123456789abcdefb of the spec's",
        ),
    ],
)
def test_a_cluster_in_another_network_is_told(ai: Machine, file: str, text: str, told: str) -> None:
    ai.made()
    ai.write(file, f"{text}\n")
    found = ai.run("create", "--env", "dev", "--only-step", "cluster")
    assert found.returncode == 1
    assert f"lenie-ai: the cluster {told}" in found.stderr
    assert ai.changes() == []


def test_an_update_that_fails_is_told(ai: Machine) -> None:
    ai.made()
    found = ai.run("create", "--env", "dev", "--only-step", "cluster", API_ACCESS="198.19.0.7/32", UPDATE="Failed")
    assert found.returncode == 1
    assert "lenie-ai: EKS could not do it: the subnets are full\n" in found.stderr
    assert found.stderr.splitlines()[-1] == (
        'lenie-ai: step cluster failed; to go on there: API_ACCESS="198.19.0.7/32" '
        f"{ai.scripts}/lenie-ai/cluster.sh create --env dev --from-step cluster"
    )


def test_an_identity_provider_is_made_later(ai: Machine, poc: Machine) -> None:
    ai.made()
    poc.made()
    assert (ai.has("oidc"), poc.has("oidc")) == (True, False)
    (ai.state / "oidc").unlink()
    for machine in (ai, poc):
        machine.done("create", "--env", "dev", "--only-step", "cluster")
    assert (ai.has("oidc"), poc.has("oidc")) == (True, False)


# ---- delete, status, render ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [AI, POC])
def test_delete_removes_everything_and_can_be_repeated(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    machine.write("contexts", "other\n")
    machine.write("clusters", "other-cluster\n")
    machine.write("users", "other-user\n")
    machine.done("create", "--env", "dev")
    assert headings(machine.done("delete", "--env", "dev", "--yes")) == DROPS[name]
    # The role for spot instances is the account's.
    assert {found for found in machine.everything() if not found.endswith(".yaml") and "size" not in found} <= {
        "spot-role"
    }
    for kept, text in (("contexts", "other\n"), ("clusters", "other-cluster\n"), ("users", "other-user\n")):
        assert machine.read(kept) == text
    assert machine.read("current") == ""
    told = machine.done("delete", "--env", "dev", "--yes")
    assert headings(told) == DROPS[name]
    assert told.count("nothing to do") == len(DROPS[name]) - 2
    assert "no instance of the cluster is left" in told
    assert machine.changes() == []


def test_what_karpenter_started_ends_before_the_cluster(poc: Machine) -> None:
    poc.made()
    poc.done("delete", "--env", "dev", "--yes")
    order = ["delete ingress", "delete namespace", "delete nodepools", "delete ec2nodeclasses", "eksctl delete cluster"]
    found = [next(n for n, call in enumerate(poc.calls()) if wanted in call) for wanted in order]
    assert found == sorted(found)


def test_load_balancers_of_services_are_deleted(ai: Machine) -> None:
    ai.made()
    ai.write("services", "lenie-ai-dev/front\nother/back\n")
    ai.done("delete", "--env", "dev", "--yes", "--only-step", "load-balancers")
    assert [call.split(" delete ")[1] for call in ai.changes() if " delete service " in call] == [
        "service front --namespace lenie-ai-dev --timeout 10m",
        "service back --namespace other --timeout 10m",
    ]


def test_gateways_have_load_balancers_too(ai: Machine) -> None:
    ai.made()
    ai.write("gateways", "")
    ai.done("delete", "--env", "dev", "--yes", "--only-step", "load-balancers")
    assert any("delete gateways.gateway.networking.k8s.io --all --all-namespaces" in call for call in ai.changes())


def test_volumes_are_waited_for(ai: Machine) -> None:
    ai.made()
    ai.write("persistent", "pvc-1 Delete\npvc-2 Retain\npvc-3 Delete\n")
    ai.done("delete", "--env", "dev", "--yes", "--only-step", "namespace")
    waited = [call.split()[-3] for call in ai.calls() if "wait --for=delete" in call]
    assert waited == ["persistentvolume/pvc-1", "persistentvolume/pvc-3"]
    assert any('claimRef.namespace=="lenie-ai-dev"' in call for call in ai.calls())


def test_profiles_that_karpenter_left_do_not_keep_the_roles(poc: Machine) -> None:
    poc.made()
    poc.write("profiles", "lenie-karpenter-poc1_123\n")
    poc.done("delete", "--env", "dev", "--yes")
    assert not poc.has("profiles")
    assert not poc.has("stack-lenie-karpenter-poc1-roles")


def test_what_is_left_and_costs_is_told(ai: Machine) -> None:
    ai.made()
    ai.write("volumes", "vol-1\tvol-2\n")
    told = ai.done("delete", "--env", "dev", "--yes")
    assert "these volumes of the cluster stay, and cost" in told
    assert "vol-1 vol-2" in told
    ai.write("instances", "i-1\ti-2\n")
    found = ai.run("delete", "--env", "dev", "--yes")
    assert found.returncode == 1
    assert "aws ec2 terminate-instances --region us-east-1 --instance-ids i-1 i-2\n" in found.stderr


def test_delete_without_karpenter_in_it(poc: Machine) -> None:
    poc.made()
    (poc.state / "release-karpenter-crd").unlink()
    assert "nothing to do: Karpenter is not there" in poc.done("delete", "--env", "dev", "--yes")


@pytest.mark.parametrize(("name", "step"), [(name, step) for name in (AI, POC) for step in DROPS[name]])
def test_a_failed_deletion_can_be_resumed(tmp_path: Path, name: str, step: str) -> None:
    machine = Machine(tmp_path, name)
    machine.made()
    failed = machine.run("delete", "--env", "dev", "--yes", FAIL=REMOVAL[step])
    number = DROPS[name].index(step)
    assert failed.returncode == 1
    assert headings(failed.stdout) == DROPS[name][: number + 1]
    assert failed.stderr.splitlines()[-1].endswith(f"cluster.sh delete --env dev --from-step {step}")
    rest = machine.done("delete", "--env", "dev", "--yes", "--from-step", step)
    assert headings(rest) == DROPS[name][number:]
    assert not machine.has("cluster")
    assert machine.read("contexts") == machine.read("users") == machine.read("clusters") == ""


@pytest.mark.parametrize("answer", ["", "\n", "yes\n", "lenie\n"])
def test_delete_asks_for_the_name(ai: Machine, answer: str) -> None:
    ai.made()
    found = ai.run("delete", "--env", "dev", answer=answer)
    assert found.returncode == 1
    assert found.stderr.endswith("lenie-ai: nothing was deleted\n")
    assert ai.changes() == []
    assert ai.run("delete", "--env", "dev", answer="lenie-ai\n").returncode == 0
    assert not ai.has("cluster")


def test_what_eksctl_left_of_a_failed_cluster_is_deleted(ai: Machine) -> None:
    ai.write("stack-eksctl-lenie-ai-cluster", "ROLLBACK_COMPLETE\n")
    ai.done("delete", "--env", "dev", "--yes")
    assert "eksctl delete cluster --region us-east-1 --name lenie-ai --wait --disable-nodegroup-eviction" in ai.calls()


def test_status(ai: Machine) -> None:
    found = ai.run("status", "--env", "dev")
    assert (found.returncode, found.stdout, found.stderr) == (1, "cluster lenie-ai: not there\n", "")
    ai.made()
    told = ai.done("status", "--env", "dev")
    assert told.startswith("cluster lenie-ai: ACTIVE, Kubernetes 1.36\nnode group workers1: ACTIVE\n")
    assert "ip-10-0-1-10.ec2.internal" in told
    assert [call for call in ai.changes() if "update-kubeconfig" not in call] == []
    (ai.state / "group-workers1").unlink()
    assert "node group workers1: not there" in ai.done("status", "--env", "dev")


@pytest.mark.parametrize("name", [AI, POC])
def test_render_writes_what_would_be_used(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    told = machine.done("render", str(tmp_path / "out"), "--env", "dev")
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.yaml")}
    assert ("node-pools.yaml is left out" in told) == (name == POC)
    assert files == {
        path.removeprefix(f"{name}/")
        for path in generated()
        if path.startswith(f"{name}/") and path.endswith(".yaml") and "node-pools" not in path
    }
    assert machine.changes() == []
    machine.done("create", "--env", "dev")
    machine.done("render", str(tmp_path / "out"), "--env", "dev")
    assert (tmp_path / "out" / "cluster.yaml").read_text() == machine.read("cluster.yaml")
    assert (tmp_path / "out" / "node-pools.yaml").exists() == (name == POC)


def test_one_environment_need_not_be_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path, AI, generated("prod"))
    machine.write("ssm", machine.read("ssm").replace("/dev/", "/prod/"))
    machine.done("create")
    assert machine.read("owner") == "prod\n"
    assert (machine.state / "applied" / "namespace.yaml").read_text().count("lenie-ai-prod") == 1


# ---- The text of the scripts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in generated() if path.endswith(".sh")])
def test_bash_reads_it(tmp_path: Path, path: str) -> None:
    script = tmp_path / "script.sh"
    script.write_text(generated()[path], encoding="utf-8")
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_shellcheck_finds_nothing(ai: Machine) -> None:
    scripts = [str(ai.scripts / name / "cluster.sh") for name in (AI, POC)]
    environments = [str(path) for path in ai.scripts.rglob("environments/*.sh")]
    command = [str(SHELLCHECK), "--external-sources", "--severity=style"]
    done = subprocess.run([*command, *scripts, *environments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    fakes = [str(FAKES / tool) for tool in TOOLS]
    done = subprocess.run([*command, *fakes], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_shellcheck_would_find_something(tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text("#!/bin/bash\nrm -rf $1/*\n", encoding="utf-8")
    command = [str(SHELLCHECK), str(script)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
