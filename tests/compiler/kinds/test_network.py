"""Networks: subnets over zones, routes, gateway endpoints, and nothing that costs money."""

from __future__ import annotations

from support import compile_snippet, errors, of_type, one, properties, resource, schema_faults

from lenie.compiler.expressions import AttributeOf, AvailabilityZone, EnvironmentName, Interpolation, Pseudo
from lenie.compiler.graph import Graph

NETWORK = """\
vpc:
  kind: network
  cidr: 10.0.0.0/16
  subnets:
    public:  {cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true, tags: {kubernetes.io/role/elb: "1"}}
    private: {cidrs: [10.0.3.0/24, 10.0.4.0/24]}
    data:    {cidrs: [10.0.5.0/24]}
  endpoints: [s3, dynamodb]
  publish: [id, data-a]
"""
SPEC = ("components", "main", "resources", "vpc")


def built(text: str = NETWORK) -> Graph:
    graph = compile_snippet(one(text))
    assert schema_faults(graph) == []
    return graph


def own(name: str, attribute: str = "Ref") -> AttributeOf:
    return AttributeOf("main", name, attribute)


def test_vpc() -> None:
    vpc = resource(built(), "Vpc")
    assert vpc.properties["CidrBlock"] == "10.0.0.0/16"
    assert vpc.properties["EnableDnsSupport"] is True
    assert vpc.properties["EnableDnsHostnames"] is True
    name = Interpolation(("demo-", EnvironmentName(), "-vpc"))
    assert {"Key": "Name", "Value": name} in properties(built(), "Vpc")["Tags"]
    assert vpc.origin(("CidrBlock",)) == (*SPEC, "cidr")


def test_subnets_stand_in_zones_in_order() -> None:
    subnets = {r.logical_id: r for r in of_type(built(), "AWS::EC2::Subnet")}
    assert list(subnets) == [
        "VpcPublicSubnetA",
        "VpcPublicSubnetB",
        "VpcPrivateSubnetA",
        "VpcPrivateSubnetB",
        "VpcDataSubnetA",
    ]
    second = subnets["VpcPublicSubnetB"]
    assert second.properties["CidrBlock"] == "10.0.2.0/24"
    assert second.properties["AvailabilityZone"] == AvailabilityZone(1)
    assert second.properties["VpcId"] == own("Vpc")
    assert second.origin(("CidrBlock",)) == (*SPEC, "subnets", "public", "cidrs", 1)
    assert [r.properties["MapPublicIpOnLaunch"] for r in subnets.values()] == [True, True, False, False, False]


def test_tags_of_a_group_stand_beside_the_projects_tags() -> None:
    graph = built()
    keys = [tag["Key"] for tag in properties(graph, "VpcPublicSubnetA")["Tags"]]
    assert set(keys) == {"Environment", "Name", "Project", "kubernetes.io/role/elb"}
    keys = [tag["Key"] for tag in properties(graph, "VpcDataSubnetA")["Tags"]]
    assert set(keys) == {"Environment", "Name", "Project"}


def test_only_public_subnets_have_a_way_to_the_internet() -> None:
    graph = built()
    (route,) = of_type(graph, "AWS::EC2::Route")
    assert route.properties == {
        "RouteTableId": own("VpcPublicRouteTable"),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": own("VpcInternetGateway"),
    }
    assert route.depends_on == ("VpcGatewayAttachment",)
    tables = {
        r.properties["SubnetId"]: r.properties["RouteTableId"]
        for r in of_type(graph, "AWS::EC2::SubnetRouteTableAssociation")
    }
    assert tables == {
        own("VpcPublicSubnetA"): own("VpcPublicRouteTable"),
        own("VpcPublicSubnetB"): own("VpcPublicRouteTable"),
        own("VpcPrivateSubnetA"): own("VpcPrivateRouteTable"),
        own("VpcPrivateSubnetB"): own("VpcPrivateRouteTable"),
        own("VpcDataSubnetA"): own("VpcPrivateRouteTable"),
    }


def test_nothing_is_charged_by_the_hour() -> None:
    types = {r.type for c in built().components.values() for r in c.resources.values()}
    assert not types & {"AWS::EC2::NatGateway", "AWS::EC2::EIP"}


def test_gateway_endpoints() -> None:
    graph = built()
    s3 = resource(graph, "VpcS3Endpoint")
    assert s3.properties["VpcEndpointType"] == "Gateway"
    assert s3.properties["ServiceName"] == Interpolation(("com.amazonaws.", Pseudo("region"), ".s3"))
    assert s3.properties["RouteTableIds"] == [own("VpcPrivateRouteTable")]
    assert s3.path == (*SPEC, "endpoints", 0)
    statement = properties(graph, "VpcS3Endpoint")["PolicyDocument"]["Statement"][0]
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceAccount": Pseudo("account")}}
    dynamodb = properties(graph, "VpcDynamodbEndpoint")["PolicyDocument"]["Statement"][0]
    assert dynamodb["Resource"].parts[-3:] == (":", Pseudo("account"), ":table/*")


def test_network_without_public_subnets_has_no_gateway() -> None:
    graph = built("vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {data: {cidrs: [10.0.1.0/24]}}}")
    assert {r.type for r in graph.components["main"].resources.values()} == {
        "AWS::EC2::VPC",
        "AWS::EC2::RouteTable",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
    }


def test_network_of_public_subnets_has_one_route_table() -> None:
    graph = built("vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {web: {cidrs: [10.0.1.0/24], public: true}}}")
    assert [r.logical_id for r in of_type(graph, "AWS::EC2::RouteTable")] == ["VpcPublicRouteTable"]


def test_published_paths() -> None:
    exports = {e.path: e.source for e in built().components["main"].exports.values()}
    assert exports == {"vpc-id": own("Vpc"), "data-subnet-a/subnet-id": own("VpcDataSubnetA")}


def test_subnets_are_attributes_and_groups() -> None:
    text = NETWORK + 'name: {kind: parameter, path: a, value: "${vpc.private-b}"}\n'
    assert properties(built(text), "NameParameter")["Value"] == own("VpcPrivateSubnetB")


def test_unknown_subnet() -> None:
    (found,) = errors(one(NETWORK + 'name: {kind: parameter, path: a, value: "${vpc.data-b}"}\n'))
    assert found[:3] == ("E305", 'network "vpc" has no attribute "data-b"', "${vpc.data-b}")
    assert found[3] == 'did you mean "data-a"?'


def test_network_needs_subnets() -> None:
    (found,) = errors(one("vpc: {kind: network, cidr: 10.0.0.0/16, subnets: {}}"))
    assert found[:3] == ("E203", "at least one entry is wanted here", "{}")


def test_stray_bits() -> None:
    found = errors(one(NETWORK.replace("10.0.5.0/24", "10.0.5.1/24")))
    assert found == [
        ("E203", '"10.0.5.1/24" has bits set behind its prefix', "10.0.5.1/24", "did you mean 10.0.5.0/24?")
    ]


def test_only_free_endpoints() -> None:
    (found,) = errors(one(NETWORK.replace("[s3, dynamodb]", "[s3, sqs]")))
    assert found[:3] == ("E203", '"sqs" is not possible here', "sqs")
