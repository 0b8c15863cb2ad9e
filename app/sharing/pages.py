"""Pages that are drawn once for all readers who see the same, until something changes.

Only what stands between the frame is kept; the frame is each reader's own.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, render_template, request, session
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.core.markings import Marking, highest_read
from app.extensions import db
from app.sharing.remembering import remembered, standpoint
from app.web.access import DOWNLOAD, PICTURE, actor, reader_zone
from app.web.day import as_of
from app.web.frame import theme
from app.web.unchanged import stays_the_same

View = TypeVar("View", bound=Callable[..., Any])

SEPARATOR, TOKEN = "\x1e", "\x1d"
BLOCKS = ("links", "title", "breadcrumb", "heading", "header_actions", "content")
APP = Path(__file__).parents[1]


class _NotAPage(Exception):
    """The view gave something else: an error, a file."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def kept(view: View) -> View:
    """A view that depends on nothing but the address, the day, the audience and the network, and
    draws its page by `draw`."""
    return _kept(view, is_own=False)


def kept_while(same: Callable[[], Hashable]) -> Callable[[View], View]:
    """The same where the page depends on the hour, too: as long as `same` gives the same."""
    return partial(_kept, is_own=False, same=same)


def kept_for_each(view: View) -> View:
    """The same where the page depends on the very account that reads it, too."""
    return _kept(view, is_own=True)


def draw(template: str, **context: Any) -> str:
    """The page, or where it is to be kept, its blocks."""
    layout = "pages/blocks.html" if g.get("is_kept") else "base.html"
    return render_template(template, layout=layout, **context)


def _nothing_else() -> Hashable:
    return None


def _kept(view: View, *, is_own: bool, same: Callable[[], Hashable] = _nothing_else) -> View:
    @wraps(view)
    def answer(**values: Any) -> Any:
        if DOWNLOAD in request.args or PICTURE in request.args:
            return view(**values)
        name = (*_name(is_own), same())
        tag = _tag(name)
        if tag in request.if_none_match:
            stays_the_same()
            return _tagged(Response(status=304), tag)
        try:
            make = partial(_blocks, view, values)
            blocks = remembered(db.session, actor(), as_of(), name, make)
        except _NotAPage as other:
            return other.answer
        response = make_response(render_template("pages/kept.html", **_with_token(blocks)))
        # What is RED stays on the screen: no browser writes it down to ask again.
        is_red = highest_read(Marking.CLEAR) is Marking.RED
        return response if is_red else _tagged(response, tag)

    return answer  # type: ignore[return-value]


def _blocks(view: Callable[..., Any], values: dict[str, Any]) -> dict[str, str]:
    g.is_kept = True
    try:
        drawn = view(**values)
    finally:
        g.is_kept = False
    if not isinstance(drawn, str) or drawn.count(SEPARATOR) != len(BLOCKS) - 1:
        raise _NotAPage(drawn)
    if token := g.get("csrf_token"):
        drawn = drawn.replace(token, TOKEN)
    return dict(zip(BLOCKS, drawn.split(SEPARATOR), strict=True))


def _with_token(blocks: Mapping[str, str]) -> dict[str, Markup]:
    """The forms of a page that was drawn for another carry the token of whoever reads it now."""
    return {
        name: Markup(text.replace(TOKEN, generate_csrf()) if TOKEN in text else text)  # noqa: S704
        for name, text in blocks.items()
    }


def _name(is_own: bool) -> tuple[Hashable, ...]:
    """All that the page depends on beside the network, its audience and the day."""
    arguments = tuple(sorted(request.args.items(multi=True)))
    known = tuple(sorted((request.view_args or {}).items()))
    return (
        request.endpoint,
        known,
        arguments,
        actor() if is_own else actor().role,
        str(get_locale()),
        str(reader_zone()),
    )


def _tag(name: Hashable) -> str:
    """The same for the same page in the same frame."""
    reader = current_user.signed_in
    frame = (
        reader.session_id,
        reader.name,
        reader.email,
        actor(),
        theme(),
        session.get("_flashes"),
        current_app.config["DEMO"],
    )
    everything = (_build(), standpoint(db.session, actor()), as_of(), name, frame)
    return hashlib.sha256(repr(everything).encode()).hexdigest()[:32]


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    return response


@cache
def _build() -> str:
    """Another one whenever the product changes."""
    files = sorted(
        path for path in APP.rglob("*") if path.suffix in {".py", ".html", ".css", ".mo"}
    )
    stamps = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()
