"""A layer: its package follows sources, runtime and architecture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import compile_snippet, errors, of_type, one, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation
from lenie.compiler.graph import Graph

ARTIFACTS = "artifacts: {kind: bucket, purpose: artifacts}\n"
LAYER = ARTIFACTS + "web: {kind: layer, bucket: artifacts, runtime: python3.13, description: HTTP clients}\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    directory = tmp_path / "lambdas" / "layers" / "web"
    directory.mkdir(parents=True)
    (directory / "requirements.txt").write_text("requests==2.32.3\n")
    return tmp_path


def layer(directory: Path, resources: str = LAYER) -> Graph:
    return compile_snippet(one(resources), directory=directory, defaults={})


def key(directory: Path, resources: str = LAYER) -> str:
    content: Any = of_type(layer(directory, resources), "AWS::Lambda::LayerVersion")[0].properties["Content"]
    return str(content["S3Key"])


def test_properties(sources: Path) -> None:
    graph = layer(sources)
    assert schema_faults(graph) == []
    version = resource(graph, "WebLayer")
    assert version.properties == {
        "LayerName": Interpolation(("demo-", EnvironmentName(), "-web")),
        "Description": "HTTP clients",
        "CompatibleRuntimes": ["python3.13"],
        "CompatibleArchitectures": ["x86_64"],
        "Content": {"S3Bucket": AttributeOf("main", "ArtifactsBucket", "Ref"), "S3Key": key(sources)},
    }
    assert version.deletion_policy == version.update_replace_policy == "Retain"
    assert version.origin(("Description",)) == ("components", "main", "resources", "web", "description")


def test_key_names_layer_and_digest(sources: Path) -> None:
    folder, name, package = key(sources).split("/")
    assert (folder, name) == ("layers", "web")
    assert len(package.removesuffix(".zip")) == 16


def test_key_follows_sources_runtime_and_architecture(sources: Path) -> None:
    keys = [
        key(sources),
        key(sources, LAYER.replace("python3.13", "python3.12")),
        key(sources, LAYER.replace("description", "architecture: arm64, description")),
    ]
    (sources / "lambdas/layers/web/requirements.txt").write_text("requests==2.32.4\n")
    keys.append(key(sources))
    assert len(set(keys)) == 4


def test_key_does_not_follow_anything_else(sources: Path) -> None:
    before = key(sources)
    assert key(sources, LAYER.replace("HTTP clients", "Another text")) == before
    (sources / "lambdas/layers/web/.cache").write_text("hidden")
    (sources / "lambdas/other.txt").write_text("not in the layer")
    assert key(sources) == before


def test_runtime_of_a_parameter_resource_counts_by_its_value(sources: Path) -> None:
    shared = LAYER.replace("runtime: python3.13", 'runtime: "${lambda-runtime.value}"')
    resources = shared + "lambda-runtime: {kind: parameter, path: python/runtime, value: python3.13}\n"
    assert key(sources, resources) == key(sources)
    assert key(sources, resources.replace("value: python3.13", "value: python3.12")) != key(sources)
    version = resource(layer(sources, resources), "WebLayer")
    assert version.properties["CompatibleRuntimes"] == [AttributeOf("main", "LambdaRuntimeParameter", "Value")]


def test_functions_name_the_version(sources: Path) -> None:
    code = sources / "lambdas" / "job"
    code.mkdir()
    (code / "handler.py").write_text("def lambda_handler(event, context):\n    return event\n")
    job = "job: {kind: function, runtime: python3.13, bucket: artifacts, timeout: 3s, logs: 7d, layers: [web]}\n"
    assert resource(layer(sources, LAYER + job), "JobFunction").properties["Layers"] == [
        AttributeOf("main", "WebLayer", "Ref")
    ]


def test_code_may_stand_elsewhere(sources: Path) -> None:
    (sources / "lambdas/layers/web").rename(sources / "lambdas/http")
    assert key(sources, LAYER.replace("description", "code: http, description")).startswith("layers/web/")


def test_wrong_architecture_is_told_at_the_value(sources: Path) -> None:
    found = errors(one(LAYER.replace("description", "architecture: arm, description")), directory=sources, defaults={})
    assert found == [("E203", '"arm" is not possible here', "arm", 'did you mean "arm64"?')]
