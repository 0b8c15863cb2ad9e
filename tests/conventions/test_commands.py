"""Every command says what it needs."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cast import Cast
from make import NOW, meeting
from sqlalchemy.orm import Session

from app.cli import COMMANDS
from app.core.permissions import Permission
from app.web.access import OPERATOR, mark_of
from app.web.database import Tracker


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
    about = meeting(session, NOW.date())
    session.commit()
    email = getattr(cast, role).email
    result = app.test_cli_runner().invoke(args=["agenda", "propose", about.key, "--as", email])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output


NOT_TRIED = {"demo", "worker", "db upgrade", "db downgrade", "db migrate"}
"""They serve, run on, or change the structure; their own tests try them."""
NONSENSE = "no-such-thing"


def given(command: click.Command, value: str) -> list[str]:
    """Nonsense for whatever it needs."""
    words: list[str] = []
    for each in command.params:
        if isinstance(each, click.Argument):
            words.append(value)
        elif each.required:
            words += [each.opts[-1], value]
    return words


@pytest.mark.parametrize("value", [NONSENSE, "/no/such/file", "\ud7ff“;--\n", ""])
def test_nonsense_is_answered_with_a_sentence_and_never_with_a_traceback(
    app: Tracker,
    session: Session,
    cast: Cast,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # nonsense is the name of a file or a folder, too
    session.commit()
    runner = app.test_cli_runner()
    for name, command in ALL.items():
        if name in NOT_TRIED:
            continue
        for words in (given(command, value), [*given(command, value), "--no-such-option"], []):
            result = runner.invoke(args=[*name.split(), *words], input="")
            is_told = result.exception is None or isinstance(result.exception, SystemExit)
            assert is_told, (name, words, result.exception)
            assert result.exit_code in (0, 1, 2), (name, words)
            assert "Traceback" not in result.output, (name, words)


def test_every_command_says_in_its_help_what_it_does(app: Tracker) -> None:
    runner = app.test_cli_runner()
    for name, command in ALL.items():
        assert command.get_short_help_str(), name
        assert runner.invoke(args=[*name.split(), "--help"]).exit_code == 0, name
