"""Systems Manager: parameters. They hold nothing secret, so that a plan may show them."""

from __future__ import annotations

from lenie.targets.tf.row import Row

ROWS = {
    "AWS::SSM::Parameter": Row(
        "aws_ssm_parameter", {"Value": "insecure_value"}, {"Ref": "name", "Value": "insecure_value", "Type": "type"}
    ),
}
