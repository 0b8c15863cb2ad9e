"""The certificate of a decision as a document."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.markdown import escaped
from app.core.markings import Marking
from app.decisions.certificate import Answer, Certificate
from app.decisions.wording import RESULTS, rule_words, why_words
from app.documents.data import plain
from app.documents.document import Document, DocumentItem, Publication, Section, Table
from app.documents.schemas import address
from app.web.labels import label
from app.web.languages import instant, territory

DATA_FORMAT = "decision-1"
LANGUAGE = "en"
"""Of every certificate as a file, so that it is the same for every reader."""
ZONE = "UTC"


def publication(
    certificate: Certificate, settled_at: datetime, content_hash: str, marking: Marking
) -> Publication:
    """`marking` is that of the decision now: it can have become narrower since."""
    with force_locale(LANGUAGE):
        made = _document(certificate, settled_at, content_hash, marking)
    return Publication(document=made, data=data(certificate, settled_at, content_hash, marking))


def data(
    certificate: Certificate, settled_at: datetime, content_hash: str, marking: Marking
) -> dict[str, Any]:
    """As its JSON Schema has it. `content_hash` is of what was frozen, not of this file."""
    found = {
        "format": DATA_FORMAT,
        "schema": address(DATA_FORMAT),
        **asdict(certificate),
        "marking": marking,
        "settled_at": settled_at,
        "content_hash": content_hash,
    }
    known: dict[str, Any] = plain(found, frozenset())
    return known


def _document(
    certificate: Certificate, settled_at: datetime, content_hash: str, marking: Marking
) -> Document:
    recorded = _("Recorded %(instant)s.", instant=instant(settled_at, ZONE))
    result = _(
        "%(result)s. %(why)s", result=RESULTS[certificate.result], why=why_words(certificate)
    )
    return Document(
        language=LANGUAGE,
        direction=Locale.parse(LANGUAGE).text_direction,
        marking=marking,
        network=certificate.network,
        title=_("Decision: %(title)s", title=certificate.title),
        state=f"{result} {recorded}",
        is_draft=False,
        facts=_facts(certificate, content_hash),
        sections=(Section(_("The proposal"), (_proposal(certificate, marking),)),),
        tables=(_answers(certificate),),
        contents=_("Contents"),
        made_at=settled_at,
    )


def _facts(certificate: Certificate, content_hash: str) -> tuple[tuple[str, str], ...]:
    answered = _(
        "%(answered)s of %(entitled)s with a say",
        answered=certificate.answered,
        entitled=len(certificate.answers),
    )
    return (
        (_("Open from"), instant(certificate.opens_at, ZONE)),
        (_("Closed"), instant(certificate.closes_at, ZONE)),
        (_("Answered"), answered),
        (_("SHA-256 of what was frozen"), content_hash),
    )


def _proposal(certificate: Certificate, marking: Marking) -> DocumentItem:
    paragraphs = (escaped(part) for part in certificate.proposal.split("\n"))
    text = "\n\n".join(part for part in paragraphs if part)
    return DocumentItem(certificate.title, rule_words(certificate), text, marking)


def _answers(certificate: Certificate) -> Table:
    head = (_("Member"), _("Position"), _("Statement"), _("Taken"))
    return Table(_("Answers"), head, tuple(_row(answer) for answer in certificate.answers))


def _row(answer: Answer) -> tuple[str, ...]:
    position = answer_words(answer)
    if answer.is_bound:
        position = _("%(position)s; it is bound", position=position)
    taken = instant(answer.at, ZONE) if answer.at else ""
    return territory(answer.code, answer.name), position, answer.statement, taken


def answer_words(answer: Answer) -> str:
    if answer.stance is not None:
        return label(answer.stance)
    return _("Silent: taken as assent") if answer.is_assumed else _("Did not answer")
