"""IAM Identity Center: groups and their members."""

from __future__ import annotations

from lenie.targets.tf.row import Flat, Row

ROWS = {
    "AWS::IdentityStore::Group": Row("aws_identitystore_group", attributes={"Ref": "group_id", "GroupId": "group_id"}),
    "AWS::IdentityStore::GroupMembership": Row(
        "aws_identitystore_group_membership", {"MemberId": Flat({"UserId": "member_id"})}
    ),
}
