"""Error pages: each names the fault and the way out."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.core import migrating
from app.core.errors import Refused
from app.core.filestore import NotKept
from app.web import frame, logs, unavailable
from app.web.access import SIGN_IN, nobody_is_signed_in
from app.web.api.problems import in_fields, is_api, problem, told
from app.web.constraints import meaning
from app.web.database import SAFE_METHODS
from app.web.day import BadDay
from app.web.unavailable import Cause, cause_of
from app.web.wording import worded

RETRY_SECONDS = 5
UNAVAILABLE = (
    OperationalError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    ProgrammingError,
    TimeoutError,
)

TEXTS: dict[int, tuple[str, str]] = {
    400: (
        _l("The request could not be understood"),
        _l("Something in the address or the form is not as it should be. Go back and try again."),
    ),
    401: (
        _l("You are not signed in"),
        _l("This needs an account, or your session has ended. Sign in and do it again."),
    ),
    403: (
        _l("This is not yours to do"),
        _l("Your role does not include it. Your account page says what you may do."),
    ),
    404: (
        _l("There is no such page"),
        _l("The address may be mistyped, or what was here is not there for you."),
    ),
    405: (
        _l("This address does not work that way"),
        _l("It takes no request of this kind. Go back and use the page’s own buttons."),
    ),
    409: (
        _l("Somebody else was faster"),
        _l("It was changed since you opened it. Open it again, look at it, then make your change."),
    ),
    413: (
        _l("That is too large"),
        _l("A form may hold 1 MB, an upload 16 MB. Send less at once."),
    ),
    412: (
        _l("It was changed meanwhile"),
        _l("What you saw is no longer how it stands. Read it again, then make your change."),
    ),
    415: (
        _l("This kind of content is not taken here"),
        _l("Send what is asked for in the format that is asked for."),
    ),
    422: (
        _l("This could not be done"),
        _l("Something that was sent is not possible. Go back and correct it."),
    ),
    428: (
        _l("Say what you saw before you change it"),
        _l("Send the ETag of what you change as If-Match."),
    ),
    429: (
        _l("Too many attempts"),
        _l("Wait a little before you try again."),
    ),
    500: (
        _l("Something went wrong here"),
        _l("The fault is ours and was noted. Nothing was saved. Try again in a moment."),
    ),
    503: (
        _l("The tracker is busy"),
        _l("Nothing was saved. Wait a few seconds, then try again."),
    ),
}


@dataclass
class Fault:
    """What errors/error.html shows."""

    code: int
    title: str
    message: str
    what_to_do: str = ""
    request_id: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    """For programs: what is wrong with which field."""


def init_app(app: Flask) -> None:
    app.before_request(_refuse_unknown_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(BadDay, _bad_day)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(NotKept, _not_kept)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _unavailable)


def fault(code: int) -> Fault:
    title, message = TEXTS.get(code, TEXTS[500 if code >= 500 else 400])
    return Fault(code, str(title), str(message))


def _refuse_unknown_host() -> Response | None:
    # No address can be built under a host that is not ours, so this page has no frame.
    if isinstance(request.routing_exception, SecurityError):
        if is_api():
            shown = fault(400)
            return problem(told(400, shown.title, "This host name is not served here."))
        return Response("This host name is not served here.\n", 400, mimetype="text/plain")
    return None


def _page(shown: Fault) -> Response:
    current_app.extensions["database"].discard()
    if is_api():
        said = told(shown.code, shown.title, shown.message, shown.errors, shown.request_id)
        return problem(said)
    if shown.code >= 500 or request.method not in SAFE_METHODS:
        frame.bare()
    _know_reader()
    if not shown.links and not current_user.is_authenticated:
        shown.links = [(_("Sign in"), url_for(SIGN_IN))]
    return Response(render_template("errors/error.html", error=shown), shown.code)


def _know_reader() -> None:
    """See to it that the frame can ask who reads, even where the database cannot say."""
    try:
        current_user.is_authenticated  # noqa: B018 - looks the account up once
    except SQLAlchemyError:
        current_app.extensions["database"].discard()
        nobody_is_signed_in()


def http_error(error: HTTPException) -> Response:
    if error.code is None or error.response is not None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    shown = fault(error.code)
    if is_api():
        _say_more(shown, error)
    if error.code >= 500:
        shown.request_id = logs.request_id()
        current_app.logger.error("%s %s answered %s: number %s", *_what(error), shown.request_id)
    answer = _page(shown)
    kept = {"allow", "retry-after", "www-authenticate"}
    answer.headers.extend([h for h in error.get_headers() if h[0].lower() in kept])
    return answer


def _say_more(shown: Fault, error: HTTPException) -> None:
    """Programs are told what was said where it was raised, and every field at fault."""
    raised = error.description
    if raised and (error.code or 500) < 500 and raised != type(error).description:
        shown.message = str(raised)
    shown.errors = in_fields(getattr(error, "data", {}).get("messages"))


def _what(error: HTTPException) -> tuple[str, str, int | None]:
    return request.method, logs.route(), error.code


def _bad_day(error: BadDay) -> Response:
    shown = fault(400)
    shown.title = _("That is not a day")
    shown.message = _(
        "“%(text)s” is not a day between 1900 and 2200. Write it as 2024-11-21.", text=error.text
    )
    shown.links = [(_("Show this page as of today"), request.path)]
    return _page(shown)


def _csrf(_error: CSRFError) -> Response:
    shown = fault(400)
    shown.title = _("The form has expired")
    shown.message = _("Nothing was saved. Open the page again and send the form once more.")
    return _page(shown)


def _refused(error: Refused) -> Response:
    shown = fault(error.status)
    shown.message = worded(error)
    if error.field:
        shown.errors = [{"in": "body", "field": error.field, "detail": shown.message}]
    return _page(shown)


def _integrity(error: IntegrityError) -> Response:
    shown = fault(409)
    shown.title = _("This clashes with what is there")
    shown.message = meaning(error)
    return _page(shown)


def _stale(_error: StaleDataError) -> Response:
    return _page(fault(409))


def _is_up_to_date() -> bool:
    """Whether the database has what this release looks for; then what is missing is our fault."""
    database = current_app.extensions["database"]
    database.discard()
    try:
        return migrating.current(database.engine) == migrating.newest()
    except SQLAlchemyError:
        return False


def _works_now(error: Exception) -> bool:
    """Whether what was missing came while the request was at work. It is only looked at."""
    if not isinstance(error, DBAPIError) or not error.statement:
        return False
    many = isinstance(error.params, list) and error.params
    values: Any = error.params[0] if many else error.params  # type: ignore[index]
    try:
        with current_app.extensions["database"].engine.connect() as connection:
            connection.exec_driver_sql(f"EXPLAIN {error.statement}", values)
    except SQLAlchemyError:
        return False
    return True


def _unavailable(error: Exception) -> Response:
    cause = cause_of(error, while_saving=g.get("is_saving", False))
    if cause is None:
        raise error
    if cause is Cause.OUTDATED and _is_up_to_date() and not _works_now(error):
        raise error
    said = logs.without_detail(error) if isinstance(error, DBAPIError) else type(error).__name__
    current_app.logger.warning("the database is not available: %s", said)
    return _not_now(cause)


def _not_kept(error: NotKept) -> Response:
    current_app.logger.warning("a file could not be kept: %s", error)
    return _not_now(Cause.FULL if error.is_full else Cause.NO_FILES)


def _not_now(cause: Cause) -> Response:
    if "_login_user" not in g:
        nobody_is_signed_in()  # asking again would wait again
    shown = fault(503)
    if cause in unavailable.TEXTS:
        shown.title, shown.message = map(str, unavailable.TEXTS[cause])
    if request.method == "GET":
        shown.links = [(_("Try again"), request.full_path.rstrip("?"))]
    answer = _page(shown)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
