"""AWS Systems Manager's parameters and AWS Secrets Manager's secrets."""

from __future__ import annotations

import json

from lenie.compiler.local.types.base import Context, Json, ResourceType, differing, pick, tag_changes, tag_list, tag_map


class Parameter(ResourceType):
    """A parameter of Parameter Store; its tags are a map. SecureString is none of CloudFormation's types."""

    name = "AWS::SSM::Parameter"
    properties = frozenset({"Name", "Type", "Value", "Description", "AllowedPattern", "Tier", "DataType", "Tags"})
    required = frozenset({"Type", "Value"})
    returns = frozenset({"Type", "Value"})
    tags_are_map = True
    identity = "Name"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("Name") or at.name(2048))
        given = pick(wanted, *(self.properties - {"Name", "Tags"}))
        at.call("ssm", "put_parameter", Name=name, **given, Tags=tag_list(wanted.get("Tags")) or None)
        return at.created(name)

    def read(self, at: Context, id: str) -> Json | None:
        if at.find("ssm", "get_parameter", Name=id) is None:
            return None
        value = at.call("ssm", "get_parameter", Name=id)["Parameter"]
        filters = [{"Key": "Name", "Option": "Equals", "Values": [id]}]
        told = at.call("ssm", "describe_parameters", ParameterFilters=filters)["Parameters"][0]
        tags = at.call("ssm", "list_tags_for_resource", ResourceType="Parameter", ResourceId=id)["TagList"]
        return {
            **pick(told, "Name", "Type", "Description", "AllowedPattern", "Tier", "DataType"),
            "Value": value["Value"],
            "Tags": {tag["Key"]: tag["Value"] for tag in tags},
        }

    def attributes(self, at: Context, id: str) -> Json:
        return pick(at.call("ssm", "get_parameter", Name=id)["Parameter"], "Type", "Value")

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        names = self.properties - {"Name", "Tags"}
        if differing(wanted, before) & names:
            description = {"Description": wanted.get("Description", "")} if "Description" in before else {}
            at.call("ssm", "put_parameter", Name=id, Overwrite=True, **{**description, **pick(wanted, *names)})
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("ssm", "remove_tags_from_resource", ResourceType="Parameter", ResourceId=id, TagKeys=gone)
        if new:
            at.call("ssm", "add_tags_to_resource", ResourceType="Parameter", ResourceId=id, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("ssm", "delete_parameter", Name=id)


class Secret(ResourceType):
    """A secret, with a value that is given or generated; its id is its ARN. It is deleted without a recovery window."""

    name = "AWS::SecretsManager::Secret"
    properties = frozenset({"Name", "Description", "GenerateSecretString", "SecretString", "KmsKeyId", "Tags"})
    returns = frozenset({"Id"})
    #: What the value is made of.
    unread = frozenset({"GenerateSecretString"})

    def create(self, at: Context, wanted: Json) -> str:
        given = pick(wanted, "Description", "KmsKeyId")
        value = wanted.get("SecretString") or self._generated(at, wanted.get("GenerateSecretString"))
        name = wanted.get("Name") or at.name(512)
        made = at.call(
            "secretsmanager", "create_secret", Name=name, SecretString=value, Tags=wanted.get("Tags"), **given
        )
        return at.created(str(made["ARN"]))

    def existing(self, at: Context, wanted: Json) -> str:
        found = at.find("secretsmanager", "describe_secret", SecretId=wanted["Name"]) if "Name" in wanted else None
        return str(found["ARN"]) if found else ""

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("secretsmanager", "describe_secret", SecretId=id)
        if found is None or found.get("DeletedDate"):
            return None
        value = (at.find("secretsmanager", "get_secret_value", SecretId=id) or {}).get("SecretString")
        tags = tag_list(tag_map(found.get("Tags")))
        return {**pick(found, "Name", "Description", "KmsKeyId"), "SecretString": value, "Tags": tags}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        # What the template has no more is emptied.
        given: Json = {name: wanted.get(name, "") for name in ("Description", "KmsKeyId") if name in changed}
        if changed & {"SecretString", "GenerateSecretString"}:
            given["SecretString"] = wanted.get("SecretString") or self._generated(
                at, wanted.get("GenerateSecretString")
            )
        if given:
            at.call("secretsmanager", "update_secret", SecretId=id, **given)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("secretsmanager", "untag_resource", SecretId=id, TagKeys=gone)
        if new:
            at.call("secretsmanager", "tag_resource", SecretId=id, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("secretsmanager", "delete_secret", SecretId=id, ForceDeleteWithoutRecovery=True)

    @staticmethod
    def _generated(at: Context, rule: Json | None) -> str | None:
        if rule is None:
            return None
        own = {"SecretStringTemplate", "GenerateStringKey"}
        given = {key: value for key, value in rule.items() if key not in own}
        made = str(at.call("secretsmanager", "get_random_password", **given)["RandomPassword"])
        if "GenerateStringKey" not in rule:
            return made
        return json.dumps({**json.loads(rule.get("SecretStringTemplate", "{}")), rule["GenerateStringKey"]: made})
