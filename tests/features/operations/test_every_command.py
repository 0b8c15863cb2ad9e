"""Every command that a document shows is run as it stands there, on one installation; or it is
named here with the reason why not, and what stands in for it. A new one that is neither fails."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from served import ROOT

from app import create_app
from app.extensions import db
from app.web.database import Tracker
from config import Settings

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"(?<=\n\n)(?:(?: {4,}.*)?\n)*? {4,}.*(?:\n(?: {4,}.*)?)*")
INLINE = re.compile(r"`((?:make|flask|curl|python|\.ci/run)\b[^`\n]*)`")
SHELLS = {"sh", "bash", "shell", "console"}

RUN = {
    # In this order. What differs from the document: names of things and of files.
    "flask db upgrade": "db upgrade",
    "flask plan import FILE...": f"plan import {ROOT}/data/plan.yaml {ROOT}/data/record.yaml",
    "flask plan export -o FOLDER": "plan export -o {here}/exported",
    "flask user create EMAIL --name NAME --role administrator": (
        "user create new@example.org --name Somebody --role administrator"
    ),
    "flask doctor": "doctor",
    "flask user link EMAIL": "user link {somebody}",
    "flask user reset-second-factor EMAIL": "user reset-second-factor {somebody}",
    "flask user end-sessions EMAIL": "user end-sessions {somebody}",
    (
        "flask token create --email liaison@example.org --scope write --days 30 "
        '--name "Weekly script"'
    ): "token create --email {somebody} --scope write --days 30 --name Weekly",
    "flask token list": "token list",
    "flask token revoke 7": "token revoke 1",
    "flask remind": "remind",
    "flask worker": "worker --once",
    "flask audit head": "audit head",
    "flask audit verify": "audit verify",
    "flask audit verify --head HASH": "audit verify --head {head}",
    "flask backup create -o network.backup.zip": "backup create -o {here}/network.backup.zip",
    "flask backup create -o before-the-upgrade.zip": "backup create -o {here}/before.zip",
    "flask backup verify network.backup.zip": "backup verify {here}/network.backup.zip",
    (
        "flask db copy sqlite:////var/lib/network-tracker/network.sqlite3 "
        "postgresql+psycopg://tracker:PASSWORD@127.0.0.1/tracker"
    ): "db copy sqlite:///{here}/network.sqlite3 sqlite:///{here}/copied.sqlite3",
    "flask user deactivate EMAIL": "user deactivate {somebody}",
    "flask --help": "--help",
    "flask GROUP --help": "backup --help",
    "flask GROUP COMMAND --help": "backup create --help",
    "flask restore network.backup.zip": "restore {here}/network.backup.zip",
}

ROOT_ALONE = "needs root, or another account of the machine"
THE_SUITE = "runs for long, or is what runs this; that the target is there, is looked at below"
DECLARED = {
    "useradd --system --home-dir /srv/network-tracker tracker": ROOT_ALONE,
    "git clone REPOSITORY /srv/network-tracker": "needs a place to clone from",
    "cd /srv/network-tracker && make runtime": ROOT_ALONE,
    "git pull && make runtime": "needs a place to pull from",
    "createuser tracker --pwprompt": ROOT_ALONE,
    "createdb tracker --owner tracker --encoding UTF8 --template template0": ROOT_ALONE,
    "systemctl restart network-tracker network-tracker-worker": ROOT_ALONE,
    "curl http://127.0.0.1:8000/readyz": "test_serving.py asks it of a served site",
    "python -m bench.outbox": "tests/faults/test_killed_workers.py does the same, small",
    "flask agenda export MEETING --format pdf -o agenda.pdf": "agendas/test_exports.py",
    "flask agenda export MEETING --format docx --draft --as E-MAIL -o draft.docx": (
        "agendas/test_exports.py"
    ),
    "flask decisions certificate KEY --format pdf -o certificate.pdf": (
        "decisions/test_certificate_files.py"
    ),
    "flask review export DEADLINE --format pdf --as E-MAIL -o review.pdf": "reviews/test_files.py",
    'make test PYTEST_ARGS="-k attention"': THE_SUITE,
    'make migration m="..."': "writes into this folder",
    ".ci/run": THE_SUITE,
    "make bench": "measures for minutes",
    "python -m bench.importing": "measures for minutes",
    "python bench/forecast_calibration.py": "measures for minutes; see docs/forecast.md",
} | {
    f"make {name}": THE_SUITE
    for name in (
        *("help", "run", "serve", "dev-serve", "test", "check", "format", "coverage", "faults"),
        *("soak", "lock", "translations", "screenshot"),
    )
}
"""By test_documented.py of the API: every fence of docs/api.md."""


def found_in(document: Path) -> Iterator[str]:
    """Each command, without comments, options in brackets and the name of the application."""
    text = document.read_text(encoding="utf-8")
    for language, body in FENCE.findall(text):
        if language in SHELLS and document.name != "api.md":
            yield from body.replace("\\\n", " ").splitlines()
    text = FENCE.sub("", text)
    yield from INLINE.findall(text)
    for block in BLOCK.findall(text):
        yield from (line for line in block.splitlines() if is_command(line))


def is_command(line: str) -> bool:
    """Of a block that is indented: settings, JSON and the picture of the layers are none."""
    if re.fullmatch(r"\s*[A-Z_]+=\S+", line) or " -> " in line:
        return False
    return re.match(r"\s*(?:[a-z./-]+|[A-Z]+=\S+)(?:\s|$)", line) is not None


def plain(line: str) -> str:
    line = re.sub(r"\s+#.*$|\s*\[[^\]]*\]", "", line.strip())
    return " ".join(line.replace("flask --app wsgi ", "flask ").split())


COMMANDS = {plain(line) for document in DOCUMENTS for line in found_in(document)} - {""}


def test_every_command_that_is_shown_is_run_or_declared() -> None:
    assert len(COMMANDS) > 30
    assert sorted(COMMANDS - RUN.keys() - DECLARED.keys()) == []
    assert sorted((RUN | DECLARED).keys() - COMMANDS) == [], "no document shows these any more"


def test_every_target_that_is_declared_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = {word for line in DECLARED for word in re.findall(r"\bmake ([a-z-]+)", line)}
    assert asked <= targets


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Tracker]:
    """As `make run` leaves one, without serving it."""
    app = create_app(placed(tmp_path))
    prepared = app.test_cli_runner().invoke(args=["demo", "--only-prepare"])
    assert prepared.exit_code == 0, prepared.output
    yield app
    db.engine.dispose()


def placed(folder: Path) -> Settings:
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'network.sqlite3'}"
    usual = Settings("x", (), url, folder, False, (), "", 0, False)
    return replace(usual, secret_key="0123456789abcdefghijklmnopqrstuvwxyzAB")


@pytest.mark.own_app
def test_they_do_what_is_written(installation: Tracker, tmp_path: Path) -> None:
    runner = installation.test_cli_runner()
    head = runner.invoke(args=["audit", "head"]).output.split()[-1]
    names = {"here": tmp_path, "somebody": "liaison.ke@demo.example", "head": head}
    failed = []
    for shown, really in RUN.items():
        words = [word.format(**names) for word in really.split()]
        if words[0] == "restore":  # the last, into an empty place
            db.engine.dispose()
            runner = create_app(placed(tmp_path / "empty")).test_cli_runner()
        done = runner.invoke(args=words, input="a long new password\n" * 2)
        # On a demonstration the doctor has something to say: that is its exit status 1.
        if done.exit_code != 0 and shown != "flask doctor":
            failed.append((shown, done.exit_code, done.output[-300:], done.exception))
        assert "Traceback" not in done.output
    assert failed == []
    assert (tmp_path / "empty" / "network.sqlite3").exists()
