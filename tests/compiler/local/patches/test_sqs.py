"""Queues with several producers and consumers, and the way into the dead-letter queue."""

from __future__ import annotations

import inspect
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from moto import mock_aws
from moto.sqs.models import Queue, SQSBackend
from support_local import Cloud

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sqs:*", "Resource": "*"}],
}


@mock_aws
def test_moto_itself_gives_a_message_a_past_in_the_dead_letter_queue() -> None:
    client = boto3.client("sqs", region_name="us-east-1")
    source, dead = _redrive(client)
    client.send_message(QueueUrl=source, MessageBody="x")
    for _ in range(2):
        client.receive_message(QueueUrl=source, VisibilityTimeout=0)
    (message,) = client.receive_message(QueueUrl=dead, AttributeNames=["All"])["Messages"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"


def test_moto_itself_locks_nothing_when_it_receives_and_deletes() -> None:
    for method in (SQSBackend.receive_message, Queue.delete_message):
        assert "_messages_lock" not in inspect.getsource(method)


@mock_aws
def test_moto_itself_takes_the_policy_of_a_queue_away() -> None:
    client = boto3.client("sqs", region_name="us-east-1")
    assert _policy_after_a_change(client) is None


def test_a_change_of_a_queue_leaves_its_policy(cloud: Cloud) -> None:
    client = cloud.client("sqs")
    assert _policy_after_a_change(client) == POLICY
    url = client.get_queue_url(QueueName="guarded")["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "Policy" not in found
    assert found["DelaySeconds"] == "3"


def _policy_after_a_change(client: Any) -> Any:
    url = client.create_queue(QueueName="guarded", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "3"})
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get("Policy")
    return None if found is None else json.loads(found)


def test_nothing_is_lost_or_doubled_between_producers_and_consumers(cloud: Cloud) -> None:
    client = cloud.client("sqs")
    queue = client.create_queue(QueueName="busy")["QueueUrl"]
    count, received = 300, Counter[str]()

    def produce(worker: int) -> None:
        for number in range(worker, count, 4):
            client.send_message(QueueUrl=queue, MessageBody=str(number))

    def consume(_: int) -> Counter[str]:
        found = Counter[str]()
        while messages := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=2).get(
            "Messages"
        ):
            for message in messages:
                found[message["Body"]] += 1
                client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    with ThreadPoolExecutor(8) as pool:
        producers = [pool.submit(produce, worker) for worker in range(4)]
        for found in pool.map(consume, range(4)):
            received += found
        for producer in producers:
            producer.result()
    assert received == Counter(str(number) for number in range(count))


def test_a_consumer_waits_for_a_message(cloud: Cloud) -> None:
    client = cloud.client("sqs")
    queue = client.create_queue(QueueName="slow")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        waiting = pool.submit(client.receive_message, QueueUrl=queue, WaitTimeSeconds=10)
        time.sleep(0.5)
        client.send_message(QueueUrl=queue, MessageBody="x")
        assert waiting.result()["Messages"][0]["Body"] == "x"
        assert 0.4 < time.monotonic() - began < 5
    began = time.monotonic()
    assert "Messages" not in client.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
    assert 0.9 < time.monotonic() - began < 3


def test_a_message_that_fails_too_often_is_set_aside(cloud: Cloud) -> None:
    client = cloud.client("sqs")
    source, dead = _redrive(client)
    client.send_message(QueueUrl=source, MessageBody="poison")
    (first,) = client.receive_message(QueueUrl=source, VisibilityTimeout=0, AttributeNames=["All"])["Messages"]
    assert "Messages" not in client.receive_message(QueueUrl=source)
    assert "Messages" not in client.receive_message(QueueUrl=source)
    (message,) = client.receive_message(QueueUrl=dead, AttributeNames=["All"])["Messages"]
    assert (message["Body"], message["Attributes"]["ApproximateReceiveCount"]) == ("poison", "1")
    # It is as old as it was.
    assert message["Attributes"]["SentTimestamp"] == first["Attributes"]["SentTimestamp"]


def _redrive(client: Any) -> tuple[str, str]:
    """Return a queue, and the one that its messages go to when they were received once."""
    dead = client.create_queue(QueueName="dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    source = client.create_queue(QueueName="source", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    return source, dead
