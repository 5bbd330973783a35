"""Amazon SQS and Amazon SNS: queues, topics, subscriptions, and their policies."""

from __future__ import annotations

from typing import Any

from lenie.compiler.local.stacks.errors import Failed
from lenie.compiler.local.types.base import (
    Context,
    Json,
    ResourceType,
    differing,
    pick,
    tag_changes,
    tag_list,
    tag_map,
    text,
)


class Queue(ResourceType):
    """A queue; its id is its URL."""

    name = "AWS::SQS::Queue"
    #: Names of properties that queues have as attributes, under the same name.
    _ATTRIBUTES = (
        "ContentBasedDeduplication",
        "DelaySeconds",
        "FifoQueue",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    )
    #: What SetQueueAttributes is given for a property that is taken away.
    _DEFAULTS = {
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
        "VisibilityTimeout": "30",
    }
    properties = frozenset({"QueueName", "Tags", *_ATTRIBUTES})
    returns = frozenset({"Arn", "QueueName", "QueueUrl"})

    def create(self, at: Context, wanted: Json) -> str:
        name = wanted.get("QueueName") or at.name(80)
        given = {key: _scalar(wanted[key]) for key in self._ATTRIBUTES if key in wanted}
        tags = tag_map(wanted.get("Tags"))
        made = at.call("sqs", "create_queue", QueueName=name, Attributes=given or None, tags=tags or None)
        return at.created(str(made["QueueUrl"]))

    def existing(self, at: Context, wanted: Json) -> str:
        found = at.find("sqs", "get_queue_url", QueueName=wanted["QueueName"]) if "QueueName" in wanted else None
        return str(found["QueueUrl"]) if found else ""

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("sqs", "get_queue_attributes", QueueUrl=id, AttributeNames=["All"])
        if answer is None:
            return None
        found = pick(answer["Attributes"], *self._ATTRIBUTES)
        tags = at.call("sqs", "list_queue_tags", QueueUrl=id).get("Tags")
        return {**found, "QueueName": id.rpartition("/")[2], "Tags": tag_list(tags)}

    def attributes(self, at: Context, id: str) -> Json:
        arn = at.call("sqs", "get_queue_attributes", QueueUrl=id, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return {"Arn": arn, "QueueName": id.rpartition("/")[2], "QueueUrl": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        changes = {}
        for key in sorted(differing(wanted, before) & set(self._ATTRIBUTES)):
            changes[key] = _scalar(wanted[key]) if key in wanted else self._DEFAULTS.get(key, "")
        if changes:
            at.call("sqs", "set_queue_attributes", QueueUrl=id, Attributes=changes)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("sqs", "untag_queue", QueueUrl=id, TagKeys=gone)
        if new:
            at.call("sqs", "tag_queue", QueueUrl=id, Tags=new)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("sqs", "delete_queue", QueueUrl=id)


def _scalar(value: Any) -> str:
    """Return an attribute of a queue or topic, all of which are texts."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(text(value))


class QueuePolicy(ResourceType):
    """The policy of queues."""

    name = "AWS::SQS::QueuePolicy"
    properties = frozenset({"Queues", "PolicyDocument"})
    required = properties
    returns = frozenset({"Id"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        at.created("|".join(wanted["Queues"]))
        self.update(at, at.physical, wanted, {})
        return at.physical

    def read(self, at: Context, id: str) -> Json | None:
        queues, document = [], None
        for url in id.split("|"):
            answer = at.find("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["Policy"])
            policy = (answer or {}).get("Attributes", {}).get("Policy")
            if policy:
                queues.append(url)
                document = document or policy
        return {"Queues": queues, "PolicyDocument": document} if queues else None

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if before and wanted["Queues"] != before["Queues"]:
            raise Failed("The emulator cannot change the queues of a queue policy")
        for url in wanted["Queues"]:
            at.call("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": text(wanted["PolicyDocument"])})

    def delete(self, at: Context, id: str, properties: Json) -> None:
        for url in id.split("|"):
            at.find("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": ""})


class Topic(ResourceType):
    """A topic; its id is its ARN."""

    name = "AWS::SNS::Topic"
    _ATTRIBUTES = (
        "DisplayName",
        "KmsMasterKeyId",
        "FifoTopic",
        "ContentBasedDeduplication",
        "SignatureVersion",
        "TracingConfig",
    )
    properties = frozenset({"TopicName", "Tags", *_ATTRIBUTES})
    returns = frozenset({"TopicArn", "TopicName"})

    def create(self, at: Context, wanted: Json) -> str:
        given = {key: _scalar(wanted[key]) for key in self._ATTRIBUTES if key in wanted}
        name = wanted.get("TopicName") or at.name(256)
        made = at.call("sns", "create_topic", Name=name, Attributes=given or None, Tags=wanted.get("Tags"))
        return at.created(str(made["TopicArn"]))

    def existing(self, at: Context, wanted: Json) -> str:
        return at.arn("sns", wanted["TopicName"]) if "TopicName" in wanted else ""

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("sns", "get_topic_attributes", TopicArn=id)
        if answer is None:
            return None
        tags = at.call("sns", "list_tags_for_resource", ResourceArn=id)["Tags"]
        found = pick(answer["Attributes"], *self._ATTRIBUTES)
        return {**found, "TopicName": id.rpartition(":")[2], "Tags": tag_list(tag_map(tags))}

    def attributes(self, at: Context, id: str) -> Json:
        return {"TopicArn": id, "TopicName": id.rpartition(":")[2]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        for key in sorted(differing(wanted, before) & set(self._ATTRIBUTES)):
            value = _scalar(wanted[key]) if key in wanted else ""
            at.call("sns", "set_topic_attributes", TopicArn=id, AttributeName=key, AttributeValue=value)
        new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
        if gone:
            at.call("sns", "untag_resource", ResourceArn=id, TagKeys=gone)
        if new:
            at.call("sns", "tag_resource", ResourceArn=id, Tags=tag_list(new))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("sns", "delete_topic", TopicArn=id)


class TopicPolicy(ResourceType):
    """The policy of topics."""

    name = "AWS::SNS::TopicPolicy"
    properties = frozenset({"Topics", "PolicyDocument"})
    required = properties
    returns = frozenset({"Id"})
    tags = ""
    #: Of the policy that a topic has by itself.
    _OWN = "__default_policy_ID"

    def create(self, at: Context, wanted: Json) -> str:
        at.created("|".join(wanted["Topics"]))
        self.update(at, at.physical, wanted, {})
        return at.physical

    def read(self, at: Context, id: str) -> Json | None:
        topics, document = [], None
        for arn in id.split("|"):
            answer = at.find("sns", "get_topic_attributes", TopicArn=arn)
            policy = (answer or {}).get("Attributes", {}).get("Policy")
            if policy and self._OWN not in policy:
                topics.append(arn)
                document = document or policy
        return {"Topics": topics, "PolicyDocument": document} if topics else None

    def attributes(self, at: Context, id: str) -> Json:
        return {"Id": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if before and wanted["Topics"] != before["Topics"]:
            raise Failed("The emulator cannot change the topics of a topic policy")
        for arn in wanted["Topics"]:
            self._put(at, arn, text(wanted["PolicyDocument"]) or "")

    def delete(self, at: Context, id: str, properties: Json) -> None:
        for arn in id.split("|"):
            if at.find("sns", "get_topic_attributes", TopicArn=arn) is not None:
                self._put(at, arn, str(text(self._default(at, arn))))

    @staticmethod
    def _put(at: Context, arn: str, policy: str) -> None:
        at.call("sns", "set_topic_attributes", TopicArn=arn, AttributeName="Policy", AttributeValue=policy)

    def _default(self, at: Context, arn: str) -> Json:
        """Return the policy of a new topic. Source: Amazon SNS Developer Guide, GetTopicAttributes."""
        actions = [
            f"SNS:{name}" for name in ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission")
        ]
        actions += [f"SNS:{name}" for name in ("DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish")]
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": actions,
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": at.account}},
        }
        return {"Version": "2008-10-17", "Id": self._OWN, "Statement": [statement]}


class Subscription(ResourceType):
    """A subscription of a topic; its id is its ARN."""

    name = "AWS::SNS::Subscription"
    _ATTRIBUTES = ("RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy")
    properties = frozenset({"TopicArn", "Protocol", "Endpoint", "Region", *_ATTRIBUTES})
    required = frozenset({"TopicArn", "Protocol"})
    returns = frozenset({"Arn"})
    #: It says where the topic is.
    unread = frozenset({"Region"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        given = {key: _scalar(wanted[key]) for key in self._ATTRIBUTES if key in wanted}
        plain = pick(wanted, "TopicArn", "Protocol", "Endpoint")
        made = at.call("sns", "subscribe", **plain, Attributes=given or None, ReturnSubscriptionArn=True)
        return at.created(str(made["SubscriptionArn"]))

    def read(self, at: Context, id: str) -> Json | None:
        answer = at.find("sns", "get_subscription_attributes", SubscriptionArn=id)
        if answer is None:
            return None
        found = answer["Attributes"]
        return {**pick(found, "TopicArn", "Protocol", "Endpoint", *self._ATTRIBUTES)}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Arn": id}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        for key in sorted(differing(wanted, before) & set(self._ATTRIBUTES)):
            value = _scalar(wanted[key]) if key in wanted else ("false" if key == "RawMessageDelivery" else "")
            at.call("sns", "set_subscription_attributes", SubscriptionArn=id, AttributeName=key, AttributeValue=value)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("sns", "unsubscribe", SubscriptionArn=id)
