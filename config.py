"""Settings, read once from the environment. Every name is explained in docs/deployment.md."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
ROLES = frozenset({"administrator", "coordinator", "liaison", "observer"})
"""Those that sign in."""
THIS_MACHINE = ("127.0.0.0/8", "::1/128")
DATABASES = "it is sqlite:////path/file or postgresql+psycopg://role:password@host/name"


@dataclass(frozen=True)
class Settings:
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    database_url: str
    instance: Path
    served_over_tls: bool
    trusted_hosts: tuple[str, ...]
    public_url: str
    proxies: int
    demo: bool
    session_idle: timedelta = timedelta(hours=12)
    session_absolute: timedelta = timedelta(days=7)
    second_factor_roles: tuple[str, ...] = ()
    """The roles whose accounts must have a second factor."""
    mail_url: str = ""
    """Where mails are handed over; empty: none are sent."""
    mail_from: str = ""
    outbox_lease: timedelta = timedelta(minutes=5)
    """After so long, what was claimed to be sent and was not is claimed by another. Longer than
    the slowest conversation with a mail server takes."""
    outbox_kept: timedelta = timedelta(days=90)
    """How long a mail stays in the outbox after it ended."""
    webhooks_to: tuple[str, ...] = ()
    """Networks inside, such as 10.1.2.0/24, that webhooks may call all the same."""
    logs: str = "plain"
    """How the log is written: `plain` for people, `json` for machines."""
    metrics_token: str = ""
    metrics_networks: tuple[str, ...] = THIS_MACHINE
    """From where /metrics may be read without the token."""

    def as_flask(self) -> dict[str, Any]:
        """What Flask and its extensions read, by the names that they give it."""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SESSION_COOKIE_NAME": "__Host-session" if self.served_over_tls else "session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.served_over_tls,
            "SESSION_COOKIE_PATH": "/",
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "MAX_FORM_PARTS": 5000,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
            "DEMO": self.demo,
            "PUBLIC_URL": self.public_url,
            "TRUSTED_PROXIES": self.proxies,
            "SESSION_IDLE": self.session_idle,
            "SESSION_ABSOLUTE": self.session_absolute,
            "SECOND_FACTOR_ROLES": frozenset(self.second_factor_roles),
            "MAIL_URL": self.mail_url,
            "MAIL_FROM": self.mail_from,
            "OUTBOX_LEASE": self.outbox_lease,
            "OUTBOX_KEPT": self.outbox_kept,
            "WEBHOOKS_TO": self.webhooks_to,
            "METRICS_TOKEN": self.metrics_token,
            "METRICS_NETWORKS": self.metrics_networks,
        }


def from_environment(instance: Path | None = None) -> Settings:
    """Read the environment; makes the instance folder and a secret key where there is none. What
    cannot be meant stops the start with a sentence."""
    instance = instance or Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance")
    _make_folder(instance)
    return Settings(
        secret_key=os.environ.get("SECRET_KEY") or _key_file(instance / "secret_key"),
        secret_key_fallbacks=_words("SECRET_KEY_FALLBACKS"),
        database_url=_database_url() or f"sqlite:///{instance / 'network.sqlite3'}",
        instance=instance,
        served_over_tls=_is_on("TLS"),
        trusted_hosts=_hosts("TRUSTED_HOSTS"),
        public_url=_public_url(),
        proxies=_count("TRUSTED_PROXIES"),
        demo=_is_on("DEMO"),
        session_idle=timedelta(hours=_number("SESSION_IDLE_HOURS", 12)),
        session_absolute=timedelta(days=_number("SESSION_DAYS", 7)),
        second_factor_roles=_roles("SECOND_FACTOR_ROLES"),
        mail_url=os.environ.get("MAIL_URL", "").strip(),
        mail_from=os.environ.get("MAIL_FROM", "").strip(),
        outbox_lease=timedelta(seconds=_number("OUTBOX_LEASE_SECONDS", 300)),
        outbox_kept=timedelta(days=_number("OUTBOX_KEPT_DAYS", 90)),
        webhooks_to=_networks("WEBHOOKS_TO"),
        logs=_one_of("LOGS", ("plain", "json")),
        metrics_token=os.environ.get("METRICS_TOKEN", ""),
        metrics_networks=_networks("METRICS_NETWORKS") or THIS_MACHINE,
    )


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(
            f"The instance folder {instance} cannot be made: {error.strerror}. INSTANCE_PATH names "
            "a folder that the account of the site may write."
        ) from None


def _database_url() -> str:
    """Never quoted: it can hold a password."""
    given = os.environ.get("DATABASE_URL", "").strip()
    if not given:
        return ""
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise SystemExit(f"DATABASE_URL cannot be understood: {DATABASES}.") from None
    if url.drivername in {"postgres", "postgresql"}:  # as many hosts hand it out
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise SystemExit(f"DATABASE_URL names {url.drivername}: {DATABASES}.")
    return given


def _public_url() -> str:
    given = os.environ.get("PUBLIC_URL", "").strip().rstrip("/")
    parts = urlsplit(given)
    if given and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SystemExit(
            f"PUBLIC_URL is an address such as https://tracker.example.org: {given!r}."
        )
    return given


def _hosts(name: str) -> tuple[str, ...]:
    given = _words(name)
    for text in given:
        if "/" in text:
            raise SystemExit(f"{name} holds names such as tracker.example.org, not {text!r}.")
    return given


def _is_on(name: str) -> bool:
    """What is neither yes nor no stops the start: nobody must believe that TLS is on."""
    text = os.environ.get(name, "").strip().lower()
    if text in {"on", "1", "true", "yes"}:
        return True
    if text in {"", "off", "0", "false", "no"}:
        return False
    raise SystemExit(f"{name} is on or off, not {text!r}.")


def _count(name: str) -> int:
    text = os.environ.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text) < 10):
        raise SystemExit(f"{name} is a whole number from 0 to 9, not {text!r}.")
    return int(text)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in os.environ.get(name, "").replace(",", " ").split() if word)


def _number(name: str, default: float) -> float:
    """A positive number. One that is none stops the start: a session must not last for ever."""
    text = os.environ.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = 0.0
    if not 0 < number < 10_000:
        raise SystemExit(f"{name} is a number above 0 and below 10000, not {text!r}.")
    return number


def _networks(name: str) -> tuple[str, ...]:
    given = _words(name)
    for text in given:
        try:
            ip_network(text)
        except ValueError as error:
            raise SystemExit(f"{name} names networks such as 10.1.2.0/24: {error}.") from None
    return given


def _roles(name: str) -> tuple[str, ...]:
    chosen = tuple(word.lower() for word in _words(name))
    unknown = sorted(set(chosen) - ROLES)
    if unknown:
        raise SystemExit(f"{name} names roles of {sorted(ROLES)}, not {unknown}.")
    return chosen


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    """The first of them where nothing is said."""
    chosen = os.environ.get(name, "").lower() or choices[0]
    if chosen not in choices:
        raise SystemExit(f"{name} is one of {', '.join(choices)}, not {chosen!r}.")
    return chosen


def _key_file(path: Path) -> str:
    """32 random bytes, readable by the owner alone, made at the first start. It appears as a whole:
    several processes may start at once."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise SystemExit(f"The key in {path} cannot be read or made: {said}.") from None
    if not key:
        raise SystemExit(
            f"The key file {path} is empty. Bring it back from where you keep it; or delete "
            "it, and a new one is made: then everybody signs in again."
        )
    return key


def _make_key(path: Path) -> None:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was faster; its key holds
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
