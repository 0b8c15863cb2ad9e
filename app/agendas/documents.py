"""An agenda's content as a document, in the language in which it is written."""

from babel import Locale
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.agendas.exports import Document, DocumentItem, Section
from app.agendas.queries.agendas import exportable
from app.agendas.rules.content import Content, ContentItem, total_minutes
from app.core.markings import Marking, highest
from app.meetings.wording import length_words
from app.web.labels import label
from app.web.languages import day_range, instant, territory


def document(content: Content) -> Document:
    """Of what may leave the screen. The same content is the same document, whoever asks."""
    kept = exportable(content)
    with force_locale(kept.language):
        return _document(kept)


def _document(content: Content) -> Document:
    timed = [item for item in content.items if not item.in_writing]
    in_writing = [item for item in content.items if item.in_writing]
    sections = [_section(_("In the meeting"), timed)]
    if in_writing:
        sections.append(_section(_("By written procedure"), in_writing))
    return Document(
        language=content.language.replace("_", "-"),
        direction=Locale.parse(content.language).text_direction,
        marking=highest((item.marking for item in content.items), default=Marking.GREEN),
        network=content.network,
        title=content.meeting,
        state=_("Draft: not published, can still change")
        if content.number is None
        else _("Agenda number %(number)s", number=content.number),
        is_draft=content.number is None,
        facts=tuple((name, value) for name, value in _facts(content) if value),
        sections=tuple(sections),
    )


def _facts(content: Content) -> list[tuple[str, str]]:
    host = territory(content.host_code, content.host_name) if content.host_code else ""
    total = total_minutes(content.items)
    return [
        (_("When"), day_range(content.starts_on, content.ends_on, content.precision)),
        (_("Begins"), instant(content.starts_at, content.zone)),
        (_("Place"), content.place),
        (_("Host"), host),
        (
            _("Time"),
            _(
                "%(total)s of %(length)s",
                total=length_words(total),
                length=length_words(content.length),
            ),
        ),
    ]


def _section(title: str, items: list[ContentItem]) -> Section:
    return Section(title, tuple(_item(item) for item in items))


def _item(item: ContentItem) -> DocumentItem:
    minutes = ngettext("%(num)s minute", "%(num)s minutes", item.minutes)
    details = [
        label(item.kind),
        "" if item.in_writing else minutes,
        item.presenter,
        territory(item.member_code, item.member_name) if item.member_code else "",
        item.marking.label,
    ]
    told = " · ".join(detail for detail in details if detail)
    return DocumentItem(item.title, told, item.note, item.marking)
