"""The base of all forms, and fields that take only what the product can keep."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import (
    CheckboxInput,
    DateInput,
    DateTimeLocalInput,
    FileInput,
    HiddenInput,
    ListWidget,
)

from app.core.days import parse_day
from app.core.errors import Refused
from app.web.access import reader_zone
from app.web.wording import worded

_TIME = re.compile(r"[0-2][0-9]:[0-5][0-9]")
LINE_BREAKS = frozenset("\n\t")


def init_app(app: Flask) -> None:
    app.before_request(_bound_form)


def _bound_form() -> None:
    # What is no upload is read at once, whole: it gets the smaller of the two bounds.
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


class Form(FlaskForm):
    """Speaks the reader's language and carries the CSRF token."""

    def refuse(self, refused: Refused) -> None:
        """Show what an action refused: beside the field it names, else above the form."""
        self.add_error(worded(refused), refused.field)

    def add_error(self, message: str, field: str = "") -> None:
        if field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


def clean(text: str) -> str:
    """Without blanks around it, composed (NFC), and with one kind of line break."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def is_kept(text: str, allowed: frozenset[str] = frozenset()) -> bool:
    """Whether it holds only characters that can be kept and shown: no NUL, no controls."""
    return not any(
        unicodedata.category(mark) in {"Cc", "Cs"} and mark not in allowed for mark in text
    )


class _Text:
    """Cleans what comes in and refuses control characters."""

    allowed: frozenset[str] = frozenset()
    data: str | None

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = clean(values[0]) if values else ""

    def pre_validate(self, _form: Any) -> None:
        if self.data and not is_kept(self.data, self.allowed):
            raise StopValidation(_("This holds characters that cannot be shown."))


class LineField(_Text, StringField):
    """Text on one line."""


class TextField(_Text, TextAreaField):
    """Text that may have several lines."""

    allowed = LINE_BREAKS


class DayField(Field):
    """A calendar day, written as YYYY-MM-DD. Empty is none."""

    widget = DateInput()
    data: date | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = None
        text = str(values[0]).strip() if values else ""
        if not text:
            return
        try:
            self.data = parse_day(text)
        except ValueError:
            raise ValueError(_("Write a day as 2024-11-21.")) from None


class MultiCheckboxField(SelectMultipleField):
    """Several of many, each ticked for itself."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UploadField(Field):
    """A file; `content` is empty where none was chosen. Never shown again: a browser does not
    let a page choose a file."""

    widget = FileInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = b""
        self.name_given = ""

    def _value(self) -> bool:
        return False

    def process_formdata(self, values: Sequence[Any]) -> None:
        for value in values:
            if isinstance(value, FileStorage):
                self.content = value.read()
                value.close()
                self.name_given = value.filename or ""


class MomentField(Field):
    """A moment as the reader's clock shows it, kept in UTC. Empty is none. Where the clock shows it
    twice, the first time is meant."""

    widget = DateTimeLocalInput()
    data: datetime | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(reader_zone()):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, values: Sequence[Any]) -> None:
        self.data = None
        text = str(values[0]).strip() if values else ""
        if not text:
            return
        on, _separator, clock = text.partition("T")
        try:
            local = datetime.combine(parse_day(on), parse_time(clock), reader_zone())
            self.data = local.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(_("Write a day and a time as 2024-11-21T14:00.")) from None


def parse_time(text: str) -> time:
    """Read HH:MM and nothing else; ValueError for any other text."""
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


class SeenField(Field):
    """What its author had before them: a version or the number of a row, hidden in the form. What
    is no number was not seen: 0."""

    widget = HiddenInput()
    data: int

    def _value(self) -> str:
        return str(self.data or 0)

    def process_formdata(self, values: Sequence[Any]) -> None:
        text = str(values[0]).strip() if values else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


class AtMost:
    """At most so many characters; also tells the browser."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.field_flags = {"maxlength": longest}

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data and len(field.data) > self.longest:
            text = _("At most %(longest)s characters; these are %(length)s.")
            raise ValidationError(text % {"longest": self.longest, "length": len(field.data)})
