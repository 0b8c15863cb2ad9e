"""`flask doctor` names each weakness of a deployment, and none where there is none."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import make
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.audit.actions import Subject, record
from app.core import migrating
from app.core.db import writing
from app.core.filestore import FileStore
from app.core.permissions import Role
from app.deliverables.models import Evidence, EvidenceFile
from app.deliverables.rules.files import FileKind
from app.extensions import db
from app.people.models import SecondFactor
from app.web.database import Tracker
from config import Settings, from_environment

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCD"


@contextmanager
def built(settings: Settings) -> Iterator[Tracker]:
    """The application, whose connections are closed at the end."""
    app = create_app(settings)
    try:
        yield app
    finally:
        db.engine.dispose()


@pytest.fixture
def sound(settings: Settings, tmp_path: Path, now: datetime) -> Settings:
    """A deployment without a weakness, but for the superuser that the tests' database has."""
    tmp_path.chmod(0o700)
    with built(settings), Session(writing(db.engine)) as session:
        ada = make.account(session, Role.ADMINISTRATOR)
        session.add(SecondFactor(account_id=ada.id, key="A" * 32, created_at=now, confirmed_at=now))
        record(session, ada.id, "x.y", Subject("thing", "1"), {}, now)
        record(session, ada.id, "x.y", Subject("thing", "2"), {}, now)
        session.commit()
    return replace(
        settings,
        secret_key=KEY,
        served_over_tls=True,
        proxies=1,
        trusted_hosts=("tracker.example.org",),
        public_url="https://tracker.example.org",
        second_factor_roles=("administrator",),
        mail_url="smtps://user:word@mail.example.org",
        mail_from="Tracker <tracker@example.org>",
    )


def diagnosed(settings: Settings) -> set[str]:
    """The names of what is weak, but for what the tests' own server is."""
    with built(settings) as app:
        result = app.test_cli_runner().invoke(args=["doctor", "--json"])
    found = json.loads(result.output)["weaknesses"]
    assert all(weakness["says"] and weakness["way_out"] for weakness in found)
    assert result.exit_code == (1 if found else 0)
    return {weakness["name"] for weakness in found} - {"database-superuser"}


def test_a_sound_deployment_has_no_weakness(sound: Settings) -> None:
    assert diagnosed(sound) == set()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"secret_key": "short"}, "weak-secret-key"),
        ({"mail_url": ""}, "mail-off"),
        ({"mail_url": "mail.example.org"}, "mail-url-not-understood"),
        ({"mail_from": "nobody"}, "mail-half-set-up"),
        ({"mail_url": "smtp://mail.example.org"}, "mail-in-clear"),
        ({"secret_key": "ab" * 40}, "weak-secret-key"),
        ({"secret_key_fallbacks": ("old",)}, "weak-secret-key"),
        ({"served_over_tls": False}, "tls-off"),
        ({"proxies": 0}, "no-proxy-declared"),
        ({"trusted_hosts": ()}, "no-trusted-hosts"),
        ({"trusted_hosts": ("other.example.org",)}, "public-url-not-trusted"),
        ({"public_url": ""}, "no-public-url"),
        ({"public_url": "http://tracker.example.org"}, "public-url-in-clear"),
        ({"demo": True}, "demo-mode"),
        ({"session_absolute": timedelta(days=31)}, "sessions-too-long"),
        ({"session_idle": timedelta(hours=25)}, "sessions-too-long"),
        ({"second_factor_roles": ()}, "second-factor-not-required"),
        ({"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/x"}, "database-unreachable"),
    ],
)
def test_each_weak_setting_is_named(sound: Settings, changes: dict[str, object], name: str) -> None:
    assert diagnosed(replace(sound, **changes)) == {name}


