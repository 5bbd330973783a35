"""Names of parameters, which do not depend on what an environment happens to read."""

from __future__ import annotations

from dataclasses import replace

from support_cfn import graph, parameter

from lenie.compiler.expressions import AttributeOf, ParameterValue, PublicParameter, WhenParameter
from lenie.compiler.graph import Export
from lenie.compiler.specialise import specialise
from lenie.targets.wiring.names import assign_names
from lenie.targets.wiring.stack import description, is_protected, stack_name, template_paths

ARN, URL = AttributeOf("other", "Other", "Arn"), AttributeOf("other", "Other", "Ref")


def test_a_value_that_one_environment_does_not_read_keeps_its_name_from_others() -> None:
    given = parameter("text", "", values={"prod": "x"})
    built = graph({"QueueName": WhenParameter("text", ARN), "KmsMasterKeyId": URL}, parameters=(given,))
    built.components["other"].exports[URL] = Export(URL, "sqs-other/arn")
    names = [assign_names(specialise(built, name)).parameters for name in built.environments]
    assert names[0][ARN] == names[1][ARN]
    assert names[0][URL] == names[1][URL]
    assert names[0][ARN] != names[0][URL]


def test_parameters_of_the_spec_come_first() -> None:
    built = graph({"QueueName": ARN}, parameters=(parameter("sqs-other-arn", "x"),))
    names = assign_names(built)
    assert names.parameters[ParameterValue("sqs-other-arn")] == "SqsOtherArn"
    assert names.parameters[ARN] == "SqsOtherArnValue"
    assert assign_names(replace(built, parameters={})).parameters[ARN] == "SqsOtherArn"


def test_public_parameters_are_called_like_the_end_of_their_path() -> None:
    public = PublicParameter("/aws/service/some/image-id", "AWS::EC2::Image::Id")
    assert assign_names(graph({"QueueName": public})).parameters[public] == "ImageId"


def test_stacks() -> None:
    built = graph({"QueueName": "x"})
    main = built.components["main"]
    assert stack_name(built, main, "dev") == "demo-dev-main"
    assert description(built, main) == "main (base): one stack for each environment"
    assert description(specialise(built, "dev"), main) == "main (base): the stack of dev"
    assert [is_protected(built, main, name) for name in built.environments] == [False, True]
    assert template_paths(built)["main"] == "templates/0-base/02-main.yaml"
    main.scope = "account"
    assert stack_name(built, main, "dev") == "demo-main"
    assert [is_protected(built, main, name) for name in built.environments] == [True, True]
