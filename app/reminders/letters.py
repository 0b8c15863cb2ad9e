"""What a mail says. It is written when it is sent, with the eyes of its reader at that time: what
has become narrower meanwhile, or is no longer so, is not in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.markings import Channel, Marking, highest
from app.members.models import NetworkName
from app.notices.models import Notice
from app.notices.queries import choices
from app.notices.rules import Cadence, Topic
from app.notices.setup import MailSetup
from app.people.models import Account
from app.reminders import digest, links
from app.reminders.queries import settings
from app.reminders.rules import Day, Thing
from app.reminders.sources import things
from app.reminders.sources.look import Look
from app.reminders.wording import heading, hushed, link_label, sentence
from app.web.languages import available

LONGEST_SUBJECT = 150
WHOLE_LINES = SMTP.clone(max_line_length=900)
"""A long link in a header must not be broken up."""


@dataclass(frozen=True, slots=True)
class Line:
    """`marking` is None where nothing marked is told."""

    text: str
    note: str = ""
    url: str = ""
    label: str = ""
    marking: Marking | None = None


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    marking: Marking
    sections: tuple[Section, ...]
    topics: frozenset[Topic]
    untold: tuple[int, ...]
    """Numbers of notices that are not in it."""


class Writer:
    """Writes to one account, at one instant."""

    def __init__(self, session: Session, setup: MailSetup, account: Account, now: datetime) -> None:
        self.session, self.setup, self.account, self.now = session, setup, account, now
        look = Look(session, account.actor, now, settings(session))
        self.look = look.through(Channel.MAIL)
        self.today = Day(look.as_of.day, look.as_of.dueness)
        self._outside = look.through(Channel.EXPORT)
        """What may leave the screen, but not all of it by mail."""

    def letter(self, notices: Sequence[Notice]) -> Letter | None:
        """None where nothing of it is to be told any more."""
        with force_locale(self._language):
            return self._letter(notices)

    def message(self, letter: Letter, message_id: str) -> EmailMessage:
        with force_locale(self._language):
            return self._message(letter, message_id)

    @property
    def _language(self) -> str:
        return self.account.language if self.account.language in available() else "en"

    def _letter(self, notices: Sequence[Notice]) -> Letter | None:
        chosen = choices(self.session, self.account.id)
        wanted = [n for n in notices if chosen.get(n.topic) is not Cadence.NEVER]
        told, unmarked = {t.name: t for t in things(self.look)}, {}
        for thing in things(self._outside):
            if thing.name not in told:
                unmarked[thing.name] = thing
        lines: dict[Topic, dict[str, Line]] = {}
        known: set[int] = set()
        for notice in wanted:
            for about, line in self._lines(notice, told, unmarked):
                # What is new and due soon at once is told once.
                lines.setdefault(notice.topic, {}).setdefault(about, line)
                known.add(notice.id)
        if not lines:
            return None
        sections = tuple(
            Section(heading(topic), tuple(lines[topic].values()))
            for topic in Topic
            if topic in lines
        )
        marking = highest(
            (line.marking for each in sections for line in each.lines if line.marking),
            Marking.GREEN,
        )
        untold = tuple(n.id for n in notices if n.id not in known)
        return Letter(self._subject(sections, marking), marking, sections, frozenset(lines), untold)

    def _lines(
        self, notice: Notice, told: dict[str, Thing], unmarked: dict[str, Thing]
    ) -> Iterable[tuple[str, Line]]:
        """Each with what it is about."""
        if notice.topic is Topic.DIGEST:
            for each in digest.lines(self.look, notice.queued_at):
                url = f"{self.setup.root}{each.path}"
                yield each.text, Line(each.text, url=url, marking=each.marking)
        elif thing := told.get(notice.thing):
            yield thing.about, self._line(thing)
        elif thing := unmarked.get(notice.thing):
            # That it is there is all that goes out; it is marked as what tells of it.
            text = hushed(thing.marking.label)
            url = f"{self.setup.root}/"
            yield text, Line(text, url=url, label=_("Sign in"), marking=Marking.AMBER)

    def _line(self, thing: Thing) -> Line:
        path = links.opening(current_app.config, thing.edits or thing.path)
        return Line(
            text=_plain(sentence(thing, self.today, self.account.zone)),
            note=thing.note,
            url=f"{self.setup.root}{path}",
            label=link_label(thing.kind),
            marking=thing.marking,
        )

    def _subject(self, sections: tuple[Section, ...], marking: Marking) -> str:
        lines = [line for section in sections for line in section.lines]
        name = self._network()
        if len(lines) == 1:
            what = lines[0].text
        elif len(sections) == 1:
            what = sections[0].heading
        else:
            what = ngettext("%(num)s thing for you", "%(num)s things for you", len(lines))
        return _plain(f"[{marking.label}] {name}: {what}")[:LONGEST_SUBJECT]

    def _network(self) -> str:
        day = self.look.as_of.day
        short = select(NetworkName.short_name).where(NetworkName.holds_on(day))
        return self.session.scalars(short).first() or _("Network tracker")

    def _message(self, letter: Letter, message_id: str) -> EmailMessage:
        path = links.unsubscribing(current_app.config, self.account.id, letter.topics)
        shown = {
            "letter": letter,
            "name": self.account.name,
            "root": self.setup.root,
            "unsubscribe_url": f"{self.setup.root}{path}",
            "network": self._network(),
            "language": self._language,
        }
        message = envelope(self.setup, self.account, letter.subject, message_id, self.now)
        message["List-Unsubscribe"] = f"<{shown['unsubscribe_url']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        render(message, "letter", shown)
        return message


def envelope(
    setup: MailSetup, account: Account, subject: str, message_id: str, now: datetime
) -> EmailMessage:
    """A mail with its headers, without a text yet."""
    message = EmailMessage(policy=SMTP)
    message["From"] = setup.sender
    message["To"] = Address(_plain(account.name), addr_spec=account.email)
    message["Subject"] = _plain(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{setup.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = account.language if account.language in available() else "en"
    return message


def render(message: EmailMessage, template: str, shown: dict[str, object]) -> None:
    """The same in plain text and in HTML."""
    templates = current_app.jinja_env
    message.set_content(templates.get_template(f"reminders/{template}.txt").render(shown))
    html = templates.get_template(f"reminders/{template}.html").render(shown)
    message.add_alternative(html, subtype="html")
    message.policy = WHOLE_LINES


def sender_address(setup: MailSetup) -> str:
    return parseaddr(setup.sender)[1]


def _plain(text: str) -> str:
    """On one line, without what is no character."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
