"""Agendas and minutes as documents, in the language in which they are written."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, dates
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.agendas import exports
from app.agendas.rules.content import Content, ContentAction, ContentItem, total_minutes
from app.core.markdown import escaped
from app.documents.document import Document, DocumentItem, Publication, Section, Table
from app.documents.text import plain
from app.meetings.wording import length_words
from app.web.labels import label
from app.web.languages import day_range, day_text, instant, locale, territory


def publication(content: Content, key: str, *, origin: str, root: str) -> Publication:
    """Of what may leave the screen. The same content is the same publication, whoever asks.
    `key` is that of the meeting; `root`: where the installation says that it stands; `origin`: see
    `exports.calendar`."""
    kept = exports.exportable(content)
    made = document(kept)
    address = f"{root}/agendas/{key}/{content.number}" if root and content.number else ""
    return Publication(
        document=made,
        data=exports.data(kept),
        calendar=exports.calendar(kept, plain(made), origin=origin, address=address),
    )


def document(content: Content) -> Document:
    with force_locale(content.language):
        return _document(content)


def _document(content: Content) -> Document:
    return Document(
        language=content.language.replace("_", "-"),
        direction=Locale.parse(content.language).text_direction,
        marking=exports.marking_of(content),
        network=content.network,
        title=content.meeting,
        state=_state(content),
        is_draft=content.number is None,
        facts=tuple((name, value) for name, value in _facts(content) if value),
        sections=tuple(_sections(content)),
        tables=tuple(_tables(content)),
        contents=_("Contents"),
        made_at=content.published_at,
    )


def _state(content: Content) -> str:
    if content.number is None:
        return _("Draft: not published, can still change")
    if content.is_minutes:
        return _("Minutes number %(number)s", number=content.number)
    return _("Agenda number %(number)s", number=content.number)


def _sections(content: Content) -> list[Section]:
    timed = [item for item in content.items if not item.in_writing]
    in_writing = [item for item in content.items if item.in_writing]
    if content.is_minutes:
        reached = [item for item in timed if item.was_reached]
        parts = [
            (_("In the meeting"), reached),
            (_("Not reached"), [item for item in timed if not item.was_reached]),
            (_("By written procedure"), in_writing),
        ]
    else:
        parts = [(_("In the meeting"), timed), (_("By written procedure"), in_writing)]
    first, *others = [_section(title, items, content) for title, items in parts]
    return [first, *(section for section in others if section.items)]


def _facts(content: Content) -> list[tuple[str, str]]:
    host = territory(content.host_code, content.host_name) if content.host_code else ""
    total, length = total_minutes(content.items), content.length
    shared = _("%(total)s of %(length)s", total=length_words(total), length=length_words(length))
    return [
        (_("When"), day_range(content.starts_on, content.ends_on, content.precision)),
        (_("Begins"), instant(content.starts_at, content.zone)),
        (_("Place"), content.place),
        (_("Host"), host),
        (_("Time"), "" if content.is_minutes else shared),
        (_("Opened"), instant(content.opened_at, content.zone)),
        (_("Closed"), instant(content.closed_at, content.zone)),
    ]


def _tables(content: Content) -> list[Table]:
    zones = content.about.zones if content.about else ()
    starts_at = content.starts_at
    found = []
    if starts_at and zones:
        rows = [(territory(z.code, z.name), *_local(starts_at, z.zone)) for z in zones]
        head = (_("Member"), _("Begins"), _("Time zone"))
        found.append(Table(_("Local times"), head, tuple(rows)))
    if content.attendance:
        present = [
            (territory(line.member_code, line.member_name), label(line.presence), line.note)
            for line in content.attendance
        ]
        head = (_("Member"), _("Presence"), _("Note"))
        found.append(Table(_("Attendance"), head, tuple(present)))
    return found


def _local(starts_at: datetime, zone: str) -> tuple[str, str]:
    there = starts_at.astimezone(ZoneInfo(zone))
    day = dates.format_skeleton("yMMMEd", there, locale=locale())
    return f"{day}, {there:%H:%M}", zone


def _section(title: str, items: list[ContentItem], content: Content) -> Section:
    return Section(title, tuple(_item(item, content.is_minutes) for item in items))


def _item(item: ContentItem, is_minutes: bool) -> DocumentItem:
    minutes = item.spent_minutes if is_minutes else item.minutes
    took = ngettext("%(num)s minute", "%(num)s minutes", minutes or 0)
    details = [
        label(item.kind),
        "" if item.in_writing or minutes is None else took,
        item.presenter,
        territory(item.member_code, item.member_name) if item.member_code else "",
        label(item.outcome) if item.outcome else "",
        item.marking.label,
    ]
    told = " · ".join(detail for detail in details if detail)
    return DocumentItem(item.title, told, _note(item), item.marking)


def _note(item: ContentItem) -> str:
    """What was before the meeting, what it made of it, what it asked for."""
    links = [f"- [{escaped(link.title)}](<{link.url}>)" for link in item.links]
    actions = [f"- {_action(action)}" for action in item.actions]
    parts = [item.note, "\n".join(links), item.outcome_text, "\n".join(actions)]
    return "\n\n".join(part for part in parts if part)


def _action(action: ContentAction) -> str:
    who, task = territory(action.member_code, action.member_name), escaped(action.task)
    if action.due_on is None:
        return _("Action, %(who)s: %(task)s", who=who, task=task)
    day = day_text(action.due_on)
    return _("Action, %(who)s: %(task)s (due %(day)s)", who=who, task=task, day=day)
