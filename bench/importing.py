"""How long `flask plan import` takes for many deliverables with a long record, and in how much
memory.

    python -m bench.importing [--deliverables 5000] [--updates 20]

The files are made up and imported into a new SQLite file. Told are the seconds of the clock, those
of the processor (which others on the machine disturb less) and the most memory, next to that of an
import of a tenth.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.run import ROOT

START, DAYS = date(2024, 1, 1), 600
PLAN = """format: network-plan
version: 1
as_of: {start}
sources:
  - {{key: s, title: "A source"}}
network: {{name: "A network", founded_on: {start}, decision_rule: consensus}}
members:
  - {{code: KE, name: Kenya, status: member, zone: Africa/Nairobi}}
functions: []
priorities:
  - {{key: p, title: "A priority", theme: goals, horizon: near, basis: stated}}
deadlines:
  - {{key: d, title: "A deadline", kind: summit, starts_on: 2026-06-01}}
deliverables:
"""
RECORD = """format: network-record
version: 1
as_of: {end}
sources:
  - {{key: r, title: "A record"}}
updates:
"""


def plan(deliverables: int) -> Iterator[str]:
    yield PLAN.format(start=START)
    for n in range(deliverables):
        yield (
            f'  - {{key: w-{n}, title: "Piece of work {n}", kind: tool, priority: p,'
            f" deadline: d, basis: stated}}\n"
        )


def record(deliverables: int, updates: int) -> Iterator[str]:
    yield RECORD.format(end=START + timedelta(DAYS))
    for k in range(updates):
        for n in range(deliverables):
            day = START + timedelta(1 + k * (DAYS - 2) // updates)
            yield (
                f"  - {{date: {day}, deliverable: w-{n}, status: in_progress,"
                f' note: "What was done, part {k}", source: r}}\n'
            )


def run(deliverables: int, updates: int) -> tuple[float, float, float]:
    """Seconds of the clock and of the processor, and MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / "plan.yaml", folder / "record.yaml"]
        for path, lines in zip(
            files, (plan(deliverables), record(deliverables, updates)), strict=True
        ):
            with path.open("w") as file:
                file.writelines(lines)
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'network.sqlite3'}",
            "INSTANCE_PATH": name,
        }
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own command
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*flask, "plan", "import", *map(str, files)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError("the import failed")
        return time.perf_counter() - begun, _processor(used), used.ru_maxrss / 1024


def _processor(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliverables", type=int, default=5_000)
    parser.add_argument("--updates", type=int, default=20)
    asked = parser.parse_args()
    for share in (10, 1):
        count = asked.deliverables // share
        clock, processor, memory = run(count, asked.updates)
        print(
            f"import of {count} deliverables, {asked.updates} updates each: {clock:.0f} s"
            f" ({processor:.0f} s of the processor), {memory:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
