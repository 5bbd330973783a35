"""A topic: SNS tells people by e-mail."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from lenie.compiler.diagnostics import Report
from lenie.compiler.expressions import Pseudo, Value, interpolate
from lenie.compiler.forms import EMAIL, Emails, check_form
from lenie.compiler.graph import digest
from lenie.compiler.iam import Statement, deny_insecure_transport, policy, same_account
from lenie.compiler.kind import Attribute, Grant, Resource
from lenie.compiler.place import Lowering, Place
from lenie.compiler.types import Faults, Template, Text, fault, faults_at


def _once(addresses: list[str | Template]) -> list[str | Template]:
    faults: Faults = [
        ((index,), fault("this address is there twice", "remove one of the two: nobody reads a message twice"))
        for index, address in enumerate(addresses)
        if address in addresses[:index]
    ]
    if faults:
        raise faults_at(faults)
    return addresses


class Topic(Resource):
    """An SNS topic with e-mail subscriptions; whoever owns an address has to confirm its subscription.

    A topic that is encrypted with the key `aws/sns` takes no messages of CloudWatch alarms, since nobody can let
    CloudWatch use that key.

    Sources: AWS::SNS::Topic (CloudFormation template reference); Amazon SNS Developer Guide, "Example cases for Amazon
    SNS access control" and "Enforcing encryption of data in transit".
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "arn": Attribute("Topic", description="ARN of the topic"),
        "name": Attribute("Topic", "TopicName", "Name of the topic"),
    }
    GRANTS: ClassVar[Mapping[str, Grant]] = {
        "publish": Grant(("sns:Publish",), service="sns", description="Send messages"),
    }
    FOLDER: ClassVar[str] = "sns/{name}"

    kind: Literal["topic"]
    name: Text | None = None
    email: Annotated[list[Emails], AfterValidator(_once)] = []
    encrypted: bool = True

    def check(self, at: Place, report: Report) -> None:
        """Report references that give no e-mail addresses."""
        for index, address in enumerate(self.email):
            check_form(at, ("email", index), address, EMAIL, report, several=True)

    def lower(self, out: Lowering) -> None:
        """Add the topic, its policy and its subscriptions."""
        topic = out.add(
            "Topic",
            "AWS::SNS::Topic",
            {
                "TopicName": out.at("name", out.name(self.name)),
                "KmsMasterKeyId": out.at("encrypted", "alias/aws/sns" if self.encrypted else None),
            },
        )
        where = (Pseudo("region"), ":", Pseudo("account"))
        alarms = interpolate("arn:", Pseudo("partition"), ":cloudwatch:", *where, ":alarm:*")
        publish = Statement(
            "AlarmsOfThisAccount",
            ("sns:Publish",),
            (topic,),
            principal={"Service": "cloudwatch.amazonaws.com"},
            conditions={**same_account(), "ArnLike": {"aws:SourceArn": alarms}},
        )
        secure = deny_insecure_transport([topic], "sns:Publish")
        out.add(
            "TopicPolicy",
            "AWS::SNS::TopicPolicy",
            {"Topics": [topic], "PolicyDocument": policy([secure, publish])},
        )
        addresses = [(index, address) for index, email in enumerate(self.email) for address in out.items(email)]
        given: list[Value] = [address for _, address in addresses if not isinstance(address, str)]
        for index, address in addresses:
            # Not by position: to subscribe an address again gives the subscription that is there, and whoever moves
            # into the place of another one would be deleted with the resource that had it before.
            number = given.index(address) + 1 if address in given else 0
            end = ("" if number == 1 else str(number)) if number else digest(address, 8)
            out.add(
                f"EmailSubscription{end}",
                "AWS::SNS::Subscription",
                {"TopicArn": topic, "Protocol": "email", "Endpoint": out.at(("email", index), address)},
                path=(*out.declaration.path, "email"),
            )


KIND = Topic
