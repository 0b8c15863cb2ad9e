"""How fast the pages are, as multiples of a floor measured in the same run.

    python -m bench.run [S] [L] [XL] [--times 40] [--folder bench/.data] [--server postgresql+...]

Serves the product and the floor by gunicorn with two workers each, signs in, and prints per page
how long the first request took (of a page that nothing remembers yet), the first after somebody
logged an update, the median and the 95th percentile at one connection, requests a second at eight,
queries, bytes, and the ratio to the floor. With --server the data lies in a schema of that
PostgreSQL, else in SQLite files.
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.data import EMAIL, PASSWORD, Changer, day_in_the_past, made_at
from bench.sizes import SIZES, Size

ROOT = Path(__file__).parents[1]
AT_ONCE = 8
CHANGES = 5
"""So often something changes before a page is asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    reach: str
    """The goal, in words."""


@dataclass(frozen=True, slots=True)
class Measured:
    first: float
    """The first time it was asked for: nothing of it was remembered yet."""
    changed: float | None
    """The median of the first request after an update was logged."""
    median: float
    p95: float
    rate: float
    queries: str
    size: int


def pages() -> list[Page]:
    past = day_in_the_past()
    base = [
        Page("overview", "/", "4"),
        Page("priorities", "/priorities", "4"),
        Page("deadlines", "/deadlines", "4"),
        Page("one deadline", "/deadlines/deadline-2", "4"),
        Page("one priority", "/priorities/priority-2", "4"),
        Page("one member", "/members/AC", "4"),
        Page("members", "/members", ""),
        Page("attention", "/attention", ""),
        Page("a deliverable", "/deliverables/deliverable-7", "4 at S"),
        Page("deliverables, filtered", "/deliverables?status=in_progress", "6 at S"),
        Page("timeline", "/timeline", "10 at S"),
        Page("matrix", "/matrix", ""),
        Page("functions", "/functions", ""),
        Page("compare", f"/compare?from={past}", ""),
    ]
    then = [Page(f"{p.name}, then", f"{p.path}?as_of={past}", "3x today") for p in base[:6]]
    return base + then


