"""What can go wrong in an action, as a sentence to translate and the facts that go into it.

The sentence is chosen where the rule is known; the edge translates it, writes dates, enums and
lists in the reader's language (`app.web.wording`) and decides on page and status.
"""

from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Marks a sentence for translation where it is written, not where it is shown."""
    return message


class Refused(Exception):
    """An action that may not happen. `message` is a %-format for `params`; `field` names the
    form field at fault, if one is."""

    status = 422

    def __init__(self, message: str, *, field: str = "", **params: Any) -> None:
        super().__init__(message, params)
        self.message = message
        self.field = field
        self.params: Mapping[str, Any] = params


class Forbidden(Refused):
    """The actor may read the thing but not do this with it."""

    status = 403


class Missing(Refused):
    """The thing does not exist, or the reader may not know that it does."""

    status = 404


class Conflict(Refused):
    """Somebody else changed the thing since the actor looked at it."""

    status = 409
