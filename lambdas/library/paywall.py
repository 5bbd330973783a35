"""Sites that are known to be behind a paywall: domains, and parts of sites by what their paths hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from library.errors import BadRequest

#: Domain (with everything below it), and what stands in the paths that cost; without it the whole site does.
PAID: dict[str, tuple[str, ...]] = {
    "wyborcza.pl": (),
    "wyborcza.biz": (),
    "onet.pl": ("newsweek", "premium", "businessinsider"),
}


def is_paid(url: str) -> bool:
    """Return whether the page is known to be behind a paywall.

    Raises:
        BadRequest: if `url` is no address of the web.
    """
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        raise BadRequest("url must be an address of the web (http or https)")
    path = parts.path.lower()
    return any(
        (host == domain or host.endswith(f".{domain}")) and (not paid or any(word in path for word in paid))
        for domain, paid in PAID.items()
    )
