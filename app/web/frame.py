"""What base.html shows around every page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from app.core.clock import AsOf, today
from app.core.markings import Marking, highest_read, watch
from app.core.permissions import Permission
from app.web import cookies
from app.web.access import may
from app.web.day import day_bar, now
from app.web.drawn import drawn_table
from app.web.labels import label
from app.web.languages import territory
from app.web.navigation import links

ShortName = Callable[[Session, date], str]
THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
SEARCH = "search.index"


def init_app(app: Flask, short_name: ShortName) -> None:
    """`short_name` gives what the network is called on a day."""
    app.extensions["short_name"] = short_name
    app.before_request(watch)
    app.context_processor(_around)
    app.add_template_global(may, "may")
    app.add_template_global(drawn_table, "drawn_table")
    app.add_template_global(Permission, "Permission")
    app.add_template_filter(label, "label")


def bare() -> None:
    """From here on the page draws its frame without the database: something is wrong with it."""
    g.bare = True


def theme() -> str:
    chosen = cookies.given(THEME_COOKIE)
    return chosen if chosen in THEMES else "auto"


def _around() -> dict[str, Any]:
    locale = get_locale()
    return {
        "locale": str(locale).replace("_", "-") if locale else "en",
        "text_direction": locale.text_direction if locale else "ltr",
        "theme": theme(),
        "home_url": "/",
        "page_marking": None,
        **(_for_account() if current_user.is_authenticated else {}),
    }


def _for_account() -> dict[str, Any]:
    around: dict[str, Any] = {
        "navigation": links(None if g.get("bare") else current_app.extensions["database"].session),
        "search_url": url_for(SEARCH) if SEARCH in current_app.view_functions else "",
        "account": _account_menu(),
        "theme_url": url_for("web.set_theme", next=request.full_path.rstrip("?")),
        "page_marking": highest_read(Marking.GREEN),
    }
    if g.get("bare"):
        return around
    session = current_app.extensions["database"].session
    around["network_name"] = _network_name(session)
    around["day_bar"] = day_bar(session)
    return around


def _network_name(session: Session) -> str:
    shown: AsOf | None = g.get("as_of")
    short_name: ShortName = current_app.extensions["short_name"]
    return short_name(session, shown.day if shown else today(now()))


def _account_menu() -> dict[str, Any]:
    return {
        "name": current_user.name,
        "email": current_user.email,
        "role": label(current_user.role),
        "member": territory(current_user.member_code) if current_user.member_code else "",
        "links": [{"label": _("Your account"), "url": url_for("people.account")}],
        "sign_out_url": url_for("people.sign_out"),
    }
