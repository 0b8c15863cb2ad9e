"""Long lists in pages of an address each."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.web.addresses import asked

LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Pages:
    """Page `number` (from 1) of a list of `total`, `size` to a page."""

    number: int
    size: int
    total: int
    name: str = "page"
    """What the address calls it."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def previous_url(self) -> str:
        return self._url(min(self.number - 1, self.pages)) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1) if self.number < self.pages else ""

    def _url(self, number: int) -> str:
        values: dict[str, Any] = {**asked(), **(request.view_args or {})}
        values[self.name] = str(number) if number > 1 else None
        return url_for(request.endpoint or "", **values)


def asked_page(name: str = "page") -> int:
    """The page that the address asks for; the first where it asks for none that can be."""
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), LARGEST)
