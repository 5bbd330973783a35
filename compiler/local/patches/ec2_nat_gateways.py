"""EC2: a NAT gateway that is deleted gives its address and its network interface back.

Moto 5.2.5 only notes that it is deleted: its Elastic IP address stays associated, so that no other gateway can have it,
and its interface stays in the subnet. A gateway that does not exist is an error of the server there.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend

from lenie.compiler.local.patching import wrap


class NatGatewayNotFound(EC2ClientError):
    """There is no such NAT gateway."""

    def __init__(self, id: str) -> None:
        """Tell its id."""
        super().__init__("NatGatewayNotFound", f"NatGateway {id} was not found")


def apply() -> None:
    """Let a deletion give back what the gateway had."""
    wrap(NatGatewayBackend, "delete_nat_gateway", _delete)


def _delete(old: Any) -> Any:
    def delete_nat_gateway(self: Any, nat_gateway_id: str) -> NatGateway:
        found = self.nat_gateways.get(nat_gateway_id)
        if found is None or found.state == "deleted":
            raise NatGatewayNotFound(nat_gateway_id)
        deleted: NatGateway = old(self, nat_gateway_id)
        for address in self.addresses:
            if address.eni is found._eni:
                self.disassociate_address(association_id=address.association_id)
        self.delete_network_interface(found._eni.id)
        return deleted

    return delete_nat_gateway
