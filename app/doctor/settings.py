"""Checks of how the site is set up: what the environment says."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from app.demo.bounds import is_loopback
from app.doctor.weakness import Weakness
from app.notices.addresses import BadMailUrl, is_address, mail_server

SHORTEST_KEY = 32
LONGEST_SESSION, LONGEST_IDLE = timedelta(days=30), timedelta(hours=24)
Config = Mapping[str, Any]


def weaknesses(config: Config, *, is_debug: bool) -> Iterator[Weakness]:
    yield from _modes(config, is_debug)
    yield from _key(config)
    yield from _transport(config)
    yield from _hosts(config)
    yield from _sessions(config)
    yield from _mail(config)


def _modes(config: Config, is_debug: bool) -> Iterator[Weakness]:
    if is_debug:
        yield Weakness(
            "debug-on",
            "The debugger is on: whoever reaches an error page can run code here.",
            "Take FLASK_DEBUG and --debug away.",
        )
    if config["DEMO"]:
        yield Weakness(
            "demo-mode",
            "This is a demonstration: its sign-in page lists the accounts.",
            "Take DEMO away; serve a site of its own with a server such as gunicorn.",
        )
    if config.get("TESTING"):
        yield Weakness(
            "testing-on", "TESTING is on: errors show their inside.", "Take TESTING away."
        )


def _key(config: Config) -> Iterator[Weakness]:
    for name, key in _keys(config):
        if len(key) < SHORTEST_KEY or len(set(key)) < 10:
            yield Weakness(
                "weak-secret-key",
                f"{name} is short or repeats itself: cookies signed with it can be forged.",
                "Leave SECRET_KEY out and a file of random bytes is made at the next start, or "
                "set it to: python3 -c 'import secrets; print(secrets.token_hex(32))'",
            )


def _keys(config: Config) -> Iterator[tuple[str, str]]:
    yield "SECRET_KEY", config["SECRET_KEY"]
    for key in config["SECRET_KEY_FALLBACKS"]:
        yield "One of SECRET_KEY_FALLBACKS", key


def _transport(config: Config) -> Iterator[Weakness]:
    if not config["SESSION_COOKIE_SECURE"]:
        yield Weakness(
            "tls-off",
            "The site does not count on TLS: cookies may travel in clear, browsers are not told to "
            "insist on it.",
            "Put a server with TLS before it, and set TLS=on.",
        )
    elif not config["TRUSTED_PROXIES"]:
        yield Weakness(
            "no-proxy-declared",
            "TLS is on, but no proxy is declared: behind one, all visitors have its address and "
            "wait for each other's failed sign-ins.",
            "Set TRUSTED_PROXIES to how many proxies stand before this process.",
        )


def _hosts(config: Config) -> Iterator[Weakness]:
    hosts, url = config["TRUSTED_HOSTS"] or [], urlsplit(config["PUBLIC_URL"])
    if not hosts:
        yield Weakness(
            "no-trusted-hosts",
            "Every host name is answered, also one that somebody made up.",
            "Set TRUSTED_HOSTS to the names under which the site is reached.",
        )
    if not url.netloc:
        yield Weakness(
            "no-public-url",
            "Links in invitations and mails have no address of their own.",
            "Set PUBLIC_URL, for example to https://tracker.example.org",
        )
    elif url.scheme != "https" and not is_loopback(url.hostname or ""):
        yield Weakness(
            "public-url-in-clear",
            "PUBLIC_URL does not begin with https: whoever listens can read one-time links.",
            "Set it to the https address.",
        )
    if hosts and url.hostname and not _is_among(url.hostname, hosts):
        yield Weakness(
            "public-url-not-trusted",
            "The host of PUBLIC_URL is not among TRUSTED_HOSTS: links lead to a page that refuses.",
            "Add it to TRUSTED_HOSTS.",
        )


def _is_among(host: str, hosts: list[str]) -> bool:
    names = [name.partition(":")[0] for name in hosts]
    return any(host == name or (name[0] == "." and host.endswith(name)) for name in names)


def _sessions(config: Config) -> Iterator[Weakness]:
    if config["SESSION_ABSOLUTE"] > LONGEST_SESSION or config["SESSION_IDLE"] > LONGEST_IDLE:
        yield Weakness(
            "sessions-too-long",
            "Sessions last longer than 30 days, or than 24 hours without use.",
            "Set SESSION_DAYS and SESSION_IDLE_HOURS lower: 7 and 12 are what they are without.",
        )
    if "administrator" not in config["SECOND_FACTOR_ROLES"]:
        yield Weakness(
            "second-factor-not-required",
            "Administrators may sign in with a password alone.",
            "Set SECOND_FACTOR_ROLES=administrator, or more roles.",
        )


def _mail(config: Config) -> Iterator[Weakness]:
    try:
        server = mail_server(config["MAIL_URL"])
    except BadMailUrl as bad:
        yield Weakness(
            "mail-url-not-understood",
            f"MAIL_URL cannot be understood: {bad}.",
            "Set it to smtps://user:password@host:port, or starttls:// or smtp://.",
        )
        return
    if server is None:
        yield Weakness(
            "mail-off",
            "No mail is sent: nobody is reminded, and links are handed on by hand.",
            "Set MAIL_URL, MAIL_FROM and PUBLIC_URL, and let flask worker run.",
        )
        return
    if not is_address(config["MAIL_FROM"]):
        yield Weakness(
            "mail-half-set-up",
            "MAIL_URL is set, but MAIL_FROM is no address: no mail is sent.",
            "Set it to Tracker <tracker@example.org>, or to the address alone.",
        )
    if not server.is_encrypted and not is_loopback(server.host):
        yield Weakness(
            "mail-in-clear",
            "Mails, and the password of the mail server, travel in clear.",
            "Use starttls:// or smtps:// in MAIL_URL.",
        )
