"""EventBridge Scheduler: schedules."""

from __future__ import annotations

from lenie.targets.tf.row import Row

ROWS = {
    "AWS::Scheduler::Schedule": Row("aws_scheduler_schedule", attributes={"Ref": "name", "Arn": "arn"}),
}
