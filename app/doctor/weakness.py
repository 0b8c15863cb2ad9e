"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weakness:
    """`name` is for scripts; `says` is what is weak, `way_out` what to do about it."""

    name: str
    says: str
    way_out: str
