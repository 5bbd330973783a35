"""What AWS accepts as the name of a resource, by CloudFormation type and property.

A property of a property has a dot. Lengths and characters were checked on 2026-11-23 against the registry schemas of
cfn-lint 1.58.0 and botocore 1.44.5's service models, where those state them; each limit names the page that holds the
whole rule. A limit here may be narrower than the schema, which often is wider than the service; never wider.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DOCS: Final = "https://docs.aws.amazon.com"


class NameLimit(NamedTuple):
    """What a name may be: `pattern` must match all of it, `allowed` says the same in words."""

    max_length: int
    pattern: str
    allowed: str
    source: str
    min_length: int = 1
    #: (pattern that must not be found, what the name then does wrong).
    forbidden: tuple[tuple[str, str], ...] = ()
    #: Most levels of a path, 0 for any number.
    max_levels: int = 0
    note: str = ""

    def problem(self, name: str) -> str | None:
        """Return what is wrong with the name, as the end of a sentence about it; None if it is fine."""
        if len(name) > self.max_length:
            return f"has {len(name)} characters; at most {self.max_length} are allowed"
        if len(name) < self.min_length:
            return f"has {len(name)} characters; at least {self.min_length} are needed"
        for pattern, wrong in self.forbidden:
            if re.search(pattern, name):
                return wrong
        if not re.fullmatch(self.pattern, name):
            return f"must be made of {self.allowed}"
        levels = len([level for level in name.split("/") if level])
        if self.max_levels and levels > self.max_levels:
            return f"has {levels} levels; at most {self.max_levels} are allowed"
        return None


_IAM_NAME: Final = r"[A-Za-z0-9_+=,.@-]+"
_IAM_ALLOWED: Final = "letters, digits and _+=,.@-"
_IAM_SOURCE: Final = f"{_DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html"
_WORD: Final = r"[A-Za-z0-9_-]+"
_WORD_ALLOWED: Final = "letters, digits, hyphens and underscores"
_FIFO: Final = r"[A-Za-z0-9_-]+(\.fifo)?"
_FIFO_ALLOWED: Final = f"{_WORD_ALLOWED}, with `.fifo` at the end only"
_LINE: Final = r"[^\x00-\x1f\x7f]+"
_LINE_ALLOWED: Final = "printable characters"
_RDS_LETTER: Final = (r"^[^A-Za-z]", "must start with a letter")
_RDS_HYPHENS: Final = (r"--|-$", "must not end with a hyphen nor hold two of them in a row")
_RDS_SOURCE: Final = f"{_DOCS}/AmazonRDS/latest/UserGuide/CHAP_Limits.html"
_API_SOURCE: Final = f"{_DOCS}/apigateway/latest/api/API_"
_API_NOTE: Final = "AWS publishes no limit; 1024 keeps a mistake from reaching the service"

#: (type, property) -> limit.
NAME_LIMITS: Final[dict[tuple[str, str], NameLimit]] = {
    ("AWS::Amplify::App", "Name"): NameLimit(
        255, _LINE, _LINE_ALLOWED, f"{_DOCS}/amplify/latest/APIReference/API_CreateApp.html"
    ),
    ("AWS::Amplify::Branch", "BranchName"): NameLimit(
        255, _LINE, _LINE_ALLOWED, f"{_DOCS}/amplify/latest/APIReference/API_CreateBranch.html"
    ),
    ("AWS::ApiGateway::ApiKey", "Name"): NameLimit(
        1024, _LINE, _LINE_ALLOWED, f"{_API_SOURCE}CreateApiKey.html", note=_API_NOTE
    ),
    ("AWS::ApiGateway::RestApi", "Name"): NameLimit(
        1024, _LINE, _LINE_ALLOWED, f"{_API_SOURCE}CreateRestApi.html", note=_API_NOTE
    ),
    ("AWS::ApiGateway::Stage", "StageName"): NameLimit(128, _WORD, _WORD_ALLOWED, f"{_API_SOURCE}CreateStage.html"),
    ("AWS::ApiGateway::UsagePlan", "UsagePlanName"): NameLimit(
        1024, _LINE, _LINE_ALLOWED, f"{_API_SOURCE}CreateUsagePlan.html", note=_API_NOTE
    ),
    ("AWS::Budgets::Budget", "Budget.BudgetName"): NameLimit(
        100,
        r"[^:\\]+",
        "anything but colons and backslashes",
        f"{_DOCS}/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
        forbidden=((r"/action/", "must not hold `/action/`"),),
    ),
    ("AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.Name"): NameLimit(
        64,
        _LINE,
        _LINE_ALLOWED,
        f"{_DOCS}/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html",
    ),
    ("AWS::CloudWatch::Alarm", "AlarmName"): NameLimit(
        255,
        _LINE,
        _LINE_ALLOWED,
        f"{_DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    ),
    ("AWS::DynamoDB::Table", "TableName"): NameLimit(
        255,
        r"[A-Za-z0-9_.-]+",
        "letters, digits, underscores, hyphens and dots",
        f"{_DOCS}/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html",
        min_length=3,
    ),
    ("AWS::EC2::KeyPair", "KeyName"): NameLimit(
        255,
        r"[ -~]*[!-~]",
        "ASCII characters, the last of which is no space",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_ImportKeyPair.html",
        forbidden=((r"^ ", "must not start with a space"),),
    ),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateName"): NameLimit(
        128,
        r"[A-Za-z0-9().\-/_]+",
        "letters, digits and ()./-_",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html",
        min_length=3,
    ),
    ("AWS::EC2::SecurityGroup", "GroupDescription"): NameLimit(
        255,
        r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*",
        "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    ),
    ("AWS::EC2::SecurityGroup", "GroupName"): NameLimit(
        255,
        r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+",
        "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
        forbidden=((r"(?i)^sg-", "must not start with `sg-`"),),
    ),
    ("AWS::Events::Rule", "Name"): NameLimit(
        64,
        r"[A-Za-z0-9_.-]+",
        "letters, digits, underscores, hyphens and dots",
        f"{_DOCS}/eventbridge/latest/APIReference/API_PutRule.html",
    ),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"): NameLimit(128, _IAM_NAME, _IAM_ALLOWED, _IAM_SOURCE),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"): NameLimit(128, _IAM_NAME, _IAM_ALLOWED, _IAM_SOURCE),
    ("AWS::IAM::Policy", "PolicyName"): NameLimit(128, _IAM_NAME, _IAM_ALLOWED, _IAM_SOURCE),
    ("AWS::IAM::Role", "RoleName"): NameLimit(64, _IAM_NAME, _IAM_ALLOWED, _IAM_SOURCE),
    ("AWS::IdentityStore::Group", "DisplayName"): NameLimit(
        1024,
        _LINE,
        _LINE_ALLOWED,
        f"{_DOCS}/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html",
        forbidden=((r"^(Administrator|AWSAdministrators)$", "is a name that AWS keeps for itself"),),
    ),
    ("AWS::KMS::Alias", "AliasName"): NameLimit(
        256,
        r"alias/[A-Za-z0-9:/_-]+",
        "`alias/` and then letters, digits and :/_-",
        f"{_DOCS}/kms/latest/APIReference/API_CreateAlias.html",
        forbidden=((r"^alias/aws/", "must not start with `alias/aws/`"),),
    ),
    ("AWS::Lambda::Function", "FunctionName"): NameLimit(
        64, _WORD, _WORD_ALLOWED, f"{_DOCS}/lambda/latest/api/API_CreateFunction.html"
    ),
    ("AWS::Lambda::LayerVersion", "LayerName"): NameLimit(
        140, _WORD, _WORD_ALLOWED, f"{_DOCS}/lambda/latest/api/API_PublishLayerVersion.html"
    ),
    ("AWS::Logs::LogGroup", "LogGroupName"): NameLimit(
        512,
        r"[.\-_/#A-Za-z0-9]+",
        "letters, digits and ._-/#",
        f"{_DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
        forbidden=((r"^aws/", "must not start with `aws/`"),),
    ),
    ("AWS::Organizations::Policy", "Name"): NameLimit(
        128, _LINE, _LINE_ALLOWED, f"{_DOCS}/organizations/latest/APIReference/API_CreatePolicy.html"
    ),
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"): NameLimit(
        63,
        r"[A-Za-z0-9-]+",
        "letters, digits and hyphens",
        _RDS_SOURCE,
        forbidden=(_RDS_LETTER, _RDS_HYPHENS),
    ),
    ("AWS::RDS::DBInstance", "DBName"): NameLimit(
        63,
        r"[A-Za-z0-9_]+",
        "letters, digits and underscores",
        f"{_DOCS}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        forbidden=(_RDS_LETTER,),
        note="PostgreSQL",
    ),
    ("AWS::RDS::DBInstance", "MasterUsername"): NameLimit(
        63,
        r"[A-Za-z0-9_]+",
        "letters, digits and underscores",
        f"{_DOCS}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        forbidden=(
            _RDS_LETTER,
            (
                r"(?i)^(rdsadmin|rds_superuser|postgres_superuser|pg_.*|user|admin|all|table|select|public)$",
                "is a word that PostgreSQL or RDS keeps for itself",
            ),
        ),
        note="PostgreSQL; of the reserved words, the ones that somebody would choose",
    ),
    ("AWS::RDS::DBParameterGroup", "DBParameterGroupName"): NameLimit(
        255,
        r"[A-Za-z0-9-]+",
        "letters, digits and hyphens",
        _RDS_SOURCE,
        forbidden=(_RDS_LETTER, _RDS_HYPHENS),
    ),
    ("AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"): NameLimit(
        255,
        r"[A-Za-z0-9._ -]+",
        "letters, digits, dots, underscores, spaces and hyphens",
        f"{_DOCS}/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
        forbidden=(_RDS_LETTER, (r"(?i)^default$", "must not be `default`")),
    ),
    ("AWS::S3::Bucket", "BucketName"): NameLimit(
        63,
        r"[a-z0-9][a-z0-9.-]*[a-z0-9]",
        "lower-case letters, digits, dots and hyphens, with a letter or a digit at both ends",
        f"{_DOCS}/AmazonS3/latest/userguide/bucketnamingrules.html",
        min_length=3,
        forbidden=(
            (r"\.\.", "must not hold two dots in a row"),
            (r"^\d+\.\d+\.\d+\.\d+$", "must not look like an IP address"),
            (r"^(xn--|sthree-|amzn-s3-demo-)", "must not start with `xn--`, `sthree-` or `amzn-s3-demo-`"),
            (
                r"(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$",
                "must not end with `-s3alias`, `--ol-s3`, `.mrap`, `--x-s3` or `--table-s3`",
            ),
        ),
        note="a name in the global namespace; one that ends in `-an` belongs to an account's own namespace",
    ),
    ("AWS::SNS::Topic", "TopicName"): NameLimit(
        256, _FIFO, _FIFO_ALLOWED, f"{_DOCS}/sns/latest/api/API_CreateTopic.html"
    ),
    ("AWS::SQS::Queue", "QueueName"): NameLimit(
        80,
        _FIFO,
        _FIFO_ALLOWED,
        f"{_DOCS}/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
        note="`.fifo` counts",
    ),
    ("AWS::SSM::Parameter", "Name"): NameLimit(
        1011,
        r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*",
        "letters, digits, underscores, dots and hyphens, in levels that single slashes divide",
        f"{_DOCS}/systems-manager/latest/userguide/sysman-paramstore-su-create.html",
        forbidden=((r"(?i)^(aws|ssm|/(aws|ssm)(/|$))", "must not start with `aws` or `ssm`"),),
        max_levels=15,
        note="1011 counts the part of the ARN before the name, about 45 characters",
    ),
    ("AWS::Scheduler::Schedule", "Name"): NameLimit(
        64,
        r"[A-Za-z0-9_.-]+",
        "letters, digits, underscores, hyphens and dots",
        f"{_DOCS}/scheduler/latest/APIReference/API_CreateSchedule.html",
    ),
    ("AWS::Scheduler::ScheduleGroup", "Name"): NameLimit(
        64,
        r"[A-Za-z0-9_.-]+",
        "letters, digits, underscores, hyphens and dots",
        f"{_DOCS}/scheduler/latest/APIReference/API_CreateScheduleGroup.html",
        forbidden=((r"^default$", "must not be `default`"),),
    ),
    ("AWS::SecretsManager::Secret", "Name"): NameLimit(
        512,
        r"[A-Za-z0-9/_+=.@-]+",
        "letters, digits and /_+=.@-",
        f"{_DOCS}/secretsmanager/latest/apireference/API_CreateSecret.html",
        note="AWS advises against an ending of a hyphen and six characters: it looks like the suffix of an ARN",
    ),
    ("AWS::StepFunctions::StateMachine", "StateMachineName"): NameLimit(
        80, _WORD, _WORD_ALLOWED, f"{_DOCS}/step-functions/latest/apireference/API_CreateStateMachine.html"
    ),
}
