"""Calling a webhook: signed, and never at an address inside, whatever its name resolves to.

The name is resolved once, every address it has is checked, and the connection goes to one that was
checked: a name that means something else a moment later leads nowhere. Nothing is followed."""

import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urlsplit

TIMEOUT, LONGEST = 10.0, 30.0
"""Seconds for one word of the other side, and for all of it."""
LARGEST = 64 * 1024
"""Bytes of what is sent."""
TUNNELS = tuple(ip_network(text) for text in ("64:ff9b::/96", "2002::/16", "2001::/32"))
"""IPv6 addresses that stand for IPv4 ones."""

Address = IPv4Address | IPv6Address


class NotCalled(Exception):
    """It was not taken."""


@dataclass(frozen=True, slots=True)
class Call:
    url: str
    body: bytes
    headers: dict[str, str]


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body, as hexadecimal digits."""
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def signed_call(url: str, secret: str, number: str, body: bytes, now: datetime) -> Call:
    timestamp = int(now.timestamp())
    return Call(
        url=url,
        body=body,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "network-tracker",
            "Webhook-Id": number,
            "Webhook-Timestamp": str(timestamp),
            "Webhook-Signature": f"v1={signature(secret, timestamp, body)}",
        },
    )


def call(what: Call, allowed: Sequence[str]) -> int:
    """The status of the answer, which is 2xx; raises NotCalled with what went wrong otherwise.
    `allowed`: networks inside that may be called."""
    parts = checked(what.url)
    if len(what.body) > LARGEST:
        raise NotCalled("larger than 64 KB")
    address = _resolved(parts, allowed)
    try:
        status = _exchange(parts, address, what)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotCalled(f"{type(error).__name__}: {error}"[:200]) from error
    if not 200 <= status < 300:
        raise NotCalled(f"answered {status}")
    return status


def checked(url: str) -> SplitResult:
    """Raises NotCalled for what is no address of the web."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        raise NotCalled("no address of the web") from None
    is_plain = url.isprintable() and url.isascii() and " " not in url
    if parts.scheme not in {"http", "https"} or not parts.hostname or not has_port:
        raise NotCalled("no address of the web")
    if not is_plain or parts.username is not None or parts.fragment:
        raise NotCalled("an address with what does not belong in it")
    return parts


def _resolved(parts: SplitResult, allowed: Sequence[str]) -> str:
    host, port = str(parts.hostname), _port(parts)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotCalled(f"there is no {host}: {error}") from error
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    inside = [ip_network(text) for text in allowed]
    for address in addresses:
        is_allowed = any(address in network for network in inside)
        if not is_allowed and not is_outside(address):
            raise NotCalled(f"{host} is inside: WEBHOOKS_TO does not allow {address}")
        if not is_allowed and parts.scheme != "https":
            raise NotCalled("outside, only https is called")
    return str(addresses[0])


def is_outside(address: Address) -> bool:
    """Whether it is on the open internet: not private, loopback, link-local, multicast, nor one of
    those in the clothes of another."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_outside(address.ipv4_mapped)
        if any(address in network for network in TUNNELS):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _exchange(parts: SplitResult, address: str, what: Call) -> int:
    raw = socket.create_connection((address, _port(parts)), TIMEOUT)
    # What answers a byte at a time must not hold the sender for ever.
    watch = Timer(LONGEST, _hang_up, (raw,))
    watch.daemon = True
    watch.start()
    try:
        secure = parts.scheme == "https"
        connection = http.client.HTTPConnection(str(parts.hostname), _port(parts))
        connection.sock = _wrapped(raw, str(parts.hostname)) if secure else raw
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", target, what.body, {**what.headers, "Host": _host(parts)})
        return connection.getresponse().status
    finally:
        watch.cancel()
        raw.close()


def _wrapped(raw: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def _hang_up(raw: socket.socket) -> None:
    with suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _host(parts: SplitResult) -> str:
    host = str(parts.hostname)
    named = f"[{host}]" if ":" in host else host
    return named if parts.port is None else f"{named}:{parts.port}"


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
