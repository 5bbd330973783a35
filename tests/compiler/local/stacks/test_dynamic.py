"""Dynamic references, against the emulator's own services."""

from __future__ import annotations

import pytest
from support_local import Cloud

from lenie.compiler.local.stacks.dynamic import resolved
from lenie.compiler.local.stacks.errors import Failed


def test_values_are_read(cloud: Cloud) -> None:
    secrets, parameters = cloud.client("secretsmanager"), cloud.client("ssm")
    arn = secrets.create_secret(Name="/lenie/dev/app", SecretString='{"key": "value", "number": 1}')["ARN"]
    secrets.put_secret_value(SecretId=arn, SecretString='{"key": "newer"}')
    parameters.put_parameter(Name="/a/b", Type="String", Value="one")
    parameters.put_parameter(Name="/a/b", Type="String", Value="two", Overwrite=True)
    parameters.put_parameter(Name="/a/hidden", Type="SecureString", Value="three")
    texts = {
        f"x-{{{{resolve:secretsmanager:{arn}:SecretString:key}}}}-y": "x-newer-y",
        "{{resolve:secretsmanager:/lenie/dev/app:SecretString:key:AWSPREVIOUS}}": "value",
        "{{resolve:secretsmanager:/lenie/dev/app}}": '{"key": "newer"}',
        "{{resolve:ssm:/a/b}}{{resolve:ssm:/a/b:1}}": "twoone",
        "{{resolve:ssm-secure:/a/hidden}}": "three",
        "{{other}}": "{{other}}",
    }
    assert resolved({"a": list(texts)}, cloud.client) == {"a": list(texts.values())}


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("secretsmanager:/no:SecretString:key", "Could not resolve"),
        ("secretsmanager:/lenie/dev/app:SecretString:no", "Could not find a value associated with JSONKey"),
        ("ssm:/no", "Could not resolve"),
        ("ssm:/a/hidden", "is not a plaintext parameter"),
        ("vault:x", "unknown service"),
    ],
)
def test_what_is_not_there_fails(cloud: Cloud, reference: str, words: str) -> None:
    cloud.client("secretsmanager").create_secret(Name="/lenie/dev/app", SecretString='{"key": "value"}')
    cloud.client("ssm").put_parameter(Name="/a/hidden", Type="SecureString", Value="three")
    with pytest.raises(Failed, match=words):
        resolved(f"{{{{resolve:{reference}}}}}", cloud.client)
