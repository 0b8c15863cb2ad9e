"""What can go wrong in an action, in words that the edges turn into an answer.

A message is a translatable string made where the rule is known; the edge decides the status
and the page.
"""

from collections.abc import Mapping


class Refused(Exception):
    """An action that may not happen. `message` is for the reader, `fields` for the form."""

    status = 422

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class Forbidden(Refused):
    """The actor may read the thing but not do this with it."""

    status = 403


class Missing(Refused):
    """The thing does not exist, or the reader may not know that it does."""

    status = 404


class Conflict(Refused):
    """Somebody else changed the thing since the actor looked at it."""

    status = 409
