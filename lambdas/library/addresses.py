"""Which hosts on the network a function may talk to when its caller chooses them: public ones only."""

from __future__ import annotations

import ipaddress
import socket

from library.errors import BadRequest, UpstreamFailure

#: Addresses that lead to others: IPv4 inside of IPv6 (mapped, compatible, NAT64, Teredo, 6to4) goes through a gateway
#: that may reach what we may not. Sources: RFC 4291, 6052, 8215, 4380, 3056.
_INDIRECT = tuple(
    map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
)


def is_public(text: str) -> bool:
    """Return whether an address is one of a host on the internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in _INDIRECT):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def resolve(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """Return family and address of each way to reach a host.

    Raises:
        BadRequest: if one of them is not public: a name that leads to both kinds is an attempt.
        UpstreamFailure: if the name is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UpstreamFailure("The host is unknown") from error
    ways = [(int(family), (str(address[0]), port)) for family, _, _, _, address in found]
    if not ways or not all(is_public(address) for _, (address, _) in ways):
        raise BadRequest("url leads to a host that is not public")
    return ways
