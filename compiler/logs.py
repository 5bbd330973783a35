"""Log groups: every kind that logs says for how long."""

from __future__ import annotations

from lenie.compiler.expressions import AttributeOf, Value
from lenie.compiler.place import Lowering


def log_group(out: Lowering, name: Value, days: int, suffix: str = "LogGroup") -> AttributeOf:
    """Add the log group `name`, which keeps what is logged for `days` (field `logs`); return its ``Ref``.

    Source: AWS::Logs::LogGroup (CloudFormation template reference).
    """
    return out.add(
        suffix,
        "AWS::Logs::LogGroup",
        {"LogGroupName": name, "RetentionInDays": out.at("logs", days)},
        accept={
            "CKV_AWS_158": "CloudWatch encrypts logs with a key of its own; a customer key costs 1 USD a month",
            "CKV_AWS_338": "Logs serve to find faults, not to audit: a year of them would only cost",
        },
    )
