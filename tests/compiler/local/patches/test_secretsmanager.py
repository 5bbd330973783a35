"""Secrets lose what a change takes away."""

from __future__ import annotations

from typing import Any

from support_local import Cloud


def template(**properties: Any) -> dict[str, Any]:
    return {"Resources": {"Login": {"Type": "AWS::SecretsManager::Secret", "Properties": properties}}}


def test_what_is_empty_is_taken_away(cloud: Cloud) -> None:
    """A key that is empty is that of the account, as before a key was given."""
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="login", SecretString="x", Description="Of the shop", KmsKeyId="alias/own")
    secrets.update_secret(SecretId="login", SecretString="y")
    kept = secrets.describe_secret(SecretId="login")
    assert (kept["Description"], kept["KmsKeyId"]) == ("Of the shop", "alias/own")
    secrets.update_secret(SecretId="login", Description="", KmsKeyId="")
    found = secrets.describe_secret(SecretId="login")
    assert not {"Description", "KmsKeyId"} & found.keys()
    assert secrets.get_secret_value(SecretId="login")["SecretString"] == "y"


def test_a_property_that_leaves_the_template(cloud: Cloud) -> None:
    given = {"Name": "login", "SecretString": "x"}
    cloud.create("case", template(**given, Description="Of the shop", KmsKeyId="alias/own"))
    updated = cloud.update("case", template(**given))
    assert updated["StackStatus"] == "UPDATE_COMPLETE", cloud.reasons("case")
    secrets = cloud.client("secretsmanager")
    assert not {"Description", "KmsKeyId"} & secrets.describe_secret(SecretId="login").keys()
    assert secrets.get_secret_value(SecretId="login")["SecretString"] == "x", "and nothing else has changed"
