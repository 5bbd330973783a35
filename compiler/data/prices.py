"""On-demand list prices in us-east-1, in USD, without the free tier and without reservations.

A key of the tables other than `EC2_HOURLY` and `RDS_HOURLY` starts with the service that `SOURCES` names. What no AWS
price list and no AWS page confirmed is in `UNCONFIRMED`: say so where such a price is shown.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: Date up to which the prices were looked up; each source has its own.
AS_OF: Final = "2026-11-23"
REGION: Final = "us-east-1"
#: Hours by which AWS's own pages turn an hourly price into a monthly one.
HOURS_PER_MONTH: Final = 730


class Source(NamedTuple):
    """Where the prices of a service stand, and the date of what was read."""

    title: str
    url: str
    date: str
    note: str = ""


_LIST: Final = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"

#: Service -> source. `note` says through what the price list was read, since it was not fetched itself.
SOURCES: Final[dict[str, Source]] = {
    "amplify": Source("AWS Amplify Pricing", "https://aws.amazon.com/amplify/pricing/", "2025", "not confirmed"),
    "apigateway": Source(
        "AWS Price List, AmazonApiGateway", f"{_LIST}/AmazonApiGateway/current/us-east-1/index.json", "2026-08-21"
    ),
    "budgets": Source(
        "AWS Budgets Pricing",
        "https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/",
        "2025",
        "not confirmed",
    ),
    "cloudfront": Source(
        "AWS Price List, AmazonCloudFront", f"{_LIST}/AmazonCloudFront/current/index.json", "2026-08-24"
    ),
    "cloudwatch": Source(
        "Amazon CloudWatch Pricing",
        "https://aws.amazon.com/cloudwatch/pricing/",
        "2026",
        "free amounts from the page; the price of an alarm from 2025",
    ),
    "dynamodb": Source(
        "AWS Price List, AmazonDynamoDB", f"{_LIST}/AmazonDynamoDB/current/us-east-1/index.json", "2026-08-21"
    ),
    "ebs": Source("Amazon EBS Pricing", "https://aws.amazon.com/ebs/pricing/", "2026-04", "through published copies"),
    "ec2": Source(
        "AWS Price List, AmazonEC2",
        f"{_LIST}/AmazonEC2/current/us-east-1/index.csv",
        "2026-01-19",
        "through Karpenter's pkg/providers/pricing/zz_generated.pricing_aws.go; t3, t4g.small, m5, c5, r5, m6g, c6g,"
        " c7g and m7g again in a copy of 2026-08-21 or 2026-08-24: no change",
    ),
    "eks": Source("Amazon EKS Pricing", "https://aws.amazon.com/eks/pricing/", "2025", "not confirmed"),
    "internet": Source("AWS Price List, AWSDataTransfer", f"{_LIST}/AWSDataTransfer/current/index.json", "2026-08-24"),
    "kms": Source("AWS KMS Pricing", "https://aws.amazon.com/kms/pricing/", "2025", "through published copies"),
    "lambda": Source("AWS Price List, AWSLambda", f"{_LIST}/AWSLambda/current/us-east-1/index.json", "2026-08-24"),
    "logs": Source(
        "Amazon CloudWatch Pricing", "https://aws.amazon.com/cloudwatch/pricing/", "2026-08", "storage from 2025"
    ),
    "rds": Source(
        "AWS Price List, AmazonRDS",
        f"{_LIST}/AmazonRDS/current/us-east-1/index.json",
        "2026-09-11",
        "through published copies of 2026-08-21 to 2026-09-11",
    ),
    "route53": Source("Amazon Route 53 Pricing", "https://aws.amazon.com/route53/pricing/", "2026", "published copies"),
    "s3": Source("AWS Price List, AmazonS3", f"{_LIST}/AmazonS3/current/us-east-1/index.json", "2026-08-24"),
    "scheduler": Source(
        "Amazon EventBridge Pricing", "https://aws.amazon.com/eventbridge/pricing/", "2025", "not confirmed"
    ),
    "secretsmanager": Source(
        "AWS Secrets Manager Pricing", "https://aws.amazon.com/secrets-manager/pricing/", "2026", "published copies"
    ),
    "sns": Source("Amazon SNS Pricing", "https://aws.amazon.com/sns/pricing/", "2025", "not confirmed"),
    "sqs": Source("Amazon SQS Pricing", "https://aws.amazon.com/sqs/pricing/", "2025", "not confirmed"),
    "states": Source(
        "AWS Step Functions Pricing", "https://aws.amazon.com/step-functions/pricing/", "2026", "read from the page"
    ),
    "vpc": Source(
        "Amazon VPC Pricing",
        "https://aws.amazon.com/vpc/pricing/",
        "2026-09-11",
        "every public IPv4 address is charged since 2024-02-01, in use or idle",
    ),
    "xray": Source("AWS X-Ray Pricing", "https://aws.amazon.com/xray/pricing/", "2025", "not confirmed"),
}

#: USD an hour for a running Linux instance with shared tenancy. A stopped instance costs its volumes only.
EC2_HOURLY: Final[dict[str, float]] = {
    "t2.nano": 0.0058,
    "t2.micro": 0.0116,
    "t2.small": 0.023,
    "t2.medium": 0.0464,
    "t2.large": 0.0928,
    "t2.xlarge": 0.1856,
    "t2.2xlarge": 0.3712,
    "t3.nano": 0.0052,
    "t3.micro": 0.0104,
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "t3.xlarge": 0.1664,
    "t3.2xlarge": 0.3328,
    "t3a.nano": 0.0047,
    "t3a.micro": 0.0094,
    "t3a.small": 0.0188,
    "t3a.medium": 0.0376,
    "t3a.large": 0.0752,
    "t3a.xlarge": 0.1504,
    "t3a.2xlarge": 0.3008,
    "t4g.nano": 0.0042,
    "t4g.micro": 0.0084,
    "t4g.small": 0.0168,
    "t4g.medium": 0.0336,
    "t4g.large": 0.0672,
    "t4g.xlarge": 0.1344,
    "t4g.2xlarge": 0.2688,
    "m5.large": 0.096,
    "m6g.medium": 0.0385,
    "m6g.large": 0.077,
    "m6i.large": 0.096,
    "m6a.large": 0.0864,
    "m7g.medium": 0.0408,
    "m7g.large": 0.0816,
    "m7i.large": 0.1008,
    "m7i-flex.large": 0.09576,
    "m7a.medium": 0.05796,
    "m7a.large": 0.11592,
    "m8g.medium": 0.04488,
    "m8g.large": 0.08976,
    "m8i.large": 0.10584,
    "m8i-flex.large": 0.10055,
    "m8a.medium": 0.06086,
    "m8a.large": 0.12172,
    "c5.large": 0.085,
    "c6g.medium": 0.034,
    "c6g.large": 0.068,
    "c6i.large": 0.085,
    "c6a.large": 0.0765,
    "c7g.medium": 0.0363,
    "c7g.large": 0.0725,
    "c7i.large": 0.08925,
    "c7i-flex.large": 0.08479,
    "c7a.medium": 0.05132,
    "c7a.large": 0.10264,
    "c8g.medium": 0.03988,
    "c8g.large": 0.07976,
    "c8i.large": 0.09371,
    "c8i-flex.large": 0.08902,
    "c8a.medium": 0.05389,
    "c8a.large": 0.10777,
    "r5.large": 0.126,
    "r6g.medium": 0.0504,
    "r6g.large": 0.1008,
    "r6i.large": 0.126,
    "r6a.large": 0.1134,
    "r7g.medium": 0.0536,
    "r7g.large": 0.1071,
    "r7i.large": 0.1323,
    "r7a.medium": 0.07608,
    "r7a.large": 0.15215,
    "r8g.medium": 0.05891,
    "r8g.large": 0.11782,
    "r8i.large": 0.13892,
    "r8i-flex.large": 0.13197,
    "r8a.medium": 0.07988,
    "r8a.large": 0.15976,
}

#: USD an hour for a running PostgreSQL instance in one zone. Two zones cost twice as much; stopped, only its storage.
RDS_HOURLY: Final[dict[str, float]] = {
    "db.t3.micro": 0.018,
    "db.t3.small": 0.036,
    "db.t3.medium": 0.072,
    "db.t3.large": 0.145,
    "db.t3.xlarge": 0.29,
    "db.t3.2xlarge": 0.579,
    "db.t4g.micro": 0.016,
    "db.t4g.small": 0.032,
    "db.t4g.medium": 0.065,
    "db.t4g.large": 0.129,
    "db.t4g.xlarge": 0.258,
    "db.m5.large": 0.178,
    "db.m6g.large": 0.159,
    "db.r5.large": 0.25,
}

#: USD an hour each.
HOURLY: Final[dict[str, float]] = {
    "eks.cluster": 0.10,  # version in standard support
    "eks.cluster-extended": 0.60,  # version in extended support
    "vpc.elastic-ip": 0.005,  # a public IPv4 address like any other, also while idle
    "vpc.interface-endpoint": 0.01,  # for each availability zone
    "vpc.nat-gateway": 0.045,
    "vpc.public-ipv4": 0.005,
}

#: USD a month for a GB that is kept.
GB_MONTH: Final[dict[str, float]] = {
    "dynamodb.point-in-time-recovery": 0.20,
    "dynamodb.storage": 0.25,
    "ebs.gp2": 0.10,
    "ebs.gp3": 0.08,
    "ebs.snapshot": 0.05,
    "logs.storage": 0.03,
    "rds.gp2": 0.115,
    "rds.gp3": 0.115,
    "rds.snapshot": 0.095,  # backups are free up to the size of the provisioned storage
    "s3.standard": 0.023,
}

#: USD for a GB that is taken in, processed or sent.
GB: Final[dict[str, float]] = {
    "amplify.served": 0.15,
    "cloudfront.out": 0.085,
    "internet.out": 0.09,
    "logs.ingest": 0.50,
    "vpc.nat-processed": 0.045,
}

#: USD a month each.
MONTHLY: Final[dict[str, float]] = {
    "cloudwatch.alarm": 0.10,  # standard resolution, for each metric that it watches
    "kms.key": 1.00,  # customer managed; keys that AWS manages are free
    "route53.zone": 0.50,  # each of the first 25
    "secretsmanager.secret": 0.40,
}

#: USD for a million.
MILLION: Final[dict[str, float]] = {
    "apigateway.rest-request": 3.50,
    "dynamodb.read": 0.125,  # on demand
    "dynamodb.write": 0.625,  # on demand
    "lambda.request": 0.20,
    "sns.publish": 0.50,
    "sqs.request": 0.40,
    "states.transition": 25.0,  # standard workflow
    "xray.trace": 5.0,
}

#: USD for a GB of memory that a function holds for a second.
GB_SECOND: Final[dict[str, float]] = {"lambda.arm64": 0.0000133334, "lambda.x86_64": 0.0000166667}

#: USD a minute.
MINUTE: Final[dict[str, float]] = {"amplify.build": 0.01}

#: What costs nothing each month, for ever and in every account; in single units, GB, GB-seconds or GB-months.
FREE_PER_MONTH: Final[dict[str, float]] = {
    "budgets.action-budget": 2,  # budgets with actions; a budget that only sends mail is free
    "cloudfront.out": 1_000,
    "cloudwatch.alarm": 10,
    "dynamodb.storage": 25,
    "internet.out": 100,
    "lambda.gb-second": 400_000,
    "lambda.request": 1_000_000,
    "logs.ingest": 5,
    "scheduler.invocation": 14_000_000,
    "sns.publish": 1_000_000,
    "sqs.request": 1_000_000,
    "states.transition": 4_000,
    "xray.trace": 100_000,
}

#: What no AWS price list and no AWS page confirmed: as known in 2025, or from secondary sources.
UNCONFIRMED: Final[frozenset[str]] = frozenset(
    {
        "amplify.build",
        "amplify.served",
        "budgets.action-budget",
        "cloudwatch.alarm",
        "db.t3.micro",
        "db.t3.small",
        "db.t4g.large",
        "db.t4g.xlarge",
        "dynamodb.point-in-time-recovery",
        "ebs.gp2",
        "ebs.gp3",
        "ebs.snapshot",
        "eks.cluster",
        "eks.cluster-extended",
        "kms.key",
        "logs.storage",
        "route53.zone",
        "scheduler.invocation",
        "secretsmanager.secret",
        "sns.publish",
        "sqs.request",
        "vpc.interface-endpoint",
        "xray.trace",
    }
)
