"""What is emitted for which cluster: steps, add-ons, values, comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rule_clusters import cluster_spec
from support_eks import generated

from lenie.compiler.data import kubernetes
from lenie.compiler.pipeline import Compilation, compile_spec
from lenie.targets import DIALECTS, TARGETS, load_target
from lenie.targets.eks.manifests import duration
from lenie.targets.eks.script import DELETE_STEPS, create_steps

POOL = "pools: {default: {families: [c], cpu-limit: 8, memory-limit: 32GB}}"


def compiled(tmp_path: Path, more: str = "", **changes: str) -> Compilation:
    spec = tmp_path / "spec.yaml"
    spec.write_text(cluster_spec(more, **changes), encoding="utf-8")
    run = compile_spec(spec, ("eks",), shown="spec.yaml")
    assert not run.failed, [found.message for found in run.diagnostics]
    return run


def files(tmp_path: Path, more: str = "", **changes: str) -> dict[str, str]:
    return dict(compiled(tmp_path, more, **changes).outputs["eks"])


def config(found: dict[str, str]) -> Any:
    return yaml.safe_load(found["demo/cluster.yaml"])


def test_every_part_of_a_graph_has_its_targets() -> None:
    covered = {name: load_target(name).covers for name in TARGETS}
    assert covered == {**dict.fromkeys(DIALECTS, "components"), "eks": "clusters"}


def test_targets_of_components_print_nothing_of_clusters(tmp_path: Path) -> None:
    (tmp_path / "with.yaml").write_text(cluster_spec(name="lonely-cluster"), encoding="utf-8")
    run = compile_spec(tmp_path / "with.yaml", DIALECTS, scope="all")
    assert not run.failed
    assert not [path for found in run.outputs.values() for path, text in found.items() if "lonely-cluster" in text]


def test_a_plain_cluster_has_no_roles_and_no_charts(tmp_path: Path) -> None:
    found = files(tmp_path)
    assert sorted(path for path in found if path.startswith("demo/")) == [
        "demo/cluster.sh",
        "demo/cluster.yaml",
        "demo/environments/dev.sh",
        "demo/environments/prod.sh",
        "demo/namespace.yaml",
    ]
    assert "CREATE_STEPS='cluster nodes addons kubeconfig namespace'\n" in found["demo/cluster.sh"]
    assert f"DELETE_STEPS='{' '.join(DELETE_STEPS)}'\n" in found["demo/cluster.sh"]
    assert "podIdentityAssociations" not in found["demo/cluster.yaml"]


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ("addons: {ebs-csi: v1.65.0-eksbuild.1}", "storage-class"),
        ("addons: {metrics-server: 3.14.0}", "metrics-server"),
        ("addons: {reloader: 2.2.18}", "reloader"),
        ("addons: {load-balancer-controller: 3.5.0}", "load-balancer-controller"),
        (f"karpenter: {{version: 1.14.1, {POOL}}}", "node-pools"),
    ],
)
def test_steps_follow_what_the_spec_asks_for(tmp_path: Path, more: str, step: str) -> None:
    run = compiled(tmp_path, more)
    assert run.graph is not None
    cluster = run.graph.clusters["demo"]
    assert step in create_steps(cluster)
    assert ("roles" in create_steps(cluster)) == ("demo/roles.yaml" in run.outputs["eks"])
    # What a cluster got from an earlier spec is deleted, too.
    assert {"node-pools", "roles"} <= set(DELETE_STEPS)
    assert create_steps(cluster).index("cluster") < create_steps(cluster).index(step)


def test_only_spot_pools_need_the_role_for_spot(tmp_path: Path) -> None:
    pool = POOL.replace("{families", "{spot: true, families")
    for pools, wanted in ((POOL, False), (pool, True)):
        run = compiled(tmp_path, f"karpenter: {{version: 1.14.1, {pools}}}")
        assert run.graph is not None
        assert ("spot-role" in create_steps(run.graph.clusters["demo"])) == wanted


@pytest.mark.parametrize(("version", "policy"), [("1.36", "STANDARD"), ("1.33", "EXTENDED")])
def test_extended_support_is_chosen_where_it_is_needed(tmp_path: Path, version: str, policy: str) -> None:
    assert config(files(tmp_path, version=version))["upgradePolicy"] == {"supportType": policy}


def test_kubectl_fits_the_cluster(tmp_path: Path) -> None:
    assert "kubectl=1.34.0'" in files(tmp_path, version="1.35")["demo/cluster.sh"]


def test_karpenter_has_as_many_replicas_as_there_are_nodes(tmp_path: Path) -> None:
    more = f"karpenter: {{version: 1.14.1, {POOL}}}"
    assert yaml.safe_load(files(tmp_path, more)["demo/values/karpenter.yaml"])["replicas"] == 2
    spec = cluster_spec(more).replace("min: 2", "min: 1")
    (tmp_path / "one.yaml").write_text(spec, encoding="utf-8")
    run = compile_spec(tmp_path / "one.yaml", ("eks",))
    assert yaml.safe_load(run.outputs["eks"]["demo/values/karpenter.yaml"])["replicas"] == 1


def test_the_volumes_of_bottlerocket(tmp_path: Path) -> None:
    more = f"karpenter: {{version: 1.14.1, image: bottlerocket@v1.50.0, disk: 40GB, {POOL}}}"
    node_class = next(yaml.safe_load_all(files(tmp_path, more)["demo/node-pools.yaml"]))
    volumes = node_class["spec"]["blockDeviceMappings"]
    assert [(one["deviceName"], one["ebs"]["volumeSize"], one["ebs"]["encrypted"]) for one in volumes] == [
        ("/dev/xvda", "4Gi", True),
        ("/dev/xvdb", "40Gi", True),
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (60, "1m"), (90, "1m30s"), (5400, "1h30m"), (30 * 86400, "720h"), (3661, "1h1m1s")],
)
def test_durations(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_charts_are_pinned_to_the_spec() -> None:
    script = generated()["lenie-ai/cluster.sh"]
    for name, version in (("metrics-server", "3.14.0"), ("reloader", "2.2.18"), ("load-balancer-controller", "3.5.0")):
        chart = kubernetes.CHARTS[name]
        assert f"  chart {name} {chart.chart} {version} {chart.repository}\n" in script
    script = generated()["lenie-karpenter-poc1/cluster.sh"]
    for name in ("karpenter-crd", "karpenter"):
        assert f"  chart {name} oci://public.ecr.aws/karpenter/{name} 1.14.1\n" in script


def test_every_file_says_where_it_comes_from() -> None:
    for path, text in generated().items():
        if path == "sourcemap.json":
            continue
        first = "\n".join(text.splitlines()[:4])
        assert "ritten by `lenie-compile`" in first or "Written by lenie-compile" in first, path


def test_the_source_map_names_the_cluster_for_every_line() -> None:
    files = json.loads(generated()["sourcemap.json"])["files"]
    assert set(files) == {path for path in generated() if path != "sourcemap.json"}
    for path, file in files.items():
        if path.startswith("lib/") or path == "README.md":
            assert "spec" not in file, path
            continue
        (block,) = file["blocks"]
        assert block["lines"] == generated()[path].count("\n"), path
        assert [thing["name"] for thing in block["items"]] == [path.partition("/")[0]]
        assert file["spec"].startswith("kubernetes."), path


def test_newer_charts_are_a_warning(tmp_path: Path) -> None:
    run = compiled(tmp_path, "addons: {reloader: 2.3.0, metrics-server: 3.14.9}")
    assert [(found.code, found.message) for found in run.diagnostics] == [
        ("W542", "the compiler writes values for reloader 2.2, and 2.3.0 is newer")
    ]


def test_the_readme_names_every_step_and_tool() -> None:
    text = generated()["README.md"]
    for path, script in generated().items():
        if path.endswith("cluster.sh"):
            for step in script.split("CREATE_STEPS='")[1].split("'")[0].split():
                assert f"`{step}`" in text
    for tool, (least, _) in kubernetes.TOOLS.items():
        assert f"| {tool} | {least} or newer |" in text


def scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for item in pair:
                yield from scalars(item)


def test_names_stay_texts_whatever_they_are(tmp_path: Path) -> None:
    addons = "addons: {ebs-csi: v1.65.0-eksbuild.1, load-balancer-controller: 3.5.0}"
    more = f"karpenter: {{version: 1.14.1, {POOL}}}\n{addons}"
    for name, text in files(tmp_path, more).items():
        if not name.endswith(".yaml"):
            continue
        text = text.replace("${API_ACCESS_LIST}", "[198.18.0.0/24]")
        for given in ("123", "yes", "null", "1e5"):
            filled = re.sub(r"\$\{[A-Z0-9_]+\}", given, text)
            documents = list(yaml.compose_all(filled, Loader=yaml.SafeLoader))
            found = [node for document in documents for node in scalars(document) if node.value == given]
            assert all(node.tag == "tag:yaml.org,2002:str" for node in found), (name, given)
            assert len(found) == len(re.findall(r'"\$\{[A-Z0-9_]+\}"', text)), (name, given)


def test_the_readme_names_the_networks_of_all_clusters(tmp_path: Path) -> None:
    other = cluster_spec(name="other").partition("kubernetes:\n")[2].replace("vpc.public", "vpc.edge")
    text = cluster_spec(also=other).replace(
        "          private:", "          edge: {cidrs: [10.0.8.0/24, 10.0.9.0/24], public: true}\n          private:"
    )
    spec = tmp_path / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    run = compile_spec(spec, ("eks",), shown="spec.yaml")
    assert not run.failed, [found.message for found in run.diagnostics]
    readme = run.outputs["eks"]["README.md"]
    assert [line for line in readme.splitlines() if line.startswith("- `/")] == [
        "- `/demo/dev/vpc-id`",
        "- `/demo/dev/public-subnet-a/subnet-id`",
        "- `/demo/dev/public-subnet-b/subnet-id`",
        "- `/demo/dev/edge-subnet-a/subnet-id`",
        "- `/demo/dev/edge-subnet-b/subnet-id`",
    ]
