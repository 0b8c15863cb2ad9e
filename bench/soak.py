"""Mixed load for a long time: does anything fail, does memory grow, how long do answers take.

    python -m bench.soak [--minutes 30] [--readers 50] [--writers 5] [--size S]

Serves the product by its production server, with two workers, on the benchmark's data (SQLite).
Readers walk over the pages with a pause between; writers log updates, each on deliverables of
its own. No worker is replaced meanwhile, so that what leaks is seen. Each minute it prints the
answers so far and the memory of the server; at the end p50, p95 and p99 of each kind of page, and
a verdict. It exits with 1 where any answer was an error, where a reader or a writer gave up, or
where memory grew. All that it writes is in a folder of its own, which is gone afterwards.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
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
LOOK_EVERY = 10
"""Seconds between two looks at the memory."""
GROWS = 1.1
"""Of the memory in the last quarter to that in the second: more is taken for a leak."""


class Tally:
    def __init__(self) -> None:
        self.lock = Lock()
        self.spans: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[str] = Counter()
        self.memory: list[float] = []
        self.under_way = self.most_at_once = 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        with self.lock:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            yield
        finally:
            with self.lock:
                self.under_way -= 1

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
            with tally.asking():
                status = opened(client, page.path)[0].status
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
            answer, content = opened(client, path)
            if given := _cookie(answer):
                client.cookie = f"{given}; {cookie}"  # of two with one name, the first is taken
            body = content.decode()
            form = {name: _value(body, name) for name in ("csrf_token", "seen", "effective_on")}
            form |= {"status": _chosen(body), "note": f"soak {seed}-{number}"}
            begun = time.perf_counter()
            with tally.asking():
                status = _post(client, port, path, form)
        except Exception as error:  # whatever it is, it counts
            status, client = type(error).__name__, Client(port, cookie)
        tally.add("log an update", status, time.perf_counter() - begun)


def opened(client: Client, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """A page. As browsers do, once more where the server had closed a connection that was kept."""
    try:
        return client.get(path)
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        client.connection.close()
        return client.get(path)


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
    command += ["--log-level", "error", "--max-requests", "0"]
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
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        made = Path(made_at(folder, SIZES[asked.size]).removeprefix("sqlite:///"))
        tally, enough = Tally(), Event()
        with production(f"sqlite:///{made}", folder / "instance") as (port, pid):
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
            watch(tally, pid, asked.minutes)
            at_work = sum(thread.is_alive() for thread in threads)
            enough.set()
            for thread in threads:
                thread.join()
    _say(tally)
    return verdict(tally, at_work, len(threads))


def watch(tally: Tally, pid: int, minutes: float) -> None:
    """Look at the memory, and say each minute how it goes."""
    begun = time.monotonic()
    print(f"{'minute':>8}{'answers':>10}{'errors':>8}{'MB':>8}", flush=True)
    said = -1
    while (passed := time.monotonic() - begun) < 60 * minutes:
        tally.memory.append(memory(pid))
        if passed // 60 > said:
            said = int(passed // 60)
            answers = sum(tally.statuses.values())
            print(f"{said:8}{answers:10}{tally.errors:8}{tally.memory[-1]:8.0f}", flush=True)
        time.sleep(min(LOOK_EVERY, max(0.0, 60 * minutes - passed)))


def verdict(tally: Tally, at_work: int, wanted: int) -> int:
    quarter = max(1, len(tally.memory) // 4)
    early = statistics.median(tally.memory[quarter : 2 * quarter] or tally.memory)
    late = statistics.median(tally.memory[-quarter:])
    print(f"\nreaders and writers at work to the end: {at_work} of {wanted}")
    print(f"requests under way at once: {tally.most_at_once} at most")
    print(f"memory: {early:.0f} MB in the second quarter, {late:.0f} MB in the last")
    faults = [
        said
        for said, holds in (
            (f"{tally.errors} answers were errors", tally.errors > 0),
            (f"{wanted - at_work} gave up", at_work < wanted),
            (f"memory grew by {late / early - 1:.0%}", late > GROWS * early),
        )
        if holds
    ]
    print(f"FAILED: {'; '.join(faults)}" if faults else "PASSED: no error, memory flat")
    return 1 if faults else 0


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
    raise SystemExit(run(parser.parse_args()))


if __name__ == "__main__":
    main()
