"""Settings, read once from the environment. Every name is explained in docs/deployment.md."""

import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
ROLES = frozenset({"administrator", "coordinator", "liaison", "observer"})
"""Those that sign in."""
THIS_MACHINE = ("127.0.0.0/8", "::1/128")


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
    """Read the environment; makes the instance folder and a secret key where there is none."""
    instance = instance or Path(os.environ.get("INSTANCE_PATH", ROOT / "instance"))
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        secret_key=os.environ.get("SECRET_KEY") or _key_file(instance / "secret_key"),
        secret_key_fallbacks=_words("SECRET_KEY_FALLBACKS"),
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'network.sqlite3'}",
        instance=instance,
        served_over_tls=os.environ.get("TLS", "").lower() in {"on", "1", "true"},
        trusted_hosts=_words("TRUSTED_HOSTS"),
        public_url=os.environ.get("PUBLIC_URL", "").rstrip("/"),
        proxies=int(os.environ.get("TRUSTED_PROXIES", "0")),
        demo=os.environ.get("DEMO", "").lower() in {"on", "1", "true"},
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
    """32 random bytes, readable by the owner alone, made at the first start."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
