"""Mixed load for a long time: does anything fail, does memory grow, how long do answers take.

    python -m bench.soak [--minutes 30] [--readers 50] [--writers 5] [--size S]

Serves the product by its production server, with two workers, on the benchmark's data (SQLite).
Readers walk over the pages with a pause between; writers log updates, each on deliverables of its
own. Each minute it prints the answers so far and the memory of the server; at the end p50, p95 and
p99 of each kind of page, and exits with 1 where any answer was an error.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from urllib.parse import urlencode

from bench.data import made_at
from bench.run import ROOT, Client, _cookie, _free_port, _wait, pages
from bench.sizes import SIZES

PAUSE = 0.5
"""Seconds that a reader looks at a page, on average."""


class Tally:
    def __init__(self) -> None:
        self.lock = Lock()
        self.spans: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[str] = Counter()

    def add(self, name: str, status: int | str, seconds: float) -> None:
        with self.lock:
            self.spans[name].append(seconds)
            self.statuses[str(status)] += 1

    @property
    def errors(self) -> int:
        return sum(n for status, n in self.statuses.items() if status not in {"200", "303", "409"})


def read(port: int, cookie: str, seed: int, tally: Tally, enough: Event) -> None:
    random, client = Random(seed), Client(port, cookie)
    every = pages()
    while not enough.wait(random.uniform(0, 2 * PAUSE)):
        page = random.choice(every)
        begun = time.perf_counter()
        status: int | str
        try:
            status = client.get(page.path)[0].status
        except Exception as error:  # whatever it is, it counts
            status, client = type(error).__name__, Client(port, cookie)
        tally.add(page.name, status, time.perf_counter() - begun)


def write(port: int, cookie: str, seed: int, tally: Tally, enough: Event) -> None:
    random, client = Random(seed), Client(port, cookie)
    number = 0
    while not enough.wait(random.uniform(0, 4 * PAUSE)):
        number += 1
        key = f"deliverable-{seed + 5 * random.randrange(10)}"
        path = f"/deliverables/{key}/updates"
        begun = time.perf_counter()
        status: int | str
        try:
            answer, content = client.get(path)
            if given := _cookie(answer):
                client.cookie = f"{given}; {cookie}"  # of two with one name, the first is taken
            body = content.decode()
            form = {name: _value(body, name) for name in ("csrf_token", "seen", "effective_on")}
            form |= {"status": _chosen(body), "note": f"soak {seed}-{number}"}
            begun = time.perf_counter()
            status = _post(client, port, path, form)
        except Exception as error:  # whatever it is, it counts
            status, client = type(error).__name__, Client(port, cookie)
        tally.add("log an update", status, time.perf_counter() - begun)


def _post(client: Client, port: int, path: str, form: dict[str, str]) -> int:
    headers = {
        "Cookie": client.cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
    }
    client.connection.request("POST", path, urlencode(form), headers)
    answer = client.connection.getresponse()
    answer.read()
    return answer.status


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    given = re.search(r'value="([^"]*)"', found[0]) if found else None
    return given[1] if given else ""


def _chosen(page: str) -> str:
    """The status as it is: a note is always open."""
    found = re.search(r'<select[^>]*name="status"[^>]*>(.*?)</select>', page, re.DOTALL)
    values = re.findall(r'value="([^"]*)"', found[1]) if found else []
    return values[0] if values else "in_progress"


@contextmanager
def production(url: str, instance: Path) -> Iterator[tuple[int, int]]:
    """The port, and the process of the server."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(instance),
        "PORT": str(port),
        "LOGS": "plain",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    command += ["--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def memory(pid: int) -> float:
    """What the server and its workers hold that they do not share, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_own(int(each)) for each in [str(pid), *children])


def _own(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(n) for n in re.findall(r"^Private_\w+:\s+(\d+)", told, re.MULTILINE)) / 1024


def run(asked: argparse.Namespace) -> int:
    folder = asked.folder.resolve()
    made = Path(made_at(folder, SIZES[asked.size]).removeprefix("sqlite:///"))
    file = folder / "soak.sqlite3"
    for each in folder.glob("soak.sqlite3*"):
        each.unlink()
    shutil.copyfile(made, file)
    tally, enough = Tally(), Event()
    with production(f"sqlite:///{file}", folder / "instance-soak") as (port, pid):
        client = Client(port)
        client.sign_in()
        tasks = [(read, 1000 + n) for n in range(asked.readers)]
        tasks += [(write, 1 + n) for n in range(asked.writers)]
        threads = [
            Thread(target=work, args=(port, client.cookie, seed, tally, enough))
            for work, seed in tasks
        ]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60 * asked.minutes
        print(f"{'minute':>8}{'answers':>10}{'errors':>8}{'MB':>8}", flush=True)
        for minute in range(10_000):
            print(
                f"{minute:8}{sum(tally.statuses.values()):10}{tally.errors:8}{memory(pid):8.0f}",
                flush=True,
            )
            left = until - time.monotonic()
            if left <= 0:
                break
            enough.wait(min(60, left))
        enough.set()
        for thread in threads:
            thread.join()
    _say(tally)
    return 1 if tally.errors else 0


def _say(tally: Tally) -> None:
    print(f"\n{dict(tally.statuses)}\n{'page':28}{'count':>8}{'p50':>9}{'p95':>9}{'p99':>9}")
    total = [span for spans in tally.spans.values() for span in spans]
    for name, unordered in [*sorted(tally.spans.items()), ("all", total)]:
        spans = sorted(unordered)
        told = "".join(f"{1000 * _at(spans, share):7.0f}ms" for share in (0.5, 0.95, 0.99))
        print(f"{name:28}{len(spans):8}{told}")


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--size", default="S", choices=list(SIZES))
    parser.add_argument("--folder", type=Path, default=ROOT / "bench" / ".data")
    raise SystemExit(run(parser.parse_args()))


if __name__ == "__main__":
    main()
