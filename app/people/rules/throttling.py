"""How long one waits after attempts that failed. Waiting grows; nothing is ever locked.

Attempts are counted in several places at once, and the longest wait of them holds:

- from one address, whatever account is tried;
- on one account from one address;
- on one account from anywhere;
- on one account from a browser in which its owner signed in before. Such a browser is counted
  for itself alone, so that whatever strangers try elsewhere never keeps the owner waiting there;
- what asks for a secret of an account that is signed in, or half signed in, counts on its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

FORGOTTEN_AFTER = timedelta(hours=24)
"""Since the last attempt: then counting begins anew."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""An attempt further ahead than that was counted before the clock was set back."""


class Counted(StrEnum):
    ADDRESS = "address"
    ACCOUNT = "account"
    ACCOUNT_FROM_ADDRESS = "account_from_address"
    KNOWN_BROWSER = "known_browser"
    SECRET = "secret"  # noqa: S105 - what is asked for, not a secret
    CODE = "code"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts without waiting; then one second, two, four, and at most `longest`."""

    free: int
    longest: timedelta


QUARTER = timedelta(minutes=15)
LIMITS = {
    Counted.ADDRESS: Limit(20, timedelta(minutes=1)),
    Counted.ACCOUNT: Limit(30, QUARTER),
    Counted.ACCOUNT_FROM_ADDRESS: Limit(5, QUARTER),
    Counted.KNOWN_BROWSER: Limit(10, QUARTER),
    Counted.SECRET: Limit(5, QUARTER),
    Counted.CODE: Limit(5, QUARTER),
    Counted.REQUEST: Limit(3, QUARTER),
}


def wait(kind: Counted, failures: int, last_at: datetime, now: datetime) -> timedelta:
    """How long until the next attempt is looked at; nothing where it is at once."""
    limit = LIMITS[kind]
    if failures < limit.free or now - last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    exponent = min(failures - limit.free, 20)
    pause = min(timedelta(seconds=2**exponent), limit.longest)
    if last_at - now > CLOCKS_DIFFER:
        return timedelta(0)  # else nobody could sign in until the clock is there again
    return max(last_at + pause - now, timedelta(0))


def neighbourhood(address: str) -> str:
    """What counts as one address: with IPv6 a household or an office has 2^64 of them."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ip_network((known, 64), strict=False))
