"""Cookies of this site, all made alike: out of reach of scripts and of other sites, and, where the
site is served over TLS, under a name that no other host can set."""

from typing import Literal

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse


def give(
    response: Response | AnyResponse,
    name: str,
    value: str,
    *,
    max_age: int,
    samesite: Literal["Lax", "Strict"] = "Lax",
) -> None:
    response.set_cookie(
        _full(name),
        value,
        max_age=max_age,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite=samesite,
    )


def given(name: str) -> str:
    """What the browser brought back; empty where it has none."""
    return request.cookies.get(_full(name), "")


def _full(name: str) -> str:
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name
