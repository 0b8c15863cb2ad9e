"""How much each member carries, and when that is more than its share."""

from collections.abc import Mapping

FEW = 3
"""Fewer leads than this are no burden, however the rest is spread."""
TIMES = 2


def share(leads: Mapping[str, int]) -> float:
    """What each would lead if the leads were spread evenly."""
    return sum(leads.values()) / len(leads) if leads else 0.0


def overloaded(leads: Mapping[str, int]) -> frozenset[str]:
    """Those that lead at least FEW and more than TIMES the share of each. `leads`: the open work
    that each member leads, those that lead nothing among them."""
    fair = share(leads)
    return frozenset(code for code, n in leads.items() if n >= FEW and n > TIMES * fair)
