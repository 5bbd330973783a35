"""Ephemeral resources: values that are read at each run, and never stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from standin.aws import Aws
from standin.resource import State, given


def _random_password(aws: Aws, config: State) -> State:
    made = aws.client("secretsmanager").get_random_password(
        **given(
            config,
            PasswordLength="password_length",
            ExcludeCharacters="exclude_characters",
            ExcludeLowercase="exclude_lowercase",
            ExcludeNumbers="exclude_numbers",
            ExcludePunctuation="exclude_punctuation",
            ExcludeUppercase="exclude_uppercase",
            IncludeSpace="include_space",
            RequireEachIncludedType="require_each_included_type",
        )
    )
    return {"random_password": made["RandomPassword"]}


def _secret_version(aws: Aws, config: State) -> State:
    found = aws.client("secretsmanager").get_secret_value(
        **given(config, SecretId="secret_id", VersionId="version_id", VersionStage="version_stage")
    )
    return {
        "arn": found["ARN"],
        "secret_string": found.get("SecretString"),
        "version_id": found["VersionId"],
        "version_stages": found["VersionStages"],
        "created_date": found["CreatedDate"].isoformat(),
    }


def _parameter(aws: Aws, config: State) -> State:
    decrypt = config["with_decryption"] is not False
    found: dict[str, Any] = aws.client("ssm").get_parameter(Name=config["arn"], WithDecryption=decrypt)["Parameter"]
    return {
        "name": found["Name"],
        "type": found["Type"],
        "value": found["Value"],
        "version": found["Version"],
        "with_decryption": decrypt,
    }


#: Type -> what reads it.
EPHEMERAL: dict[str, Callable[[Aws, State], State]] = {
    "aws_secretsmanager_random_password": _random_password,
    "aws_secretsmanager_secret_version": _secret_version,
    "aws_ssm_parameter": _parameter,
}
