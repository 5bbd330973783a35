"""What lowering adds around the kinds: published values, order, and checks of the graph as a whole."""

from __future__ import annotations

from support import compile_snippet, errors, of_type, one, properties, resource

from lenie.compiler.expressions import AttributeOf, EnvironmentName, Interpolation
from lenie.compiler.graph import Graph

READER = """
front:
  layer: base
  resources:
    site: {kind: parameter, path: site/queue, value: "${jobs.url}", description: Queue}
back:
  layer: base
  resources:
    jobs: {kind: queue%s}
"""


def paths(graph: Graph) -> list[object]:
    names = [r.properties["Name"] for r in of_type(graph, "AWS::SSM::Parameter")]
    return [name.parts[-1] for name in names if isinstance(name, Interpolation)]


def test_what_another_component_reads_is_published() -> None:
    graph = compile_snippet(READER % "")
    assert list(graph.components) == ["back", "front"]
    assert graph.components["front"].depends_on == ("back",)
    url = AttributeOf("back", "JobsQueue", "Ref")
    assert graph.components["front"].imports() == [url]
    assert graph.components["back"].exports[url].path == "sqs/jobs/url"
    name = properties(graph, "JobsUrlParameter")["Name"]
    assert name == Interpolation(("/demo/", EnvironmentName(), "/sqs/jobs/url"))
    assert properties(graph, "JobsUrlParameter")["Tags"] == {"Project": "demo", "Environment": EnvironmentName()}


def test_a_chosen_path_is_the_one_that_others_read() -> None:
    graph = compile_snippet(READER % ", publish: {url: chosen/path}")
    url = AttributeOf("back", "JobsQueue", "Ref")
    assert graph.components["back"].exports[url].path == "chosen/path"
    assert "/sqs/jobs/url" not in paths(graph)


def test_two_names_of_one_value_are_both_published() -> None:
    graph = compile_snippet(one("key: {kind: secret, fields: [a], publish: {arn: one/arn, name: two/name}}\n"))
    assert {"/one/arn", "/two/name"} <= set(paths(graph))


def test_a_raw_parameter_is_published_where_it_is_asked_for() -> None:
    raw = """
raw:
  kind: cloudformation
  type: AWS::SSM::Parameter
  properties: {Type: String, Value: v, Name: "/other/${env.name}/place"}
  attributes: {value: Value}
  publish: {value: chosen/place}
"""
    graph = compile_snippet(one(raw))
    assert "/chosen/place" in paths(graph)


def test_ids_that_clash() -> None:
    found = errors(one("a-1: {kind: queue}\na1: {kind: queue}\n"))
    assert {code for code, *_ in found} == {"E404"}


def test_a_published_value_does_not_replace_a_resource() -> None:
    found = errors(
        one("jobs: {kind: queue, publish: [url]}\njobs-url: {kind: parameter, path: x/y, value: v, description: d}\n")
    )
    assert {code for code, *_ in found} == {"E404"}


def test_a_resource_that_needs_itself() -> None:
    found = errors(one('jobs: {kind: queue, name: "${jobs.arn}"}\n'))
    assert [code for code, *_ in found] == ["E401"]


def test_names_made_of_each_other() -> None:
    secret = 'kind: secret, fields: [x], name: "${%s.name}"'
    found = errors(one(f"a: {{{secret % 'b'}}}\nb: {{{secret % 'a'}}}\n"))
    assert [code for code, *_ in found] == ["E303"]


def test_a_list_parameter_is_no_text() -> None:
    several = {"several": {"type": "list(text)", "default": ["a"], "description": "d"}}
    found = errors(one('jobs: {kind: queue, name: "x${param.several}"}\n'), parameters=several)
    assert [(code, marked) for code, _, marked, _ in found] == [("E304", "${param.several}")]


def test_a_fault_inside_a_default_is_told_once_and_nothing_is_lost() -> None:
    defaults = {"queue": {"dead-letter": {"queue": "b", "after": 1, "foo": 1}}}
    found = errors(one("a: {kind: queue}\nb: {kind: queue}\n"), defaults=defaults)
    assert [(code, marked) for code, _, marked, _ in found] == [("E201", "foo")]


def test_tags_stand_in_the_order_of_cdk() -> None:
    network = """
net:
  kind: network
  cidr: 10.0.0.0/16
  subnets: {public: {cidrs: [10.0.1.0/24], public: true, tags: {kubernetes.io/role/elb: "1"}}}
"""
    tags = properties(compile_snippet(one(network)), "NetPublicSubnetA")["Tags"]
    assert [tag["Key"] for tag in tags] == ["Environment", "kubernetes.io/role/elb", "Name", "Project"]


def test_a_shared_component_has_no_environment_in_names_and_tags() -> None:
    graph = compile_snippet(one("jobs: {kind: queue}\n", scope="account"))
    queue = properties(graph, "JobsQueue")
    assert queue["QueueName"] == "demo-jobs"
    assert queue["Tags"] == [{"Key": "Project", "Value": "demo"}]
    assert resource(graph, "JobsQueue").path == ("components", "main", "resources", "jobs")
