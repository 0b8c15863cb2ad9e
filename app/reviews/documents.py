"""Reviews of deadlines as documents, in the language in which they were held."""

from babel import Locale
from babel.lists import format_list
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.core.markdown import escaped
from app.deliverables.queries.groups import Need
from app.deliverables.rules.moves import ACTIVE
from app.deliverables.wording import NEEDS
from app.documents.document import Document, DocumentItem, Publication, Section, Table
from app.documents.text import plain
from app.reviews import exports
from app.reviews.rules.content import Chosen, Entry, Latest, ReviewContent, Shown
from app.reviews.wording import choice_words
from app.web.labels import label
from app.web.languages import day_range, day_text, instant, locale, percent, territory

ZONE = "UTC"
"""In which a document tells instants: it is the same for every reader."""


def publication(content: ReviewContent, review_id: int, *, origin: str, root: str) -> Publication:
    """Of what may leave the screen. A closed review is the same publication, whoever asks of those
    who may see the same of it."""
    kept = content.without_red()
    address = f"{root}/reviews/{review_id}" if root else ""
    with force_locale(kept.heading.language):
        made = _document(kept)
    words, title = plain(made), made.title
    event = exports.calendar(kept, title, words, review_id, origin=origin, address=address)
    return Publication(document=made, data=exports.data(kept), calendar=event)


def _document(content: ReviewContent) -> Document:
    heading = content.heading
    return Document(
        language=heading.language.replace("_", "-"),
        direction=Locale.parse(heading.language).text_direction,
        marking=content.marking,
        network=heading.network,
        title=_("Review: %(deadline)s", deadline=heading.deadline_title),
        state=_state(content),
        is_draft=content.closed_at is None,
        facts=tuple((name, value) for name, value in _facts(content) if value),
        sections=tuple(
            Section(str(NEEDS[Need(need)]), tuple(_item(entry, content) for entry in entries))
            for need, entries in content.groups
        ),
        tables=(_by_status(content),),
        contents=_("Contents"),
        made_at=content.closed_at,
    )


def _state(content: ReviewContent) -> str:
    if content.closed_at is None:
        return _(
            "Open, begun by %(name)s: nothing of it is carried out yet.", name=content.opened_by
        )
    return _(
        "Closed by %(name)s, %(instant)s.",
        name=content.closed_by,
        instant=instant(content.closed_at, ZONE),
    )


def _facts(content: ReviewContent) -> list[tuple[str, str]]:
    heading, counts = content.heading, content.counts
    summary = _(
        "%(delivered)s of %(total)s delivered, %(overdue)s overdue.",
        delivered=counts.delivered,
        total=counts.total,
        overdue=counts.overdue,
    )
    return [
        (_("Deadline"), day_range(heading.starts_on, heading.ends_on, heading.precision)),
        (_("Place"), heading.place),
        (_("State of"), day_text(heading.held_on)),
        (_("In short"), summary),
        (_("Choices hold from"), day_text(content.effective_on)),
    ]


def _by_status(content: ReviewContent) -> Table:
    rows = tuple((label(status), str(count)) for status, count in content.counts.by_status)
    return Table(_("By status"), (_("Status"), _("Deliverables")), rows)


def _item(entry: Entry, content: ReviewContent) -> DocumentItem:
    leads = [territory(part.code, part.name) for part in entry.leads]
    late = ngettext("%(num)s day late", "%(num)s days late", entry.days_late)
    done = percent(entry.progress / 100) if entry.progress is not None else ""
    details = [
        label(entry.status),
        label(entry.health) if entry.status in ACTIVE else "",
        _("%(percent)s done", percent=done) if done else "",
        _("due %(day)s", day=day_text(entry.due_on, entry.due_precision)) if entry.due_on else "",
        late if entry.days_late else "",
        _("Lead: %(members)s", members=format_list(leads, locale=locale()))
        if leads
        else _("No lead"),
        entry.marking.label,
    ]
    told = " · ".join(detail for detail in details if detail)
    return DocumentItem(entry.title, told, _note(entry, content), entry.marking)


def _note(entry: Entry, content: ReviewContent) -> str:
    """As Markdown, every word of people escaped."""
    lines = [escaped(raised.sentence) for raised in entry.flags if not raised.is_muted]
    lines += _latest(entry.latest) if entry.latest else [_("No update was logged.")]
    lines += [_needed(entry)] if entry.needs else []
    lines += [_("Evidence: %(link)s", link=_link(shown)) for shown in entry.evidence]
    if entry.chosen:
        return "\n".join(f"- {line}" for line in [*lines, *_chosen(entry.chosen)])
    nothing = (
        _("Nothing was chosen: it stays as it is.")
        if content.closed_at
        else _("Nothing is chosen yet.")
    )
    return "\n".join(f"- {line}" for line in [*lines, nothing])


def _latest(latest: Latest) -> list[str]:
    told = _(
        "Latest update, %(day)s, %(name)s: %(note)s",
        day=day_text(latest.effective_on, latest.precision),
        name=escaped(latest.by),
        note=escaped(latest.note) or _("no note"),
    )
    blocked = _("Blocked: %(what)s", what=escaped(latest.blocker)) if latest.blocker else ""
    following = _("Next: %(step)s", step=escaped(latest.next_step)) if latest.next_step else ""
    return [line for line in (told, blocked, following) if line]


def _needed(entry: Entry) -> str:
    needs = [
        _("%(title)s (%(status)s)", title=escaped(needed.title), status=label(needed.status))
        for needed in entry.needs
    ]
    return _("It needs: %(titles)s", titles=format_list(needs, locale=locale()))


def _chosen(chosen: Chosen) -> list[str]:
    words, reason = escaped(choice_words(chosen)), escaped(chosen.reason)
    told = f"**{words}**"
    lines = [_("%(choice)s: %(reason)s", choice=told, reason=reason) if reason else told]
    if chosen.evidence:
        lines.append(_("Evidence: %(link)s", link=_link(chosen.evidence)))
    if chosen.answered_on:
        lines.append(_("Answered by the update of %(day)s.", day=day_text(chosen.answered_on)))
    return lines


def _link(shown: Shown) -> str:
    if shown.is_file or not shown.url:
        return escaped(shown.title)  # it is on the site, for those who may read it
    address = shown.url.replace("<", "%3C").replace(">", "%3E")
    return f"[{escaped(shown.title)}](<{address}>)"
