"""Which hosts on the network a function may talk to when its caller chooses them: public ones only."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any

from library.errors import BadRequest, UpstreamFailure

#: Addresses that no host on the internet has, and that Python may count as global: site-local ones, those of examples,
#: of routers' segments, and of the old gateways to IPv6. Sources: RFC 3879, 9637, 9602, 7526.
_OTHERS = tuple(map(ipaddress.ip_network, ("fec0::/10", "3fff::/20", "5f00::/16", "192.88.99.0/24")))
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
    if any(address in network for network in _OTHERS if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def resolve(host: str, port: int, seconds: float) -> list[tuple[int, tuple[str, int]]]:
    """Return family and address of each way to reach a host, within `seconds`.

    Raises:
        BadRequest: if one of them is not public: a name that leads to both kinds is an attempt.
        UpstreamFailure: if the name is unknown, or nobody tells in time.
    """
    # The resolver of the operating system has time limits of its own, and cannot be interrupted.
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise UpstreamFailure("The name of the host could not be looked up in time") from None
    if isinstance(found, Exception):
        raise UpstreamFailure("The host is unknown") from found
    ways = [(int(family), (str(address[0]), port)) for family, _, _, _, address in found]
    if not ways or not all(is_public(address) for _, (address, _) in ways):
        raise BadRequest("url leads to a host that is not public")
    return ways
