"""The scripts, run by bash against fake tools: what they do, in which order, and where they stop."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from support_eks import FAKES, TOOLS, Machine, generated

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
    "identities": "list-pod-identity-associations",
    "addons": "describe-addon",
    "kubeconfig": "update-kubeconfig",
    "namespace": "apply .*namespace.yaml",
    "storage-class": "apply .*storage-class.yaml",
    "metrics-server": "helm upgrade --install metrics-server",
    "reloader": "helm upgrade --install reloader",
    "load-balancer-controller": "helm show crds aws-load-balancer-controller",
    "karpenter-crd": "helm upgrade --install karpenter-crd",
    "karpenter": "helm upgrade --install karpenter oci",
    "node-pools": "apply .*node-pools.yaml",
}
REMOVAL = {
    "load-balancers": "delete ingress",
    "namespace": "delete namespace",
    "node-pools": "delete nodepools",
    "cluster": "eksctl delete cluster",
    "roles": "cloudformation delete-stack",
    "kubeconfig": "config delete-cluster",
}


@pytest.fixture
def ai(tmp_path: Path) -> Machine:
    return Machine(tmp_path, AI)


@pytest.fixture
def poc(tmp_path: Path) -> Machine:
    return Machine(tmp_path, POC)


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
    assert (ai.state / "applied" / "namespace.yaml").read_text().count("name: lenie-ai-dev\n") == 1


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
    for wanted in ("id: subnet-0123456789abcdefa", "id: subnet-0123456789abcdefb", "id: sg-0fedcba9876543210"):
        assert wanted in pools
    assert "role: lenie-karpenter-poc1-karpenter-node" in pools


@pytest.mark.parametrize("name", [AI, POC])
def test_create_again_changes_nothing(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path, name)
    machine.done("create", "--env", "dev")
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
    failed = machine.run("create", "--env", "dev", FAIL=MUTATION[step])
    number = STEPS[name].index(step)
    assert failed.returncode not in (0, 2)
    assert headings(failed.stdout) == STEPS[name][: number + 1]
    assert "not today" in failed.stderr
    assert failed.stderr.splitlines()[-1] == (
        f"{name}: step {step} failed; to go on there: "
        f"{machine.scripts}/{name}/cluster.sh create --env dev --from-step {step}"
    )
    assert headings(machine.done("create", "--env", "dev", "--from-step", step)) == STEPS[name][number:]
    assert machine.everything() == complete(name)


def test_steps_by_number_and_alone(ai: Machine) -> None:
    ai.done("create", "--env", "dev")
    last = STEPS[AI][-2:]
    assert headings(ai.done("create", "--env", "dev", "--from-step", str(len(STEPS[AI]) - 1))) == last
    assert headings(ai.done("create", "--env", "dev", "--only-step", "reloader")) == ["reloader"]
    assert headings(ai.done("create", "--env", "dev", "--only-step", "3")) == [STEPS[AI][2]]


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
    ai.done("create", "--env", "dev")
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
    ai.done("create", "--env", "dev")
    ai.write("size-workers1", f"{size}\n")
    ai.done("create", "--env", "dev", "--only-step", "nodes")
    least, most, desired = wanted.split(",")
    assert ai.changes() == [
        "aws eks update-nodegroup-config --cluster-name lenie-ai --nodegroup-name workers1 --scaling-config"
        f" minSize={least},maxSize={most},desiredSize={desired} --query update.status"
    ]


def test_a_cluster_in_the_making_is_waited_for(ai: Machine) -> None:
    for name, text in (("cluster", "CREATING\n"), ("version", "1.36\n"), ("owner", "dev\n")):
        ai.write(name, text)
    ai.done("create", "--env", "dev", "--only-step", "cluster")
    assert "aws --region us-east-1 --output text eks wait cluster-active --name lenie-ai" in ai.calls()
    assert ai.read("cluster") == "ACTIVE\n"


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
            {"cluster": "ACTIVE", "version": "1.36", "group-workers1": "CREATE_FAILED"},
            "nodes",
            "the node group workers1 is CREATE_FAILED: delete it first",
        ),
        (
            {"cluster": "ACTIVE", "version": "1.36", "addon-vpc-cni": "v1", "broken-vpc-cni": "CREATE_FAILED"},
            "addons",
            "the add-on vpc-cni is CREATE_FAILED: delete it first",
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


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_needs_no_tools(ai: Machine, word: str) -> None:
    for tool in TOOLS:
        (ai.bin / tool).unlink()
    told = ai.done(word)
    for step in STEPS[AI]:
        assert re.search(rf"^ +\d+  {step}$", told, re.MULTILINE)


@pytest.mark.parametrize("command", ["create", "delete"])
def test_a_cluster_of_another_environment_is_left_alone(ai: Machine, command: str) -> None:
    for name, text in (("cluster", "ACTIVE\n"), ("version", "1.36\n"), ("owner", "prod\n")):
        ai.write(name, text)
    found = ai.run(command, "--env", "dev", "--yes")
    assert found.returncode == 1
    assert found.stderr == 'lenie-ai: the cluster lenie-ai is there, and its tag Environment is "prod", not "dev"\n'
    assert ai.changes() == []


def test_the_network_comes_first(ai: Machine) -> None:
    found = ai.run("create", "--env", "qa", "--from-step", "cluster")
    assert found.returncode == 1
    assert "SSM has no parameter /lenie/qa/vpc-id: deploy the network of qa first" in found.stderr
    ai.write("ssm", ai.read("ssm").replace("vpc-0123456789abcdef0", "gone"))
    found = ai.run("create", "--env", "dev", "--from-step", "cluster", VPC_ID="vpc-1")
    assert found.returncode == 1
    assert "SSM parameter /lenie/dev/vpc-id is no id: gone" in found.stderr
    assert ai.changes() == []


def test_other_errors_are_not_taken_for_absence(ai: Machine) -> None:
    ai.done("create", "--env", "dev")
    for command in (["create", "--only-step", "cluster"], ["delete", "--yes"], ["status"], ["render", "out"]):
        found = ai.run(*command, "--env", "dev", FAIL="describe-cluster")
        assert found.returncode != 0, command
        assert "not today" in found.stderr
        assert ai.changes() == []


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("198.51.100.0/24", "publicAccessCIDRs: [198.51.100.0/24]"),
        ("198.51.100.0/24 203.0.113.7/32", "publicAccessCIDRs: [198.51.100.0/24, 203.0.113.7/32]"),
        ("", "publicAccessCIDRs: [203.0.113.10/32]"),
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
    assert told.count("nothing to do") == len(DROPS[name]) - 1
    assert machine.changes() == []


def test_what_karpenter_started_ends_before_the_cluster(poc: Machine) -> None:
    poc.done("create", "--env", "dev")
    poc.done("delete", "--env", "dev", "--yes")
    order = ["delete ingress", "delete namespace", "delete nodepools", "delete ec2nodeclasses", "eksctl delete cluster"]
    found = [next(n for n, call in enumerate(poc.calls()) if wanted in call) for wanted in order]
    assert found == sorted(found)


def test_load_balancers_of_services_are_deleted(ai: Machine) -> None:
    ai.done("create", "--env", "dev")
    ai.write("services", "lenie-ai-dev/front\nother/back\n")
    ai.done("delete", "--env", "dev", "--yes", "--only-step", "load-balancers")
    assert [call.split(" delete ")[1] for call in ai.changes() if " delete service " in call] == [
        "service front --namespace lenie-ai-dev --timeout 10m",
        "service back --namespace other --timeout 10m",
    ]


def test_delete_without_karpenter_in_it(poc: Machine) -> None:
    poc.done("create", "--env", "dev")
    (poc.state / "release-karpenter-crd").unlink()
    assert "nothing to do: Karpenter is not there" in poc.done("delete", "--env", "dev", "--yes")


@pytest.mark.parametrize(("name", "step"), [(name, step) for name in (AI, POC) for step in DROPS[name]])
def test_a_failed_deletion_can_be_resumed(tmp_path: Path, name: str, step: str) -> None:
    machine = Machine(tmp_path, name)
    machine.done("create", "--env", "dev")
    failed = machine.run("delete", "--env", "dev", "--yes", FAIL=REMOVAL[step])
    number = DROPS[name].index(step)
    assert failed.returncode not in (0, 2)
    assert headings(failed.stdout) == DROPS[name][: number + 1]
    assert failed.stderr.splitlines()[-1].endswith(f"cluster.sh delete --env dev --from-step {step}")
    rest = machine.done("delete", "--env", "dev", "--yes", "--from-step", step)
    assert headings(rest) == DROPS[name][number:]
    assert not machine.has("cluster")
    assert machine.read("contexts") == machine.read("users") == machine.read("clusters") == ""


@pytest.mark.parametrize("answer", ["", "\n", "yes\n", "lenie\n"])
def test_delete_asks_for_the_name(ai: Machine, answer: str) -> None:
    ai.done("create", "--env", "dev")
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
    ai.done("create", "--env", "dev")
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
