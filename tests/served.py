"""The production server as a process of its own, for tests that break things around it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PASSED_ON = {"PATH", "HOME", "LANG", "LC_ALL"}


def environment(instance: Path, **more: str) -> dict[str, str]:
    """Only what is said here: nothing of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return {**kept, "INSTANCE_PATH": str(instance), **more}


def flask(*arguments: str, instance: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command, as whoever runs the site gives it."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment(instance, **more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A started server; what it logs goes to a file."""

    def __init__(self, instance: Path, **more: str) -> None:
        self.instance, self.more = instance, more
        self.port = free_port()
        self.log = instance / "log"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"],
                cwd=ROOT,
                env=environment(self.instance, PORT=str(self.port), **self.more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                if Visitor(self.port).get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("it did not answer within 30 seconds")

    def workers(self) -> list[int]:
        """The processes that answer."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def kill(self) -> None:
        """All of it at once, as when the power goes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def start_again(self) -> None:
        self.process = self._start()
        self.wait_until_it_answers()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)


@contextmanager
def site(instance: Path, **more: str) -> Iterator[Site]:
    served = Site(instance, **more)
    try:
        served.wait_until_it_answers()
        yield served
    finally:
        served.stop()


class Visitor:
    """One connection that is kept, with its cookies."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}

    def __del__(self) -> None:
        self.connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        form = urlencode(fields)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, form, kind)

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, body, {"Cookie": cookie, **told})
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise ConnectionError(str(error)) from error
        self.headers = answer.headers
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        return found[1] if found else ""

    def sign_in(self, email: str, password: str) -> None:
        page = self.get("/sign-in")[1]
        fields = {"csrf_token": self.token(page), "email": email, "password": password}
        status, text = self.post("/sign-in", **fields)
        assert status in {302, 303}, (status, text[-500:])
