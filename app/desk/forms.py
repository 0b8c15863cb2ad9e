"""One row of the table in which several updates are logged at once."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.deliverables.forms import StandingForm
from app.deliverables.queries.listing import DeliverableRow
from app.deliverables.rules.moves import ACTIVE, Hand, Status, open_moves
from app.web.forms import AtMost, LineField
from app.web.labels import label

SEPARATOR = "|"


class RowForm(StandingForm):
    """The token is that of the whole table. `was` is what the row said when it was shown: only a
    row that says something else, or has a note, is logged."""

    note = LineField(_l("Note"), [AtMost(5000)])  # type: ignore[assignment]
    was = HiddenField()

    def __init__(self, key: str, **kwargs: Any) -> None:
        super().__init__(prefix=f"{key}-", meta={"csrf": False}, **kwargs)
        self.key = key

    def show_row(self, row: DeliverableRow, seen: int) -> None:
        """As it stands, nothing typed."""
        self.status.data = row.status.value
        self.health.data = row.health.value if row.health and row.status in ACTIVE else ""
        self.progress.data = "" if row.progress is None else str(row.progress)
        self.note.data = ""
        self.was.data = self._says()
        self.seen.data = seen

    def offer(self, status: Status, hand: Hand) -> None:
        """In a table there is no room to say which one it is: it is the one that is chosen."""
        super().offer(status, hand)
        self.status.choices = [(s.value, label(s)) for s in (status, *open_moves(status, hand))]

    @property
    def is_changed(self) -> bool:
        return bool(self.note.data) or self._says() != self.was.data

    def _says(self) -> str:
        said = (self.status.data, self.health.data, (self.progress.data or "").removesuffix("%"))
        return SEPARATOR.join(text or "" for text in said)
