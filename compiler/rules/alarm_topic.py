"""An alarm tells a topic that refuses it.

CloudWatch may use a KMS key only if the key's policy says so, and nobody can change the policy of `aws/sns`, with which
a topic is encrypted. The alarm changes its state, the message is lost, and nothing shows it. A key of one's own would
work; it costs 1 USD a month. An alarm's message holds the alarm's name, its reason and the numbers of a metric.
Sources: Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
topics"; Amazon CloudWatch User Guide, "Notifying users on alarm changes".

Wrong:

    problems: {kind: topic, email: ["${param.alert-email}"]}
    failed:   {kind: alarm, watch: sqs-to-rds, when: [failed], notify: problems}

Right:

    problems:
      kind: topic
      email: [...]
      encrypted: false
      waive:
        E324: alarms cannot publish to an encrypted topic
        CKV_AWS_26: alarms cannot publish to an encrypted topic
    failed:   {kind: alarm, watch: sqs-to-rds, when: [failed], notify: problems}
"""

from __future__ import annotations

from lenie.compiler.kinds.alarm import Alarm
from lenie.compiler.kinds.topic import Topic
from lenie.compiler.program import Program
from lenie.compiler.rules import Finding

CODE = "E336"


def check(program: Program, finding: Finding) -> None:
    """Report alarms whose topic is encrypted."""
    for declaration, alarm in program.of(Alarm):
        found = program.find(alarm.notify.name, Topic)
        if found is not None and found[1].encrypted:
            topic = found[0]
            written = program.tree.node(topic.at("encrypted")) is not None
            also = (topic.at("encrypted"), "encrypted") if written else (topic.path, "encrypted by default")
            finding(
                f'the alarm never arrives: CloudWatch cannot publish to "{topic.name}", encrypted with aws/sns',
                declaration.at("notify"),
                also=[also],
                help=f'write encrypted: false at "{topic.name}", and waive E324 there, and CKV_AWS_26 for checkov',
            )
