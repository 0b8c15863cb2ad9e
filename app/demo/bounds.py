"""A demonstration, whose accounts are listed on its first page, answers this machine alone."""

from ipaddress import ip_address

from flask import Flask, Response, current_app, request


def init_app(app: Flask) -> None:
    app.before_request(_refuse_from_elsewhere)


def is_loopback(host: str) -> bool:
    """Whether a host or address, without a port, is this machine."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def host_of(netloc: str) -> str:
    """The host without its port; an IPv6 address keeps its brackets."""
    if netloc.startswith("["):
        return netloc.partition("]")[0] + "]"
    return netloc.partition(":")[0]


def _refuse_from_elsewhere() -> Response | None:
    if not current_app.config["DEMO"]:
        return None
    original = request.environ.get("werkzeug.proxy_fix.orig", {})
    addresses = {request.remote_addr, original.get("REMOTE_ADDR", request.remote_addr)}
    if is_loopback(host_of(request.host)) and all(is_loopback(a or "") for a in addresses):
        return None
    text = "This is a demonstration with made-up accounts. It answers this machine alone.\n"
    return Response(text, 403, mimetype="text/plain")
