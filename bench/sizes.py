"""How large the networks of the benchmark are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    deadlines: int
    deliverables: int
    members: int
    updates: int
    """Of each deliverable."""
    priorities: int


SIZES = {
    "S": Size("S", 4, 60, 10, 5, 7),
    "L": Size("L", 40, 5_000, 50, 20, 25),
    "XL": Size("XL", 40, 50_000, 200, 5, 40),
}
