"""Which CloudFormation type a scanner's check looks at, so that a waiver lands on the right resource.

Source: checkov's policy index for CloudFormation (https://www.checkov.io/5.Policy%20Index/cloudformation.html).
"""

from __future__ import annotations

import re

#: Ids of the checks of checkov and of cfn-lint, as they may stand in `waive`.
SCANNER_ID = re.compile(r"CKV2?_[A-Z]+_[0-9]+|[EWI][0-9]{4}")

#: Check id -> types that it inspects. A check that is not listed is taken to mean a declaration's first resource.
CHECK_TYPES: dict[str, frozenset[str]] = {
    "CKV_AWS_24": frozenset({"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}),
    "CKV_AWS_25": frozenset({"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}),
    "CKV_AWS_260": frozenset({"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}),
}
