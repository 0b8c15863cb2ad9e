"""Every page says who may open it, and nobody gets past that."""

import pytest
from browser import Browser
from cast import Cast
from program import problem, token_of
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from app.core.permissions import ROLE_TABLE, Permission, Scope
from app.web.access import PUBLIC, mark_of
from app.web.api.bearer import scope_of
from app.web.api.blueprint import CodeConverter
from app.web.database import Tracker

pytestmark = pytest.mark.own_app

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
    # How files are built, and how the API is asked; they say nothing of the network.
    "documents.schema",
    "api.document",
    "api.documentation",
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
    if isinstance(converter, CodeConverter):
        return "XX"
    return "1" if isinstance(converter, IntegerConverter) else "x"


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})


def is_api(rule: Rule) -> bool:
    return rule.rule.startswith("/api/")


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
            if is_api(rule):
                problem(answer, 401)
                wrong = {"Authorization": "Bearer tracker_wrong"}
                problem(client.open(address(rule), method=method, headers=wrong), 401)
            elif method == "GET":
                assert answer.status_code == 302, (rule, method)
                assert answer.headers["Location"].startswith("/sign-in"), rule
            else:
                assert answer.status_code == 401, (rule, method)


def test_whoever_lacks_the_permission_is_refused(app: Tracker, client: Browser, cast: Cast) -> None:
    app.config.update(API_READS=10**6, API_WRITES=10**6)
    for account in cast.accounts:
        client.sign_in(account)
        token = {"Authorization": f"Bearer {token_of(client.session, account)}"}
        for rule in app.url_map.iter_rules():
            mark = mark_of(app.view_functions[rule.endpoint])
            if not isinstance(mark, Permission) or mark in ROLE_TABLE[account.role]:
                continue
            for method in methods(rule):
                proof = token if is_api(rule) else {"X-CSRFToken": client.csrf_token()}
                answer = client.open(address(rule), method=method, headers=proof)
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
            assert answer.status_code in ({401} if is_api(rule) else {400, 403}), rule


def test_every_view_for_programs_says_what_a_token_must_allow(app: Tracker) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if is_api(rule)]
    asked = [rule for rule in rules if rule.endpoint not in OPEN_TO_ALL]
    assert len(asked) > 3
    for rule in asked:
        view = app.view_functions[rule.endpoint]
        wanted = Scope.READ if methods(rule) == ["GET"] else Scope.WRITE
        assert scope_of(view) is wanted, rule
        assert isinstance(mark_of(view), Permission), rule


def test_a_token_to_read_is_refused_wherever_something_is_written(
    app: Tracker, client: Browser, cast: Cast
) -> None:
    app.config.update(API_WRITES=10**6)
    token = {"Authorization": f"Bearer {token_of(client.session, cast.coordinator, Scope.READ)}"}
    for rule in app.url_map.iter_rules():
        if is_api(rule) and scope_of(app.view_functions[rule.endpoint]) is Scope.WRITE:
            for method in methods(rule):
                problem(client.open(address(rule), method=method, headers=token), 403)


def test_every_post_of_a_program_writes_once(app: Tracker) -> None:
    for rule in app.url_map.iter_rules():
        if is_api(rule) and "POST" in methods(rule):
            assert vars(app.view_functions[rule.endpoint])["answers_once"], rule