class Client:
    """One connection that is kept."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookie = cookie

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def sign_in(self) -> None:
        answer, body = self.get("/sign-in")
        self.cookie = _cookie(answer) or self.cookie
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
        token = found[1].decode() if found else ""
        form = urlencode({"csrf_token": token, "email": EMAIL, "password": PASSWORD})
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.connection.port}",
        }
        self.connection.request("POST", "/sign-in", form, headers)
        answer = self.connection.getresponse()
        answer.read()
        self.cookie = _cookie(answer) or self.cookie
        if answer.status != 302 and answer.status != 303:
            raise RuntimeError(f"signing in answered {answer.status}")


def _cookie(answer: http.client.HTTPResponse) -> str:
    given = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(each.split(";")[0] for each in given)


@contextmanager
def served(target: str, environment: dict[str, str]) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}"]
    command += ["--log-level", "error", "--keep-alive", "30", "--timeout", "120"]
    command += ["-k", "gthread", "--threads", "4", target]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    for _ in range(900):  # a busy machine takes its time to load everything
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def measure(
    port: int, cookie: str, path: str, times: int, changer: Changer | None = None
) -> Measured:
    spans, first = [], 0.0
    for _ in range(8):  # each worker once at least: a connection stays with one of them
        client = Client(port, cookie)
        begun = time.perf_counter()
        answer, body = client.get(path)
        first = first or time.perf_counter() - begun
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    changed = _after_changes(port, cookie, path, changer) if changer else None
    # Slow pages are not asked for ever: some five seconds are enough.
    until = time.perf_counter() + 5
    for n in range(times):
        begun = time.perf_counter()
        client.get(path)
        spans.append(time.perf_counter() - begun)
        if n >= 4 and time.perf_counter() > until:
            break
    spans.sort()
    p95 = spans[min(len(spans) - 1, round(0.95 * len(spans)))]
    queries = answer.headers.get("X-Queries") or ""
    rate = _rate(port, cookie, path)
    return Measured(first, changed, statistics.median(spans), p95, rate, queries, len(body))


def _after_changes(port: int, cookie: str, path: str, changer: Changer) -> float:
    """Of one worker at a time: each keeps for itself what it worked out."""
    client, spans = Client(port, cookie), []
    client.get(path)
    for _ in range(CHANGES):
        changer.change()
        begun = time.perf_counter()
        client.get(path)
        spans.append(time.perf_counter() - begun)
    return statistics.median(spans)


def _rate(port: int, cookie: str, path: str, seconds: float = 1.5) -> float:
    until = time.perf_counter() + seconds

    def ask(_: int) -> int:
        client, count = Client(port, cookie), 0
        while time.perf_counter() < until:
            client.get(path)
            count += 1
        return count

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        total = sum(pool.map(ask, range(AT_ONCE)))
    return total / (time.perf_counter() - begun)


def unchanged(port: int, cookie: str, path: str, times: int) -> float | None:
    """The median of asking again for a page that has not changed; None where it has no ETag."""
    client = Client(port, cookie)
    answer, _body = client.get(path)
    tag = answer.headers.get("ETag")
    if tag is None:
        return None
    spans = []
    for _ in range(times):
        begun = time.perf_counter()
        answer, _body = client.get(path, **{"If-None-Match": tag})
        spans.append(time.perf_counter() - begun)
    return statistics.median(spans) if answer.status == 304 else None


def run(size: Size, folder: Path, times: int, only: str, server: str = "") -> None:
    url = made_at(folder, size, server)
    instance = folder / f"instance-{size.name}"
    environment = {
        "BENCH_FILE": url.removeprefix("sqlite:///"),
        "BENCH_SERVER": url.replace("+psycopg", "", 1) if server else "",
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(instance),
        "PYTHONPATH": str(ROOT),
    }
    with served("bench.floor:app", environment) as port:
        floor = measure(port, "", "/", times)
        empty = measure(port, "", "/empty", times)
    on = "PostgreSQL" if server else "SQLite"
    print(f"\n{size.name}: {size.deliverables} deliverables, {size.updates} updates each, on {on}")
    print(
        f"{'page':28}{'first':>9}{'changed':>9}{'median':>9}{'p95':>9}{'req/s':>8}{'queries':>9}"
        f"{'bytes':>9}{'x floor':>9}"
    )
    _say("floor", floor, floor)
    _say("empty", empty, floor)
    with served("bench.served:app", environment) as port, closing(Changer(url)) as changer:
        client = Client(port)
        client.sign_in()
        for page in pages():
            if only and only not in page.name:
                continue
            found = measure(port, client.cookie, page.path, times, changer)
            _say(page.name, found, floor, page.reach)
        again = unchanged(port, client.cookie, "/", times)
        if again is not None:
            print(f"overview, unchanged: {again * 1000:.1f} ms, {again / empty.median:.1f}x empty")


def _say(name: str, found: Measured, floor: Measured, reach: str = "") -> None:
    changed = "" if found.changed is None else f"{found.changed * 1000:.0f}ms"
    print(
        f"{name:28}{found.first * 1000:7.0f}ms{changed:>9}{found.median * 1000:7.1f}ms"
        f"{found.p95 * 1000:7.1f}ms{found.rate:8.0f}"
        f"{found.queries:>9}{found.size:9}{found.median / floor.median:9.1f}  {reach}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["S", "L"])
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=ROOT / "bench" / ".data")
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--server", default="", help="the address of a PostgreSQL")
    asked = parser.parse_args()
    for name in asked.sizes:
        run(SIZES[name], asked.folder.resolve(), asked.times, asked.only, asked.server)


if __name__ == "__main__":
    main()
