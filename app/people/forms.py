"""Forms about accounts: one's own, and those that an administrator keeps."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.core.permissions import Role, Scope
from app.people.actions.tokens import DAYS, LONGEST_NAME, MOST_DAYS
from app.people.rules.passwords import LONGEST_PASSWORD, shortest
from app.web.forms import AtMost, Form, LineField
from app.web.labels import label
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


SIGN_IN_ROLES = tuple(role for role in Role if role != Role.RECORDER)


class SignInForm(Form):
    email = LineField(_l("E-mail address"), [InputRequired(), AtMost(254)])
    password = PasswordField(_l("Password"), [InputRequired(), AtMost(1000)])


class CodeForm(Form):
    code = LineField(_l("Code"), [InputRequired(), AtMost(60)])


class ForgottenForm(Form):
    email = LineField(_l("E-mail address"), [InputRequired(), AtMost(254)])


class _NewPassword(Form):
    new = PasswordField(_l("New password"), [InputRequired(), AtMost(1000)])

    def say_length(self, *, has_second_factor: bool) -> None:
        self.new.description = _(
            "%(least)s to %(most)s characters, of whatever kind. Several words do well.",
            least=shortest(has_second_factor=has_second_factor),
            most=LONGEST_PASSWORD,
        )


class LinkForm(_NewPassword):
    """What a one-time link opens."""


class PasswordForm(_NewPassword):
    current = PasswordField(_l("Present password"), [InputRequired(), AtMost(1000)])


class OwnPasswordForm(Form):
    """Asks again for what only the owner knows, before what guards the account is changed."""

    password = PasswordField(_l("Present password"), [InputRequired(), AtMost(1000)])


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


class _AccountFields(Form):
    name = LineField(
        _l("Name"), [InputRequired(), AtMost(200)], description=_l("As its owner writes it.")
    )
    role = SelectField(_l("Role"), [InputRequired()])
    member = SelectField(_l("Member"), description=_l("For a liaison, and for nobody else."))

    def offer(self, members: Sequence[tuple[int, str]]) -> None:
        """The roles that sign in, and the members."""
        self.role.choices = [(role.value, label(role)) for role in SIGN_IN_ROLES]
        self.member.choices = [("", "–"), *((str(number), name) for number, name in members)]

    @property
    def member_id(self) -> int | None:
        return int(self.member.data) if self.member.data else None


class InviteForm(_AccountFields):
    email = LineField(_l("E-mail address"), [InputRequired(), AtMost(254)])


class AccountForm(_AccountFields):
    seen = HiddenField()
    """What its author had before them."""


def zone_choices() -> list[tuple[str, str]]:
    named = (zone for zone in available_timezones() if zone.startswith(AREAS))
    return [(zone, zone.replace("_", " ")) for zone in ("UTC", *sorted(named))]


def _own_name(code: str) -> str:
    locale = Locale.parse(code)
    return str(locale.get_display_name(locale) or code)


class TokenForm(Form):
    name = LineField(_l("What it is for"), [InputRequired(), AtMost(LONGEST_NAME)])
    scope = SelectField(_l("Allows"), [InputRequired()])
    days = IntegerField(
        _l("For how many days"), [InputRequired(), NumberRange(1, MOST_DAYS)], default=DAYS
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scope.choices = [(scope.value, label(scope)) for scope in Scope]
