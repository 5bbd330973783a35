"""Organizations: the organization and its policies."""

from __future__ import annotations

from lenie.targets.tf.row import Json, Parts, Row

ROWS = {
    "AWS::Organizations::Organization": Row(
        "aws_organizations_organization",
        attributes={"Ref": "id", "Id": "id", "Arn": "arn", "RootId": "roots[0].id"},
        # Services that were given access by hand (Identity Center), and types of policies, are not of the spec: an
        # argument that is left out would take them away again.
        ignore_changes=("aws_service_access_principals", "enabled_policy_types"),
    ),
    "AWS::Organizations::Policy": Row(
        "aws_organizations_policy",
        {
            "Content": Json("content"),
            "TargetIds": Parts("aws_organizations_policy_attachment", {"policy_id": "id"}, element="target_id"),
        },
        {"Ref": "id", "Id": "id", "Arn": "arn"},
    ),
}
