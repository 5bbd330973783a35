"""SSM parameters and secrets: with their write-only values."""

from __future__ import annotations

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from standin import tags
from standin.aws import Aws
from standin.resource import Resource, State, changed, generated_name, given


class Parameter(Resource):
    """aws_ssm_parameter."""

    settled: ClassVar[frozenset[str]] = frozenset({"allowed_pattern", "overwrite", "value_wo_version"})

    def create(self, aws: Aws, planned: State) -> str:
        self._put(aws, planned, Tags=tags.as_list(planned["tags_all"]))
        return str(planned["name"])

    @staticmethod
    def _put(aws: Aws, planned: State, **more: Any) -> None:
        value = next(planned[name] for name in ("value_wo", "insecure_value", "value") if planned[name] is not None)
        aws.client("ssm").put_parameter(
            Name=planned["name"],
            Value=value,
            **given(
                planned,
                Type="type",
                Description="description",
                Tier="tier",
                DataType="data_type",
                AllowedPattern="allowed_pattern",
            ),
            **({"KeyId": planned["key_id"]} if planned["key_id"] else {}),
            **more,
        )

    def read(self, aws: Aws, state: State) -> State | None:
        client = aws.client("ssm")
        found = client.get_parameters(Names=[state["id"]], WithDecryption=True)["Parameters"]
        if not found:
            return None
        (parameter,) = found
        (details,) = client.describe_parameters(
            ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [state["id"]]}]
        )["Parameters"]
        hidden = state["value_wo_version"] is not None
        plain = state["insecure_value"] is not None and parameter["Type"] != "SecureString"
        marks = client.list_tags_for_resource(ResourceType="Parameter", ResourceId=state["id"])["TagList"]
        return {
            "id": parameter["Name"],
            "name": parameter["Name"],
            "arn": parameter["ARN"],
            "type": parameter["Type"],
            "value": None if hidden or plain else parameter["Value"],
            "insecure_value": parameter["Value"] if plain else None,
            "has_value_wo": hidden,
            "description": details.get("Description") or ("" if state["description"] == "" else None),
            "tier": details.get("Tier", "Standard"),
            "data_type": parameter["DataType"],
            "key_id": details.get("KeyId", ""),
            "version": parameter["Version"],
            "tags_all": tags.as_map(marks),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("ssm")
        if changed(prior, planned, "value", "insecure_value", "value_wo_version", "description", "type", "tier"):
            if all(planned[name] is None for name in ("value_wo", "insecure_value", "value")):
                planned = {**planned, "value": prior["value"]}
            self._put(aws, planned, Overwrite=True)
        which = {"ResourceType": "Parameter", "ResourceId": prior["id"]}
        gone = tags.lost(prior["tags_all"], planned["tags_all"])
        if gone:
            client.remove_tags_from_resource(TagKeys=gone, **which)
        if planned["tags_all"]:
            client.add_tags_to_resource(Tags=tags.as_list(planned["tags_all"]), **which)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ssm").delete_parameter(Name=state["id"])


def _existing(call: Any, **arguments: Any) -> dict[str, Any] | None:
    try:
        return dict(call(**arguments))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise


class Secret(Resource):
    """aws_secretsmanager_secret."""

    settled: ClassVar[frozenset[str]] = frozenset(
        {"force_overwrite_replica_secret", "name_prefix", "recovery_window_in_days"}
    )

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("secretsmanager").create_secret(
            Name=generated_name(planned, "name"),
            **given(planned, Description="description", KmsKeyId="kms_key_id"),
            Tags=tags.as_list(planned["tags_all"]),
        )
        return str(made["ARN"])

    def read(self, aws: Aws, state: State) -> State | None:
        secret = _existing(aws.client("secretsmanager").describe_secret, SecretId=state["id"])
        if secret is None or "DeletedDate" in secret:
            return None
        return {
            "id": secret["ARN"],
            "arn": secret["ARN"],
            "name": secret["Name"],
            "name_prefix": state["name_prefix"] or "",
            "description": secret.get("Description") or ("" if state["description"] == "" else None),
            "kms_key_id": secret.get("KmsKeyId") or None,
            "policy": "",
            "tags_all": tags.as_map(secret.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("secretsmanager")
        if changed(prior, planned, "description", "kms_key_id"):
            client.update_secret(
                SecretId=prior["id"],
                Description=planned["description"] or "",
                **given(planned, KmsKeyId="kms_key_id"),
            )
        gone = tags.lost(prior["tags_all"], planned["tags_all"])
        if gone:
            client.untag_resource(SecretId=prior["id"], TagKeys=gone)
        if planned["tags_all"]:
            client.tag_resource(SecretId=prior["id"], Tags=tags.as_list(planned["tags_all"]))

    def delete(self, aws: Aws, state: State) -> None:
        window = state["recovery_window_in_days"]
        how: dict[str, Any] = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
        aws.client("secretsmanager").delete_secret(SecretId=state["id"], **how)


class SecretVersion(Resource):
    """aws_secretsmanager_secret_version."""

    settled: ClassVar[frozenset[str]] = frozenset({"secret_string_wo_version"})

    def create(self, aws: Aws, planned: State) -> str:
        names = ("secret_string_wo", "secret_string")
        value = next(planned[name] for name in names if planned[name] is not None)
        made = aws.client("secretsmanager").put_secret_value(
            SecretId=planned["secret_id"], SecretString=value, **given(planned, VersionStages="version_stages")
        )
        return f"{planned['secret_id']}|{made['VersionId']}"

    def read(self, aws: Aws, state: State) -> State | None:
        secret, _, version = state["id"].rpartition("|")
        client = aws.client("secretsmanager")
        found = _existing(client.get_secret_value, SecretId=secret, VersionId=version)
        if found is None:
            return None
        hidden = state["secret_string_wo_version"] is not None
        return {
            "id": state["id"],
            "arn": found["ARN"],
            "secret_arn": found["ARN"],
            "secret_id": secret,
            "secret_string": None if hidden else found["SecretString"],
            "has_secret_string_wo": hidden,
            "version_id": found["VersionId"],
            "version_stages": found["VersionStages"],
        }

    def update(self, aws: Aws, prior: State, planned: State) -> str | None:
        if changed(prior, planned, "secret_string", "secret_string_wo_version"):
            return self.create(aws, {**planned, "version_stages": None})
        return None

    def delete(self, aws: Aws, state: State) -> None:
        """Do nothing: versions go with their secret."""


RESOURCES: dict[str, type[Resource]] = {
    "aws_ssm_parameter": Parameter,
    "aws_secretsmanager_secret": Secret,
    "aws_secretsmanager_secret_version": SecretVersion,
}
