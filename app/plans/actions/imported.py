"""What the import itself said of things before.

A file that says what it said the last time has nothing new to say, whatever people made of the
thing on the site since; only where the file itself changed does it speak again. What it said the
last time stands in the trail.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import plain
from app.audit.models import AuditEntry

Entry = TypeVar("Entry")

_TELLS_APART = ("function", "from_on")
"""What a line of the trail says, beside its subject, of which row it is about."""

_SPOKEN_OTHERWISE = ("update.log", "assignment.change", "deadline.move", "deliverable.reschedule")
"""Their rows name who recorded them; and there are many."""

Place = tuple[str, str, str | None, str | None]


class SaidBefore:
    """Fields as an account last wrote them, by what they are of."""

    def __init__(self, session: Session, account_id: int) -> None:
        self._session, self._account_id = session, account_id

    def still_to_say(
        self,
        noun: str,
        key: str,
        fields: Mapping[str, tuple[Any, Any]],
        *,
        function: str | None = None,
        from_on: date | None = None,
    ) -> set[str]:
        """Of `fields`, {name: (what there is, what the file says)}, those that the file changes.
        Where the import never wrote the thing, all that differ."""
        differ = {name for name, (there, wanted) in fields.items() if there != wanted}
        if not differ:
            return differ
        day = from_on.isoformat() if from_on else None
        before = self._said.get((noun, key, function, day))
        if before is None:
            return differ
        return {name for name in differ if _differ(before.get(name), plain(fields[name][1]))}

    def kept(
        self,
        noun: str,
        key: str,
        row: object,
        entry: Entry,
        *,
        function: str | None = None,
        from_on: date | None = None,
    ) -> Entry:
        """The entry, with the values of the row wherever the file has nothing new to say."""
        names = entry.__dataclass_fields__  # type: ignore[attr-defined]
        fields = {name: (getattr(row, name), getattr(entry, name)) for name in names}
        said = self.still_to_say(noun, key, fields, function=function, from_on=from_on)
        as_it_is = {name: there for name, (there, _) in fields.items() if name not in said}
        return replace(entry, **as_it_is)  # type: ignore[type-var]

    @cached_property
    def _said(self) -> dict[Place, dict[str, Any]]:
        lines = (
            select(AuditEntry.verb, AuditEntry.subject_key, AuditEntry.changes)
            .where(
                AuditEntry.account_id == self._account_id,
                AuditEntry.verb.not_in(_SPOKEN_OTHERWISE),
            )
            .order_by(AuditEntry.id)
        )
        said: dict[Place, dict[str, Any]] = {}
        for verb, key, changes in self._session.execute(lines):
            after = {name: value for name, (_, value) in changes.items()}
            function, from_on = (after.get(name) for name in _TELLS_APART)
            place = (verb.split(".")[0], key, function, from_on)
            said.setdefault(place, {}).update(after)
        return said


def _differ(said: Any, says: Any) -> bool:
    """What was empty from the start may not stand in the trail at all."""
    return bool((said or says) and said != says)
