"""Every command says what it needs."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cast import Cast
from flask.testing import FlaskCliRunner
from make import NOW, meeting
from sqlalchemy.orm import Session

from app.cli import COMMANDS
from app.core.permissions import Permission
from app.web.access import OPERATOR, mark_of
from app.web.database import Tracker
from app.web.shell import Day


def leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    named = f"{path} {command.name}".strip()
    if not isinstance(command, click.Group):
        yield named, command
        return
    for inner in command.commands.values():
        yield from leaves(inner, named)


ALL = dict(leaf for command in COMMANDS for leaf in leaves(command))


def test_every_command_says_for_whom_it_acts() -> None:
    marks = {name: mark_of(command.callback) for name, command in ALL.items()}
    unmarked = [n for n, m in marks.items() if m != OPERATOR and not isinstance(m, Permission)]
    assert unmarked == []
    assert len(marks) > 15


def test_a_command_that_takes_an_account_acts_under_a_permission() -> None:
    for name, command in ALL.items():
        if any("--as" in option.opts for option in command.params):
            assert isinstance(mark_of(command.callback), Permission), name


@pytest.mark.parametrize("role", ["observer", "liaison", "administrator"])
def test_a_command_for_an_account_does_what_the_account_may_and_no_more(
    app: Tracker, session: Session, cast: Cast, role: str
) -> None:
    about, email = meeting(session, NOW.date()).key, getattr(cast, role).email
    session.commit()
    result = app.test_cli_runner().invoke(args=["agenda", "propose", about, "--as", email])
    assert result.exit_code == 1, result.output
    assert "may not do this" in result.output


NOT_TRIED = {"demo", "worker", "db upgrade", "db downgrade", "db migrate"}
"""They serve, run on, or change the structure; their own tests try them."""
PRINTS_NOTHING = {"demo", "worker"}
"""They serve and run on: what they say is for whoever watches."""
NASTY = [
    "no-such-thing",
    "/no/such/file",
    "\ud7ff“;--\n",
    "",
    "a\0b",
    "\udc80",
    "x" * 5_000,
    "2026-02-30",
    "-1",
    "9" * 30,
]


def given(command: click.Command, value: str, *, fitting: bool = False) -> list[str]:
    """The same for whatever it needs; `fitting`, for every text it takes, with what is right for
    all that is no text."""
    words: list[str] = []
    for each in command.params:
        said = right_for(each.type, value) if fitting else value
        if isinstance(each, click.Argument):
            words.append(said)
        elif each.required or (fitting and isinstance(each, click.Option) and not each.is_flag):
            words += [each.opts[-1], said]
    return words


def right_for(kind: click.ParamType, value: str) -> str:
    if isinstance(kind, click.Choice):
        return str(kind.choices[0])
    if isinstance(kind, Day):
        return "2026-11-01"
    is_number = isinstance(kind, click.IntRange) or kind in (click.INT, click.FLOAT)
    return "1" if is_number else value


def tried(runner: FlaskCliRunner, name: str, words: list[str]) -> int:
    """Its exit status: told in a sentence, and never by a traceback."""
    result = runner.invoke(args=[*name.split(), *words], input="")
    is_told = result.exception is None or isinstance(result.exception, SystemExit)
    assert is_told, (name, words, result.exception)
    assert "Traceback" not in result.output, (name, words)
    return result.exit_code


def test_nonsense_is_answered_with_a_sentence_and_never_with_a_traceback(
    app: Tracker,
    session: Session,
    cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # nonsense is the name of a file or a folder, too
    session.commit()
    runner = app.test_cli_runner()
    for name, command in ALL.items():
        for value in () if name in NOT_TRIED else NASTY:
            for words in (given(command, value), given(command, value, fitting=True)):
                assert tried(runner, name, words) in (0, 1, 2), (name, words)


def test_what_is_used_wrongly_ends_with_2_and_what_is_not_there_with_1(
    app: Tracker, session: Session, cast: Cast
) -> None:
    session.commit()
    runner = app.test_cli_runner()
    for name, command in ALL.items():
        if name in NOT_TRIED:
            continue
        assert tried(runner, name, ["--no-such-option"]) == 2, name
        assert tried(runner, name, ["too"] * 12 if name != "plan import" else ["--"]) == 2, name
        needs = [each for each in command.params if each.required]
        assert not needs or tried(runner, name, []) == 2, name
        if any("--as" in each.opts for each in command.params):
            words = [*FITTING.get(name, given(command, "no-such-thing")), "--as", "nobody@x.org"]
            assert tried(runner, name, words) == 1, name


FITTING = {
    "status log": ["no-such-thing", "in_progress"],
    "deliverable export": ["-o", "no/such/folder.csv"],
    "status export": ["-o", "no/such/folder.csv"],
    "assignment export": ["-o", "no/such/folder.csv"],
    "contribution export": ["-o", "no/such/folder.csv"],
}
"""Where nonsense would be used wrongly."""


def test_every_command_answers_as_json_where_it_is_asked_to(
    app: Tracker, session: Session, cast: Cast
) -> None:
    for name, command in ALL.items():
        has_it = any("--json" in each.opts for each in command.params)
        assert has_it or name in PRINTS_NOTHING, name
    session.commit()
    runner = app.test_cli_runner()
    tried_out = 0
    for name, command in ALL.items():
        if name in NOT_TRIED or any(each.required for each in command.params):
            continue
        result = runner.invoke(args=[*name.split(), "--json"])
        assert result.exit_code in (0, 1), (name, result.output)
        json.loads(result.stdout)
        tried_out += 1
    assert tried_out > 12


def test_the_help_is_a_manual(app: Tracker) -> None:
    """Of every command a sentence, and of every option what it is for."""
    runner = app.test_cli_runner()
    for name, command in ALL.items():
        shown = runner.invoke(args=[*name.split(), "--help"])
        assert shown.exit_code == 0, name
        told = (command.help or "").strip()
        assert len(told.split()) >= 3, name
        assert told.endswith((".", "!")), (name, told)
        for each in command.params:
            if isinstance(each, click.Argument):
                label = each.make_metavar(click.Context(command)).strip("[].")
                assert label in shown.output, (name, label)
            elif isinstance(each, click.Option):
                says_itself = isinstance(each.type, click.Choice)
                assert each.help or says_itself, (name, each.name)


def test_every_group_says_what_it_is_about(app: Tracker) -> None:
    groups = [command for command in COMMANDS if isinstance(command, click.Group)]
    assert all((group.help or "").endswith(".") for group in groups)
    shown = app.test_cli_runner().invoke(args=["--help"]).output
    for word in [
        "plan",
        "user",
        "deliverable",
        "status",
        "deadline",
        "meeting",
        "agenda",
        "audit",
        "backup",
        "doctor",
    ]:
        assert f"  {word} " in shown, word
