"""Keys of KMS: what is refused, and what a function does with a key that a stack made."""

from __future__ import annotations

from typing import Any

import pytest
from support_local import Cloud, Json, resources


def key(**properties: Any) -> Json:
    return {"Type": "AWS::KMS::Key", "Properties": properties}


def test_a_key_encrypts_by_its_alias(cloud: Cloud) -> None:
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/data", "TargetKeyId": {"Ref": "Key"}}}
    assert cloud.create("s", resources(Key=key(), Alias=alias))["StackStatus"] == "CREATE_COMPLETE", cloud.reasons("s")
    kms = cloud.client("kms")
    sealed = kms.encrypt(KeyId="alias/data", Plaintext=b"a secret")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"a secret"


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"PendingWindowInDays": 5}, "PendingWindowInDays is 5, and not from 7 to 30"),
        ({"PendingWindowInDays": "soon"}, "'soon' is not a whole number"),
        ({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "EnableKeyRotation": True}, "and not of RSA_2048"),
        ({"KeySpec": "RSA_1"}, "RSA_1"),
        ({"RotationPeriodInDays": 90}, "RotationPeriodInDays"),
    ],
)
def test_what_kms_would_refuse_or_the_emulator_would_lose(cloud: Cloud, properties: Json, words: str) -> None:
    assert cloud.create("s", resources(Key=key(**properties)))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert words in cloud.reasons("s")[0]
    assert cloud.client("kms").list_keys()["Keys"] == []


def test_a_key_stays_what_it_is(cloud: Cloud) -> None:
    assert cloud.create("s", resources(Key=key(Description="one")))["StackStatus"] == "CREATE_COMPLETE"
    other = resources(Key=key(Description="two", KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY"))
    assert cloud.update("s", other)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "KeySpec and KeyUsage of a key cannot be changed" in cloud.reasons("s")[0]
    (found,) = cloud.client("kms").list_keys()["Keys"]
    assert cloud.client("kms").describe_key(KeyId=found["KeyId"])["KeyMetadata"]["Description"] == "one"


def test_a_key_waits_as_long_as_it_says(cloud: Cloud) -> None:
    assert cloud.create("s", resources(Key=key(PendingWindowInDays=7)))["StackStatus"] == "CREATE_COMPLETE"
    id = cloud.physical("s")["Key"]
    assert cloud.delete("s")["StackStatus"] == "DELETE_COMPLETE"
    told = cloud.client("kms").describe_key(KeyId=id)["KeyMetadata"]
    assert told["KeyState"] == "PendingDeletion"
    assert 6 <= (told["DeletionDate"] - told["CreationDate"]).days <= 7
