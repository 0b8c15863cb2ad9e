"""`flask demo` from nothing to the network on screen, as a new user starts it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
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


def start(instance: Path, port: int | str, **more: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=ROOT,
        env={**kept, "INSTANCE_PATH": str(instance), "PORT": str(port), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def serving(instance: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A running demonstration: its address, and the process whose output can be read after."""
    port = free_port()
    process = start(instance, port, **more)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[0])
        try:
            build_opener().open(f"{address}/healthz", timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it did not start within a minute")


def sign_in(address: str, email: str, password: str) -> tuple[OpenerDirector, str]:
    """A browser's sign-in; gives where it led."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = BeautifulSoup(opener.open(f"{address}/sign-in").read(), "html.parser")
    token = str(page.select_one("input[name=csrf_token]")["value"])
    fields = {"email": email, "password": password, "csrf_token": token}
    answer = opener.open(f"{address}/sign-in", urlencode(fields).encode())
    return opener, answer.url


def test_from_nothing_to_the_network_and_again(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, first):
        kept = tmp_path / "demo_password"
        password = kept.read_text().strip()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        emails = demo_addresses(address)
        assert len(emails) == 13  # ten members, and three
        for email in emails:
            opener, reached = sign_in(address, email, password)
            assert reached == f"{address}/"
            assert email in opener.open(f"{address}/account").read().decode()
    said = first.communicate()[0]
    assert said.count(password) == 1
    assert address in said
    with serving(tmp_path) as (address, second):
        assert demo_addresses(address) == emails
        assert sign_in(address, emails[0], password)[1] == f"{address}/"
    said = second.communicate()[0]
    assert password not in said
    assert str(kept) in said


def test_a_chosen_password_is_taken_and_a_changed_one_replaces_it(tmp_path: Path) -> None:
    for password in (CHOSEN, f"{CHOSEN} and changed"):
        with serving(tmp_path, DEMO_PASSWORD=password) as (address, _process):
            email = "liaison.ke@demo.example"
            assert sign_in(address, email, password)[1] == f"{address}/"


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
    process = start(tmp_path, free_port(), **environment)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said in output
    assert "Traceback" not in output


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        output = start(tmp_path, port).communicate(timeout=60)[0]
    assert f"Something else listens on port {port}" in output


def demo_addresses(address: str) -> list[str]:
    text = build_opener().open(f"{address}/sign-in").read().decode()
    return re.findall(r"<code>(\S+@demo\.example)</code>", text)
