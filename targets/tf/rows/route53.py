"""Route 53: hosted zones and records."""

from __future__ import annotations

from lenie.targets.tf.row import Flat, Nested, Refused, Row

ROWS = {
    "AWS::Route53::HostedZone": Row(
        "aws_route53_zone",
        {"HostedZoneConfig": Flat()},
        {"Ref": "zone_id", "Id": "zone_id"},
        # The provider would write a comment of its own.
        constants={"comment": ""},
    ),
    "AWS::Route53::RecordSet": Row(
        "aws_route53_record",
        {
            "HostedZoneId": "zone_id",
            "HostedZoneName": Refused("the provider finds a zone by its id only"),
            "ResourceRecords": "records",
            "AliasTarget": Nested("alias", {"DNSName": "name", "HostedZoneId": "zone_id"}),
        },
        {"Ref": "name"},
    ),
}
