"""Keys by which things are known in addresses, made of their names."""

import re
import unicodedata
from collections.abc import Container

LONGEST = 60


def stem_of(name: str, fallback: str) -> str:
    """The name in the letters, digits and hyphens of a key; `fallback` where none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-") or fallback


def first_free(stem: str, taken: Container[str]) -> str:
    """The stem, or the stem with the first number that makes it new."""
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
