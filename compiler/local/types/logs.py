"""Amazon CloudWatch: log groups and alarms."""

from __future__ import annotations

from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    camel,
    differing,
    pick,
    tag_changes,
    tag_list,
    tag_map,
)


class LogGroup(ResourceType):
    """A log group."""

    name = "AWS::Logs::LogGroup"
    properties = frozenset({"LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass", "Tags"})
    returns = frozenset({"Arn"})
    identity = "LogGroupName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("LogGroupName") or at.name(512))
        given = camel(pick(wanted, "KmsKeyId", "LogGroupClass"))
        at.call("logs", "create_log_group", logGroupName=name, tags=tag_map(wanted.get("Tags")) or None, **given)
        at.created(name)
        self._retain(at, name, wanted)
        return name

    def read(self, at: Context, id: str) -> Json | None:
        found = at.all("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=id)
        group = next((group for group in found if group["logGroupName"] == id), None)
        if group is None:
            return None
        tags = at.call("logs", "list_tags_for_resource", resourceArn=group["arn"].removesuffix(":*"))["tags"]
        return {
            "LogGroupName": id,
            "RetentionInDays": group.get("retentionInDays"),
            "KmsKeyId": group.get("kmsKeyId"),
            "LogGroupClass": group.get("logGroupClass"),
            "Tags": tag_list(tags),
        }

    def attributes(self, at: Context, id: str) -> Json:
        return {"Arn": at.arn("logs", f"log-group:{id}:*")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changed = differing(wanted, before)
        if "RetentionInDays" in changed:
            self._retain(at, id, wanted)
        if "KmsKeyId" in changed:
            if "KmsKeyId" in wanted:
                at.call("logs", "associate_kms_key", logGroupName=id, kmsKeyId=wanted["KmsKeyId"])
            else:
                at.call("logs", "disassociate_kms_key", logGroupName=id)
        arn = at.arn("logs", f"log-group:{id}")
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("logs", "untag_resource", resourceArn=arn, tagKeys=gone)
        if new:
            at.call("logs", "tag_resource", resourceArn=arn, tags=new)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("logs", "delete_log_group", logGroupName=id)

    @staticmethod
    def _retain(at: Context, id: str, wanted: Json) -> None:
        if "RetentionInDays" in wanted:
            at.call("logs", "put_retention_policy", logGroupName=id, retentionInDays=wanted["RetentionInDays"])
        else:
            at.find("logs", "delete_retention_policy", logGroupName=id)


class Alarm(ResourceType):
    """A metric alarm."""

    name = "AWS::CloudWatch::Alarm"
    _PLAIN = (
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "AlarmName",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluationPeriods",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Threshold",
        "TreatMissingData",
        "Unit",
    )
    properties = frozenset({*_PLAIN, "Tags"})
    required = frozenset({"ComparisonOperator", "EvaluationPeriods"})
    returns = frozenset({"Arn"})
    identity = "AlarmName"

    def create(self, at: Context, wanted: Json) -> str:
        name = str(wanted.get("AlarmName") or at.name(255))
        at.call(
            "cloudwatch",
            "put_metric_alarm",
            **{**pick(wanted, *self._PLAIN), "AlarmName": name},
            Tags=wanted.get("Tags"),
        )
        return at.created(name)

    def read(self, at: Context, id: str) -> Json | None:
        found = at.call("cloudwatch", "describe_alarms", AlarmNames=[id])["MetricAlarms"]
        if not found:
            return None
        tags = at.call("cloudwatch", "list_tags_for_resource", ResourceARN=found[0]["AlarmArn"])["Tags"]
        return {**pick(found[0], *self._PLAIN), "Tags": tag_list(tag_map(tags))}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Arn": at.arn("cloudwatch", f"alarm:{id}")}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if differing(wanted, before) - {"Tags"}:
            at.call("cloudwatch", "put_metric_alarm", **{**pick(wanted, *self._PLAIN), "AlarmName": id})
        arn = at.arn("cloudwatch", f"alarm:{id}")
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("cloudwatch", "untag_resource", ResourceARN=arn, TagKeys=gone)
        if new:
            at.call("cloudwatch", "tag_resource", ResourceARN=arn, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("cloudwatch", "delete_alarms", AlarmNames=[id])
