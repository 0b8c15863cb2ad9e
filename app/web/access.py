"""Who may open which page: a mark on every view, checked in one place before it runs.

`@public` needs no account; `@access(Permission.X)` needs an account whose role holds X. A view
without a mark answers nobody.

Commands carry a mark too, though whoever has the shell may run them all: `@operator` where one
acts in nobody's name, `@acts_under(Permission.X)` where one acts or reads for an account, which
then needs what it needs on screen.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from flask_login import AnonymousUserMixin, current_user
from werkzeug.wrappers import Response

from app.core.markings import Channel
from app.core.permissions import Actor, Permission, can

View = TypeVar("View", bound=Callable[..., Any])
Found = TypeVar("Found")

MARK = "access_mark"
PUBLIC = "public"
OPERATOR = "operator"
SIGN_IN = "people.sign_in"
DOWNLOAD, PICTURE = "download", "picture"
FILES = frozenset({DOWNLOAD, PICTURE})
"""What an address asks with for a part of its page as a file."""
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def public(view: View) -> View:
    """Answers without an account."""
    setattr(view, MARK, PUBLIC)
    return view


def access(permission: Permission) -> Callable[[View], View]:
    """Answers accounts whose role holds the permission."""

    def mark(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return mark


def operator(command: View) -> View:
    """A command for whoever runs the site, in nobody's name."""
    setattr(command, MARK, OPERATOR)
    return command


def acts_under(permission: Permission) -> Callable[[View], View]:
    """A command for an account, which must hold the permission."""
    return access(permission)


def mark_of(view: Callable[..., Any] | None) -> Permission | str | None:
    return getattr(view, MARK, None)


def init_app(app: Flask) -> None:
    app.before_request(_check)


def may(permission: Permission) -> bool:
    """Whether the reader's role holds the permission; also in templates, to show what is open."""
    return can(actor_or_none(), permission)


def actor_or_none() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def actor() -> Actor:
    """The account that asks; for a file, as somebody who takes what is shown elsewhere. Only for
    views that need one."""
    known = actor_or_none()
    if known is None:
        abort(401)
    is_file = request.method in {"GET", "HEAD"} and not FILES.isdisjoint(request.args)
    return known.through(Channel.EXPORT) if is_file else known


def nobody_is_signed_in() -> None:
    """Take the request for anonymous, without asking the database."""
    g._login_user = AnonymousUserMixin()


def reader_zone() -> ZoneInfo:
    """The zone in which the reader is shown instants."""
    known = has_request_context() and current_user.is_authenticated
    return ZoneInfo(current_user.zone if known else "UTC")


def load_or_404(found: Found | None) -> Found:
    """What a query for one thing gave. Not there and not for this reader answer alike."""
    if found is None:
        abort(404)
    return found


def safe_next(target: str | None) -> str | None:
    """The address within this site that `target` names, or none where it leads elsewhere."""
    if not target or _UNSAFE.search(target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    is_local = not parts.scheme and not parts.netloc and target.startswith("/")
    return target if is_local and not target.startswith("//") else None


def _check() -> Response | None:
    mark = mark_of(current_app.view_functions.get(request.endpoint or ""))
    if mark == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if current_user.confined_to and request.endpoint not in current_user.confined_to:
        return _lead_back()
    # An address that does not exist is answered as such, but only to those with an account.
    if request.routing_exception is None and not _holds(mark):
        abort(403)
    return None


def _lead_back() -> Response:
    """To the one thing that this session has to do before anything else."""
    if request.method not in {"GET", "HEAD"}:
        abort(403)
    return redirect(url_for(current_user.confined_to[0]))


def _holds(mark: Permission | str | None) -> bool:
    return isinstance(mark, Permission) and may(mark)


def ask_to_sign_in() -> Response:
    """What a stranger is answered where an account is needed, and where there is nothing."""
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    wanted = safe_next(request.full_path.rstrip("?"))
    return redirect(url_for(SIGN_IN, next=wanted if wanted != "/" else None))
