"""`flask demo` from nothing to the network on screen, as a new user starts it."""

import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TextIO
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[3]
CHOSEN = "a password chosen beforehand"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """A started `flask demo`; what it says goes to a file."""

    def __init__(self, instance: Path, port: int, **more: str) -> None:
        self.log = instance / f"said-{port}"
        self.address = f"http://127.0.0.1:{port}"
        with self.log.open("w") as log:
            self.process = start(instance, port, log, **more)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_it_answers(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None, self.said
            try:
                build_opener().open(f"{self.address}/healthz", timeout=5).close()
            except URLError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("it did not start within a minute")


def start(instance: Path, port: int, log: TextIO, **more: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=ROOT,
        env={**kept, "INSTANCE_PATH": str(instance), "PORT": str(port), **more},
        stdout=log,
        stderr=log,
    )


@contextmanager
def serving(instance: Path, **more: str) -> Iterator[Demo]:
    demo = Demo(instance, free_port(), **more)
    try:
        demo.wait_until_it_answers()
        yield demo
    finally:
        demo.process.terminate()
        demo.process.wait(20)


def sign_in(address: str, email: str, password: str) -> tuple[OpenerDirector, str]:
    """A browser's sign-in; gives where it led."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = BeautifulSoup(text_of(opener, f"{address}/sign-in"), "html.parser")
    token = str(page.select_one("input[name=csrf_token]")["value"])
    fields = {"email": email, "password": password, "csrf_token": token}
    with opener.open(f"{address}/sign-in", urlencode(fields).encode()) as answer:
        return opener, answer.url


def test_from_nothing_to_the_network_and_again(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        address = first.address
        kept = tmp_path / "demo_password"
        password = kept.read_text().strip()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        emails = demo_addresses(address)
        assert len(emails) == 13  # ten members, and three
        for email in ("admin@demo.example", "liaison.eu@demo.example"):
            opener, reached = sign_in(address, email, password)
            assert reached == home(address, email)
            assert email in text_of(opener, f"{address}/account")
    assert first.said.count(password) == 1
    assert address in first.said
    with serving(tmp_path) as second:
        assert demo_addresses(second.address) == emails
        assert sign_in(second.address, emails[0], password)[1] == home(second.address, emails[0])
    assert password not in second.said
    assert str(kept) in second.said


def home(address: str, email: str) -> str:
    """Where signing in leads: to the desk, for those who have one."""
    has_desk = email.startswith(("liaison", "coordinator"))
    return f"{address}/desk" if has_desk else f"{address}/"


def test_a_chosen_password_is_taken_and_a_changed_one_replaces_it(tmp_path: Path) -> None:
    email = "liaison.ke@demo.example"
    for password in (CHOSEN, "demo password 1234"):
        with serving(tmp_path, DEMO_PASSWORD=password) as demo:
            assert sign_in(demo.address, email, password)[1] == home(demo.address, email)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"HOST": "0.0.0.0"}, "listens on this machine alone, not on 0.0.0.0"),  # noqa: S104
        ({"HOST": "192.0.2.7"}, "listens on this machine alone"),
        ({"PORT": "http"}, "PORT is a number"),
        ({"PORT": "70000"}, "PORT is a number"),
        ({"DEMO_PASSWORD": "too short"}, "At least 15 characters"),
    ],
)
def test_what_it_cannot_do_is_said_in_a_sentence(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    demo = Demo(tmp_path, free_port(), **environment)
    assert demo.process.wait(60) == 1
    assert said in demo.said
    assert "Traceback" not in demo.said


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        demo = Demo(tmp_path, port)
        assert demo.process.wait(60) == 1
    assert f"Something else listens on port {port}" in demo.said


def demo_addresses(address: str) -> list[str]:
    text = text_of(build_opener(), f"{address}/sign-in")
    return re.findall(r"<code>(\S+@demo\.example)</code>", text)


def text_of(opener: OpenerDirector, url: str) -> str:
    with opener.open(url) as answer:
        return str(answer.read().decode())
