"""For which site a security key signs: the host and origin of the configured address, never what a request says of itself."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RelyingParty:
    """``host`` is the identifier that keys are bound to (WebAuthn's RP ID), ``origin`` what browsers sign beside it."""

    host: str
    origin: str
    name: str


def relying_party(base_url: str, name: str) -> RelyingParty | None:
    """The site that keys are bound to; None where browsers offer none: under a bare network address, or a name without TLS."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host or _is_address(host) or (parts.scheme != "https" and not _is_local(host)):
        return None
    port = f":{parts.port}" if parts.port and parts.port != {"https": 443, "http": 80}.get(parts.scheme) else ""
    return RelyingParty(host, f"{parts.scheme}://{host}{port}", name)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")
