"""Naming a source in a form: one that is there, or a new one."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import URL, Optional, ValidationError

from app.core.permissions import Actor
from app.sources.actions import SourceEntry, cite_anew
from app.sources.models import Source
from app.sources.queries import find
from app.web.forms import AtMost, DayField, Form, LineField

WEB = ("http://", "https://")


class CitingForm(Form):
    """A form whose facts can name their source."""

    source = SelectField(_l("Source"))
    source_title = LineField(_l("Title of a source that is not listed"), [AtMost(500)])
    source_publisher = LineField(_l("Who published it"), [AtMost(300)])
    source_url = LineField(
        _l("Its address"),
        [Optional(), AtMost(2000), URL(message=_l("Give a whole address, as https://…"))],
    )
    source_on = DayField(_l("Published on"))

    def offer_sources(self, sources: Sequence[Source]) -> None:
        listed = [(source.key, _named(source)) for source in sources]
        self.source.choices = [("", _("None named")), *listed]

    def validate_source_url(self, field: LineField) -> None:
        if field.data and not field.data.lower().startswith(WEB):
            raise ValidationError(_("Give an address that begins with http:// or https://."))
        if field.data and not self.source_title.data:
            raise ValidationError(_("Give the title of the source as well."))

    def cited(self, session: Session, actor: Actor, now: datetime) -> int | None:
        """The number of the source, which is added where it is new. Only after it validated."""
        if self.source_title.data:
            entry = SourceEntry(
                title=self.source_title.data,
                publisher=self.source_publisher.data or "",
                url=self.source_url.data or "",
                published_on=self.source_on.data,
            )
            return cite_anew(session, actor, entry, now).id
        known = find(session, self.source.data or "")
        return known.id if known else None


def _named(source: Source) -> str:
    return f"{source.title}, {source.publisher}" if source.publisher else source.title
