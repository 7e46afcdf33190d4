"""Where a webhook may go: its own scheme, host and port, and no machine's inner door.

Private addresses are legitimate, because offices sit in a government network. Loopback
needs a setting; link-local addresses, where clouds answer with their keys, are never used.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
#: Where clouds answer with their keys outside the link-local ranges.
_METADATA = {ip_address("100.100.100.200"), ip_address("fd00:ec2::254")}
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: what may be connected to, and what is asked for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Return scheme, host and port, without the path, which may hold a key."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = _PORTS[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if standard else f":{self.port}")


def target(address: str) -> Target | None:
    """Return an http or https address taken apart, None when it cannot be used."""
    if not address.isascii() or any(c.isspace() or not c.isprintable() for c in address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def is_number(host: str) -> bool:
    """Say whether a host is a numeric address instead of a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def forbidden(address: str, *, loopback: bool = False) -> bool:
    """Say whether a numeric address must not be connected to."""
    ip = _inner(ip_address(address.partition("%")[0]))
    if ip in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return True
    if ip.is_loopback:
        return not loopback
    # 240.0.0.0/4 and 0.0.0.0/8 reach nobody else's machine.
    return ip.version == 4 and (ip.is_reserved or str(ip).startswith("0."))


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address carries inside it, else itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
