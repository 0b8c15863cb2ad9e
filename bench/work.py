"""What it costs to log an update, to write an agenda of 60 items to a file, and to serve a feed.

    python -m bench.work [L] [--times 60]

Posts go to a copy of the data, one after the other and each durable before its answer, and are told
as a ratio to the floor's own insert and update; so is the feed of a calendar, as it is served for
the first time after each change, to the floor's page. Documents are written warm, in this process.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from bs4 import BeautifulSoup
from long_agenda import content

from app import create_app
from app.agendas.documents import publication
from app.agendas.rules.content import Content
from app.documents.formats import FORMATS
from bench.data import made_at
from bench.feed import Feed
from bench.run import Client, served
from bench.sizes import SIZES

ROOT = Path(__file__).parents[1]
ACTIVE = {"not_started", "in_progress", "in_review"}
GOALS = {"pdf": 150, "docx": 150, "ics": 20}
"""Milliseconds for a published agenda of 60 items, from what is frozen to the file."""
FEED_GOAL = 50
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", default="L")
    parser.add_argument("--times", type=int, default=60)
    asked = parser.parse_args()
    made = Path(made_at(ROOT / "bench" / ".data", SIZES[asked.size]).removeprefix("sqlite:///"))
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "network.sqlite3"
        shutil.copyfile(made, copy)
        environment = {
            "BENCH_FILE": str(copy),
            "DATABASE_URL": f"sqlite:///{copy}",
            "INSTANCE_PATH": name,
            "PYTHONPATH": str(ROOT),
        }
        feed(environment, copy, asked.times)
        writes(environment, asked.times)
        documents(environment, asked.times // 4)


def writes(environment: dict[str, str], times: int) -> None:
    with served("bench.floor:app", environment) as port:
        client = Client(port)
        floor = median(lambda: post(client, "/write", {"note": "As it was"}, 201), times)
    with served("bench.served:app", environment) as port:
        client = Client(port)
        client.sign_in()
        found = (form_of(client, number) for number in range(1, times * 5))
        forms = iter([form for form in found if form[1].get("status") in ACTIVE])
        ours = median(lambda: post(client, *next(forms), 303), times)
    print(f"{'logging an update':28}{ours * 1000:7.1f}ms{1 / ours:8.0f}/s", end="")
    print(f"  the floor {floor * 1000:.1f}ms{1 / floor:8.0f}/s: {floor / ours:.2f} (at least 0.5)")


def feed(environment: dict[str, str], copy: Path, times: int) -> None:
    made = Feed(copy)
    with served("bench.floor:app", environment) as port:
        client = Client(port)
        floor = median(lambda: client.get("/"), times)
    with served("bench.served:app", environment) as port:
        client = Client(port)
        anew = median(lambda: client.get(made.path), times, before=made.change)
        answer, body = client.get(made.path)
        tag = answer.headers["ETag"]
        unchanged = median(lambda: client.get(made.path, **{"If-None-Match": tag}), times)
    events = body.count(b"BEGIN:VEVENT")
    print(f"{f'a feed of {events} events':28}{anew * 1000:7.1f}ms", end="")
    print(f"  after a change, {FEED_GOAL} ms at most; {anew / floor:.1f} times the floor", end="")
    print(f"; unchanged (304) {unchanged * 1000:.1f}ms")


def form_of(client: Client, number: int) -> tuple[str, dict[str, str]]:
    """The address, and what its form would send with a note."""
    path = f"/deliverables/deliverable-{number}/updates"
    answer, body = client.get(path)
    kept = dict(each.split("=", 1) for each in client.cookie.split("; "))
    for given in answer.headers.get_all("Set-Cookie") or []:
        kept.update([given.split(";")[0].split("=", 1)])  # the token of the form belongs to it
    client.cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
    form = BeautifulSoup(body, "html.parser").select_one(f'form[action^="{path}"]')
    if form is None:
        return path, {}
    # As a browser does: what is not ticked is not sent.
    fields = form.select("input[name]:not([type=checkbox]), input[name][checked]")
    sent = {str(i["name"]): str(i.get("value", "")) for i in fields}
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        sent[str(choice["name"])] = str(chosen["value"]) if chosen else ""
    for name in [name for name in sent if "file" in name]:
        del sent[name]
    return path, {**sent, "note": "As it was"}


def post(client: Client, path: str, sent: dict[str, str], wanted: int) -> None:
    headers = {**FORM, "Cookie": client.cookie}
    headers["Origin"] = f"http://127.0.0.1:{client.connection.port}"
    client.connection.request("POST", path, urlencode(sent), headers)
    answer = client.connection.getresponse()
    body = answer.read()
    if answer.status != wanted:
        raise RuntimeError(f"{path} answered {answer.status}: {body[-300:]!r}")


def documents(environment: dict[str, str], times: int) -> None:
    os.environ.update(environment)
    frozen = content()
    with create_app().test_request_context():
        for name, goal in GOALS.items():
            taken = median(lambda name=name: written(frozen, name), times)  # type: ignore[misc]
            print(f"60 items as {name:17}{taken * 1000:7.1f}ms  {goal} ms at most, warm")


def written(frozen: Content, name: str) -> bytes:
    made = publication(frozen, "plenary", origin="bench", root="https://bench.example.org")
    return FORMATS[name].write(made)


def median(
    run: Callable[[], object], times: int, before: Callable[[], object] = lambda: None
) -> float:
    """Of one run, in seconds; what goes before each is not counted."""
    for _ in range(3):
        before()
        run()
    spans = []
    for _ in range(times):
        before()
        begun = time.perf_counter()
        run()
        spans.append(time.perf_counter() - begun)
    return statistics.median(spans)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        os.chdir(ROOT)
        main()
