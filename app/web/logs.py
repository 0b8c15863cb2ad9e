"""One line for each request, and for each thing that goes wrong: JSON where `LOGS=json` says so.

A line names the route and never the address: addresses hold tokens and what was searched for.
Of what went wrong it tells the kind and the place; what was sent with the request is struck out.
"""

import logging
import logging.config
import re
import secrets
import sys
import traceback
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, Processor

from app.web import measures

HEADER = "X-Request-ID"
TOLD = "tracker.told"
"""In the environment of a request that was answered: what its line told."""
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SHORTEST_STRUCK_OUT = 4
_logger = structlog.stdlib.get_logger("tracker.requests")


@dataclass(frozen=True, slots=True)
class Told:
    """What a line tells of a request, but for the time it took. `account`: a number."""

    method: str
    route: str
    status: int
    account: int | None


def init_app(app: Flask) -> None:
    """Before everything else that looks at requests: it begins first and ends last."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The number of the request at hand, which the answer carries too."""
    known: str = g.get("request_id") or ""
    return known


def route() -> str:
    """The address with names for what varies; nothing where no page is meant."""
    return request.url_rule.rule if request.url_rule else ""


def without_detail(error: DBAPIError) -> str:
    """What the database said, without the values that it quotes below its first line."""
    return f"{type(error.orig).__name__}: {str(error.orig).partition(chr(10))[0]}"


def _begin() -> None:
    g.request_id = _number(request.headers.get(HEADER, ""))
    g.begun = perf_counter()


def _end(response: Response) -> Response:
    seconds = perf_counter() - g.begun if "begun" in g else 0.0
    response.headers[HEADER] = request_id()
    # A stranger can make up methods; the figures must not grow with them.
    method = request.method if request.method in measures.METHODS else "other"
    account = getattr(g.get("_login_user"), "account_id", None)
    told = request.environ[TOLD] = Told(method, route(), response.status_code, account)
    _tell(told, seconds, g.get("statements", 0))
    return response


def tell_again(told: Told, environ: WSGIEnvironment, seconds: float) -> str:
    """Of a request that was answered without the application, as that answered it before. Gives
    the number of this one."""
    number = _number(environ.get("HTTP_X_REQUEST_ID", ""))
    _tell(told, seconds, 0, request_id=number)
    return number


def _tell(told: Told, seconds: float, queries: int, **more: str) -> None:
    measures.observe(told.method, told.route, told.status, seconds, queries)
    _logger.info(
        "request",
        method=told.method,
        route=told.route,
        status=told.status,
        ms=round(seconds * 1000, 1),
        queries=queries,
        account=told.account,
        **more,
    )


def _number(given: str) -> str:
    return given if _SANE.fullmatch(given) else secrets.token_hex(8)


def _with_request(_logger: Any, _name: str, event: EventDict) -> EventDict:
    if has_request_context() and request_id():
        event["request_id"] = request_id()
    return event


def _with_error(_logger: Any, _name: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if not isinstance(info, tuple) or info[1] is None:
        return event
    error = info[1]
    event["error"] = type(error).__name__
    says = without_detail(error) if isinstance(error, DBAPIError) else str(error)
    event["says"] = _without_what_was_sent(says)
    frames = traceback.extract_tb(info[2])
    event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def _without_what_was_sent(text: str) -> str:
    if not has_request_context():
        return text
    sent = [*request.form.values(), *request.args.values(), *(request.view_args or {}).values()]
    for value in sorted((str(each) for each in sent), key=len, reverse=True):
        if len(value) >= _SHORTEST_STRUCK_OUT:
            text = text.replace(value, "…").replace(repr(value)[1:-1], "…")
    return text


_FIRST: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    _with_request,
    _with_error,
]


def formatter() -> logging.Formatter:
    """Writes records of every logger, gunicorn's too, as JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_FIRST,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


AS_JSON: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.web.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        # It would write addresses.
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "alembic": {"level": "WARNING"},
    },
}
"""For `logging.config.dictConfig`, and for gunicorn."""


def write_json() -> None:
    logging.config.dictConfig(AS_JSON)


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_FIRST,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)
