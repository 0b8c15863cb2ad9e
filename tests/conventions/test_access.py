"""Every page says who may open it, and nobody gets past that."""

import pytest
from browser import Browser
from cast import Cast
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from app.core.permissions import ROLE_TABLE, Permission
from app.web.access import PUBLIC, mark_of
from app.web.database import Tracker

OPEN_TO_ALL = {
    "static",
    "web.health",
    # Words that tell nothing of the network; figures only for who runs the site (see its tests).
    "operations.ready",
    "operations.metrics",
    # Only where a coordinator turned it on, and then only what is CLEAR.
    "public.show",
    "public.feed",
    "people.sign_in",
    "people.sign_in_code",
    "people.forgotten",
    "people.open_link",
    "people.use_link",
    # Whoever has its secret reads it, in the name of whoever made it.
    "calendars.feed",
    # What links in mails open: they are signed.
    "mail.follow",
    "mail.ask_unsubscribe",
    "mail.unsubscribe",
    # How files are built; it says nothing of the network.
    "documents.schema",
}
"""What answers without an account. Nothing is added here lightly."""


def address(rule: Rule) -> str:
    """The rule's path with something in each gap."""
    filled = {name: in_gap(converter) for name, converter in rule._converters.items()}
    _domain, path = rule.build(filled, append_unknown=False) or ("", "")
    return path


def in_gap(converter: BaseConverter) -> str:
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return "1" if isinstance(converter, IntegerConverter) else "x"


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})


def test_every_page_has_an_access_mark(app: Tracker) -> None:
    unmarked = [name for name, view in app.view_functions.items() if mark_of(view) is None]
    assert unmarked == []


def test_only_what_is_listed_answers_without_an_account(app: Tracker) -> None:
    public = {name for name, view in app.view_functions.items() if mark_of(view) == PUBLIC}
    assert public == OPEN_TO_ALL


def test_a_stranger_is_sent_to_sign_in_or_refused_everywhere_else(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL:
            continue
        for method in methods(rule):
            answer = client.open(address(rule), method=method)
            if method == "GET":
                assert answer.status_code == 302, (rule, method)
                assert answer.headers["Location"].startswith("/sign-in"), rule
            else:
                assert answer.status_code == 401, (rule, method)


def test_whoever_lacks_the_permission_is_refused(app: Tracker, client: Browser, cast: Cast) -> None:
    for account in cast.accounts:
        client.sign_in(account)
        for rule in app.url_map.iter_rules():
            mark = mark_of(app.view_functions[rule.endpoint])
            if not isinstance(mark, Permission) or mark in ROLE_TABLE[account.role]:
                continue
            for method in methods(rule):
                answer = client.open(
                    address(rule), method=method, headers={"X-CSRFToken": client.csrf_token()}
                )
                assert answer.status_code == 403, (account.role, rule, method)


def test_a_page_that_forgot_its_mark_answers_nobody(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for account in cast.accounts:
        assert client.sign_in(account).get("/forgotten").status_code == 403


@pytest.mark.parametrize("path", ["/no-such-page", "/account/no-such-page"])
def test_a_stranger_cannot_tell_what_exists_from_what_does_not(
    client: Browser, cast: Cast, path: str
) -> None:
    assert client.get(path).status_code == 302
    assert client.sign_in(cast.observer).get(path).status_code == 404


def test_a_form_without_its_token_is_refused_and_changes_nothing(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    client.sign_in(cast.coordinator)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and mark_of(app.view_functions[rule.endpoint]):
            answer = client.post(address(rule), data={})
            assert answer.status_code in {400, 403}, rule
