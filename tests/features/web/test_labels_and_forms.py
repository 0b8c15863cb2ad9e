"""Words for every enum, and fields that take only what can be kept."""

from datetime import date
from enum import StrEnum

import pytest
from sqlalchemy import Enum
from werkzeug.datastructures import MultiDict

from app.core.markings import Marking
from app.core.permissions import Permission
from app.deliverables.rules.attention import Flag, Severity
from app.meetings.rules.adherence import Adherence
from app.models import Base
from app.web.database import Tracker
from app.web.forms import AtMost, DayField, Form, LineField, TextField
from app.web.labels import choices, label

IN_COLUMNS: set[type[StrEnum]] = {
    column.type.enum_class
    for table in Base.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, Enum)
}
COMPUTED: set[type[StrEnum]] = {Flag, Severity, Adherence, Permission}
SHOWN = sorted(IN_COLUMNS | COMPUTED, key=lambda kind: kind.__name__)


class Sample(Form):
    line = LineField("Line", [AtMost(10)])
    text = TextField("Text")
    day = DayField("Day")


def filled(app: Tracker, **values: str) -> Sample:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST", data=values):
        form = Sample(MultiDict(values))
        form.validate()
        return form


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.__name__)
def test_every_word_of_every_enum_has_a_label(app: Tracker, kind: type[StrEnum]) -> None:
    with app.test_request_context():
        labels = [label(word) for word in kind]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_a_label_is_found_by_a_name_that_only_one_shown_enum_has() -> None:
    names = [kind.__name__ for kind in SHOWN]
    assert sorted(set(names)) == names


def test_a_marking_is_written_as_first_writes_it(app: Tracker) -> None:
    with app.test_request_context():
        assert label(Marking.AMBER_STRICT) == "TLP:AMBER+STRICT"
        assert choices(Marking)[0] == ("CLEAR", "TLP:CLEAR")


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("line", "  a b \t", "a b"),
        ("line", "e\u0301", "\u00e9"),
        ("text", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("text", "نص عربي 日本語", "نص عربي 日本語"),
        ("day", " 2024-11-21 ", date(2024, 11, 21)),
        ("day", "", None),
    ],
)
def test_what_is_sent_is_cleaned(app: Tracker, field: str, sent: str, kept: object) -> None:
    form = filled(app, **{field: sent})
    assert form.errors == {}
    assert form[field].data == kept


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("line", "a\x00b"),
        ("line", "a\nb"),
        ("line", "a\x1b[0mb"),
        ("line", "eleven char"),
        ("line", "a\ud800b"),
        ("text", "a\x00b"),
        ("text", "a\x7fb"),
        ("day", "21.11.2024"),
        ("day", "2024-02-30"),
        ("day", "2024-11-21x"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    app: Tracker, field: str, sent: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST"):
        form = Sample(MultiDict({field: sent}))
        assert not form.validate()
    assert list(form.errors) == [field]
    assert all(len(str(text)) > 10 for text in form.errors[field])
