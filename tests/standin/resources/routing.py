"""Route tables, routes, associations."""

from __future__ import annotations

from typing import Any

from standin import ec2
from standin.aws import Aws
from standin.resource import Resource, State, given
from standin.tags import as_map

#: Attribute of a route -> key in the API. The names of a table's inline routes differ: _INLINE.
_DESTINATIONS = {
    "destination_cidr_block": "DestinationCidrBlock",
    "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}
_TARGETS = {
    "carrier_gateway_id": "CarrierGatewayId",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "gateway_id": "GatewayId",
    "local_gateway_id": "LocalGatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}
_INLINE = {"cidr_block": "DestinationCidrBlock", "ipv6_cidr_block": "DestinationIpv6CidrBlock"}


def _table(aws: Aws, identifier: str) -> dict[str, Any] | None:
    return ec2.found(aws.client("ec2").describe_route_tables, "RouteTables", RouteTableIds=[identifier])


class RouteTable(Resource):
    """aws_route_table; its inline routes are read back only if it has any, since a table of single routes has none."""

    def create(self, aws: Aws, planned: State) -> str:
        client = aws.client("ec2")
        made = client.create_route_table(
            VpcId=planned["vpc_id"], TagSpecifications=ec2.tag_specifications("route-table", planned)
        )["RouteTable"]
        for route in planned["route"] or []:
            client.create_route(RouteTableId=made["RouteTableId"], **_inline(route))
        return str(made["RouteTableId"])

    def read(self, aws: Aws, state: State) -> State | None:
        table = _table(aws, state["id"])
        if table is None:
            return None
        routes = [
            {name: route[key] for name, key in (*_INLINE.items(), *_TARGETS.items()) if route.get(key)}
            for route in table["Routes"]
            if route.get("Origin") == "CreateRoute" and not route.get("GatewayId", "").startswith("vpce-")
        ]
        return {
            "id": table["RouteTableId"],
            "arn": aws.arn("ec2", f"route-table/{table['RouteTableId']}"),
            "owner_id": table["OwnerId"],
            "vpc_id": table["VpcId"],
            "propagating_vgws": [],
            "route": routes if state["route"] else [],
            "tags_all": as_map(table.get("Tags")),
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        client = aws.client("ec2")
        before = [_inline(route) for route in prior["route"] or []]
        after = [_inline(route) for route in planned["route"] or []]
        for route in before:
            if route not in after:
                keys = {key: route[key] for key in _INLINE.values() if key in route}
                client.delete_route(RouteTableId=prior["id"], **keys)
        for route in after:
            if route not in before:
                client.create_route(RouteTableId=prior["id"], **route)
        ec2.change_tags(aws, prior, planned)

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").delete_route_table(RouteTableId=state["id"])


def _inline(route: State) -> dict[str, Any]:
    return {key: route[name] for name, key in (*_INLINE.items(), *_TARGETS.items()) if route.get(name)}


class Route(Resource):
    """aws_route."""

    def create(self, aws: Aws, planned: State) -> str:
        arguments = {key: planned[name] for name, key in (_DESTINATIONS | _TARGETS).items() if planned[name]}
        aws.client("ec2").create_route(RouteTableId=planned["route_table_id"], **arguments)
        destination = next(planned[name] for name in _DESTINATIONS if planned[name])
        return f"r-{planned['route_table_id']}-{destination}"

    def read(self, aws: Aws, state: State) -> State | None:
        table = _table(aws, state["route_table_id"])
        name = next(name for name in _DESTINATIONS if state[name])
        routes = table["Routes"] if table else []
        route = next((one for one in routes if one.get(_DESTINATIONS[name]) == state[name]), None)
        if route is None:
            return None
        return {
            "id": state["id"],
            "route_table_id": state["route_table_id"],
            "origin": route["Origin"],
            "state": route["State"],
            "instance_id": route.get("InstanceId", ""),
            "instance_owner_id": "",
            "network_interface_id": route.get("NetworkInterfaceId", ""),
            name: route[_DESTINATIONS[name]],
            **{target: route[key] for target, key in _TARGETS.items() if route.get(key)},
        }

    def update(self, aws: Aws, prior: State, planned: State) -> None:
        destination = {key: planned[name] for name, key in _DESTINATIONS.items() if planned[name]}
        targets = {key: planned[name] for name, key in _TARGETS.items() if planned[name]}
        aws.client("ec2").replace_route(RouteTableId=prior["route_table_id"], **destination, **targets)

    def delete(self, aws: Aws, state: State) -> None:
        destination = {key: state[name] for name, key in _DESTINATIONS.items() if state[name]}
        aws.client("ec2").delete_route(RouteTableId=state["route_table_id"], **destination)


class RouteTableAssociation(Resource):
    """aws_route_table_association."""

    def create(self, aws: Aws, planned: State) -> str:
        made = aws.client("ec2").associate_route_table(
            **given(planned, RouteTableId="route_table_id", SubnetId="subnet_id", GatewayId="gateway_id")
        )
        return str(made["AssociationId"])

    def read(self, aws: Aws, state: State) -> State | None:
        tables = aws.client("ec2").describe_route_tables(
            Filters=[{"Name": "association.route-table-association-id", "Values": [state["id"]]}]
        )["RouteTables"]
        found = [
            one for table in tables for one in table["Associations"] if one["RouteTableAssociationId"] == state["id"]
        ]
        if not found:
            return None
        targets = {name: found[0][key] for name, key in _ASSOCIATED.items() if found[0].get(key)}
        return {"id": state["id"], "route_table_id": found[0]["RouteTableId"], **targets}

    def update(self, aws: Aws, prior: State, planned: State) -> str:
        made = aws.client("ec2").replace_route_table_association(
            AssociationId=prior["id"], RouteTableId=planned["route_table_id"]
        )
        return str(made["NewAssociationId"])

    def delete(self, aws: Aws, state: State) -> None:
        aws.client("ec2").disassociate_route_table(AssociationId=state["id"])


_ASSOCIATED = {"subnet_id": "SubnetId", "gateway_id": "GatewayId"}

RESOURCES: dict[str, type[Resource]] = {
    "aws_route_table": RouteTable,
    "aws_route": Route,
    "aws_route_table_association": RouteTableAssociation,
}