def test_the_debugger_is_named(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert diagnosed(sound) == {"debug-on"}


@pytest.mark.parametrize(
    ("mode", "names"), [(0o700, set()), (0o755, {"database-readable"}), (0o777, None)]
)
def test_a_folder_that_others_get_into_is_named(
    sound: Settings, mode: int, names: set[str] | None
) -> None:
    if sound.database_url.startswith("postgresql"):
        pytest.skip("its files are not ours")
    sound.instance.chmod(mode)
    found = diagnosed(sound)
    assert found == (names if names is not None else {"database-readable", "instance-writable"})


def test_a_key_that_others_may_read_is_named(sound: Settings) -> None:
    key = sound.instance / "secret_key"
    key.write_text(KEY)
    key.chmod(0o640)
    assert diagnosed(sound) == {"secret-readable"}
    key.chmod(0o600)
    assert diagnosed(sound) == set()


def test_a_database_that_is_behind_is_named(sound: Settings) -> None:
    with built(sound):
        migrating.downgrade(db.engine, "-1")
    try:
        assert diagnosed(sound) == {"not-migrated"}
    finally:
        with built(sound):
            migrating.upgrade(db.engine)


def run(settings: Settings, *statements: str) -> None:
    with built(settings), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_trigger_that_is_gone_and_an_entry_that_was_changed_are_named(sound: Settings) -> None:
    change = "UPDATE audit_entries SET verb = 'z' WHERE subject_key = '1'"
    if sound.database_url.startswith("postgresql"):
        off, on = (
            f"ALTER TABLE audit_entries {word} TRIGGER USER" for word in ("DISABLE", "ENABLE")
        )
        run(sound, off, change)
        assert diagnosed(sound) == {"trail-unguarded", "trail-broken"}
        run(sound, on)
        return
    run(sound, "DROP TRIGGER audit_entries_no_update")
    assert diagnosed(sound) == {"trail-unguarded"}
    run(sound, change)
    assert diagnosed(sound) == {"trail-unguarded", "trail-broken"}


def test_evidence_that_is_gone_or_was_changed_is_named(
    sound: Settings, tmp_path: Path, now: datetime
) -> None:
    store = FileStore(tmp_path / "evidence")
    name = store.put(b"%PDF-1.7")
    with built(sound), Session(writing(db.engine)) as session:
        by = make.account(session, Role.COORDINATOR)
        made = make.deliverable(session, by=by)
        shown = Evidence(
            deliverable_id=made.id, title="It", url="", added_by_id=by.id, added_at=now
        )
        shown.file = EvidenceFile(sha256=name, kind=FileKind.PDF, size=8, name="it.pdf")
        session.add(shown)
        session.commit()
    assert diagnosed(sound) == set()
    store.path(name).write_bytes(b"%PDF-1.8")
    assert diagnosed(sound) == {"evidence-damaged"}
    store.path(name).unlink()
    assert diagnosed(sound) == {"evidence-damaged"}


def test_accounts_of_a_demonstration_are_named_outside_of_one(sound: Settings) -> None:
    with built(sound), Session(writing(db.engine)) as session:
        make.account(session, Role.OBSERVER, email="observer@demo.example")
        session.commit()
    assert diagnosed(sound) == {"demo-accounts"}


def test_administrators_that_are_missing_or_have_no_second_factor_are_named(
    sound: Settings,
) -> None:
    run(sound, "DELETE FROM second_factors")
    assert diagnosed(sound) == {"administrator-without-second-factor"}
    run(sound, "UPDATE accounts SET is_active = false")
    assert diagnosed(sound) == {"no-administrator"}


def test_people_are_told_the_way_out(sound: Settings) -> None:
    weak = replace(sound, trusted_hosts=(), public_url="https://tracker.example.org")
    with built(weak) as app:
        result = app.test_cli_runner().invoke(args=["doctor"])
    assert "no-trusted-hosts: " in result.output
    assert "  -> Set TRUSTED_HOSTS" in result.output


def test_what_is_made_at_the_first_start_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    old = os.umask(0o022)
    try:
        first = from_environment(tmp_path / "instance")
        again = from_environment(tmp_path / "instance")
    finally:
        os.umask(old)
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_DAYS", "for ever"),
        ("SESSION_DAYS", "0"),
        ("SESSION_IDLE_HOURS", "-1"),
        ("SESSION_IDLE_HOURS", "nan"),
        ("SECOND_FACTOR_ROLES", "administrator, king"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("TLS", "maybe"),
        ("DEMO", "x"),
        ("LOGS", "xml"),
        ("METRICS_NETWORKS", "here"),
        ("TRUSTED_HOSTS", "https://tracker.example.org/"),
        ("PUBLIC_URL", "tracker.example.org"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://tracker@127.0.0.1/tracker"),
        ("DATABASE_URL", "postgresql+psycopg://tracker@127.0.0.1:port/tracker"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name):
        from_environment(tmp_path)


def test_the_address_of_a_database_is_not_quoted_where_it_cannot_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://tracker:hush@127.0.0.1:port/tracker")
    with pytest.raises(SystemExit) as stopped:
        from_environment(tmp_path)
    assert "hush" not in str(stopped.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_ways_to_name_postgresql_mean_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://tracker:hush@127.0.0.1/tracker")
    wanted = "postgresql+psycopg://tracker:hush@127.0.0.1/tracker"
    assert from_environment(tmp_path).database_url == wanted


def test_an_address_of_the_mail_server_that_cannot_be_meant_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("MAIL_URL", "http://mail.example.org")
    with pytest.raises(SystemExit, match="MAIL_URL"):
        create_app()


@pytest.mark.parametrize("content", ["", "  \n"])
def test_an_emptied_key_file_stops_the_start_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text(content)
    with pytest.raises(SystemExit, match=r"is empty.*delete it"):
        from_environment(tmp_path)


def test_an_instance_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="INSTANCE_PATH"):
        from_environment(tmp_path / "file" / "instance")


def test_many_that_start_at_once_agree_on_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: from_environment(tmp_path).secret_key, range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_lifetimes_of_sessions_come_from_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SESSION_IDLE_HOURS", "0.5")
    monkeypatch.setenv("SESSION_DAYS", "2")
    read = from_environment(tmp_path)
    assert (read.session_idle, read.session_absolute) == (timedelta(minutes=30), timedelta(days=2))
