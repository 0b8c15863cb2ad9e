"""What may not be seen answers exactly like what does not exist: the same status, the same page
(but for its address), the same questions to the database, and no time that tells them apart."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from browser import Browser
from cast import Cast
from marked_world import World
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.core.markings import Marking
from app.extensions import db

TRIES = 200
HIDDEN: dict[str, tuple[str, str]] = {
    "/deliverables/": ("deliverable", "d-red"),
    "/deliverables/<key>/updates/": ("update", ""),
    "/evidence/": ("evidence", ""),
    "/agendas/<key>/items/": ("item", ""),
    "/decisions/": ("decision", "decision-red"),
}
"""By what stands before it in a rule: the thing marked RED that an argument can name, and its key;
without one it is named by its number."""
OTHERS = {"/deliverables/": "host", "/agendas/": "sitting"}
"""What stands before that argument."""
CSRF = re.compile(r'(name="csrf_token" value=")[^"]*')


@pytest.fixture
def world(session: Session, cast: Cast) -> World:
    return World(session, cast).build()


def pairs(rules: Sequence[Rule], world: World) -> Iterator[tuple[str, str, str]]:
    """Method, the address of something hidden, and the same of something that is not there."""
    for rule in rules:
        places = [(m.start(), m[1]) for m in re.finditer(r"<(?:\w+:)?(\w+)>", rule.rule)]
        if not places or rule.rule[: places[-1][0]] not in HIDDEN:
            continue
        thing, key = HIDDEN[rule.rule[: places[-1][0]]]
        before = {name: OTHERS[rule.rule[:start]] for start, name in places[:-1]}
        named = key or world.ids[thing, Marking.RED]
        missing = f"{key[:-3]}nil" if key else 10 ** len(str(named)) * 9 // 10
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found = [
                rule.build({**before, places[-1][1]: value}, append_unknown=False)
                for value in (named, missing)
            ]
            built = [each[1] for each in found if each is not None]
            yield method, built[0], built[1]


def ask(client: Browser, method: str, path: str) -> TestResponse:
    return client.submit(path) if method == "POST" else client.get(path)


def page(answer: TestResponse, path: str) -> str:
    text = CSRF.sub(r"\1", answer.text)
    for written in (path, quote(path), quote(path, safe="")):
        text = text.replace(written, "ADDRESS")
    return text


@contextmanager
def asked() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("role", ["observer", "not_sharing", "coordinator", "administrator"])
def test_hidden_and_missing_answer_alike_at_every_address(
    client: Browser, world: World, role: str
) -> None:
    rules = list(client.application.url_map.iter_rules())
    every = list(pairs(rules, world))
    assert len(every) > 20
    client.sign_in(world.roles[role])
    differing, missing_ones = [], 0
    for method, hidden, missing in every:
        answers, questions = [], []
        for path in (hidden, missing):
            with asked() as statements:
                answer = ask(client, method, path)
            answers.append((answer.status_code, page(answer, path)))
            questions.append([s for s in statements if s.startswith("SELECT")])
        missing_ones += answers[1][0] == 404
        if answers[0] != answers[1] or questions[0] != questions[1]:
            differing.append((method, hidden, answers[0][0], answers[1][0]))
    assert differing == []
    assert missing_ones > 4


def test_the_time_does_not_tell_hidden_from_missing(client: Browser, world: World) -> None:
    """Taken in turns, so that whatever else the machine does strikes both alike. How often one of
    the two is the slower is a half, by chance within 0.03; 0.15 is not chance."""
    client.sign_in(world.roles["not_sharing"])
    took: dict[str, list[float]] = {"d-red": [], "d-nil": []}
    for turn in range(2 * TRIES):
        key = ("d-red", "d-nil")[(turn + turn // 2) % 2]
        begun = time.perf_counter()
        client.get(f"/deliverables/{key}")
        took[key].append(time.perf_counter() - begun)
    slower = sum(a > b for a in took["d-red"] for b in took["d-nil"]) / TRIES**2
    assert abs(slower - 0.5) < 0.15
