"""Forms of one's own account."""

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired

from app.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.web.forms import AtMost, Form, LineField
from app.web.languages import available

AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


class SignInForm(Form):
    email = LineField(_l("E-mail address"), [InputRequired(), AtMost(254)])
    password = PasswordField(_l("Password"), [InputRequired(), AtMost(1000)])


class PasswordForm(Form):
    current = PasswordField(_l("Present password"), [InputRequired(), AtMost(1000)])
    new = PasswordField(
        _l("New password"),
        [InputRequired(), AtMost(1000)],
        description=_l(
            "%(least)s to %(most)s characters, of whatever kind. Several words do well.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        ),
    )


class PreferencesForm(Form):
    language = SelectField(_l("Language"), [InputRequired()])
    zone = SelectField(
        _l("Time zone"),
        [InputRequired()],
        description=_l("Instants are shown in this zone; days of the plan have none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, _own_name(code)) for code in available()]
        self.zone.choices = zone_choices()


def zone_choices() -> list[tuple[str, str]]:
    named = (zone for zone in available_timezones() if zone.startswith(AREAS))
    return [(zone, zone.replace("_", " ")) for zone in ("UTC", *sorted(named))]


def _own_name(code: str) -> str:
    locale = Locale.parse(code)
    return str(locale.get_display_name(locale) or code)
