"""What those ask who keep the site running: is it ready, and what does it measure."""

import hmac
import json
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from app.extensions import db
from app.operations.figures import exposition
from app.operations.readiness import OK, readiness
from app.web.access import public
from app.web.day import now

blueprint = Blueprint("operations", __name__)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Whether the site can do its work, in words that tell nothing of the network."""
    found = readiness(db.engine, now())
    code = 200 if set(found.values()) == {OK} else 503
    answer = Response(f"{json.dumps(found)}\n", code, mimetype="application/json")
    if code != 200:
        answer.headers["Retry-After"] = "5"
    return answer


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The figures, for those alone whom METRICS_NETWORKS or METRICS_TOKEN let in. To everybody
    else there is no such page."""
    if not _bears_token() and not _is_from_within():
        abort(404)
    return Response(exposition(now()), content_type=CONTENT_TYPE_LATEST)


def _bears_token() -> bool:
    wanted = current_app.config["METRICS_TOKEN"]
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    is_bearer = kind.lower() == "bearer" and bool(wanted)
    return is_bearer and hmac.compare_digest(given.strip().encode(), wanted.encode())


def _is_from_within() -> bool:
    networks = [ip_network(each) for each in current_app.config["METRICS_NETWORKS"]]
    return all(_is_in(address, networks) for address in _addresses())


def _addresses() -> Iterator[str]:
    """Every address that the request is known to have come from. A proxy that was not declared
    would lend its own, which is this machine's, to everybody."""
    yield request.remote_addr or "127.0.0.1"  # none: a socket that only this machine has
    original = request.environ.get("werkzeug.proxy_fix.orig", {})
    yield original.get("REMOTE_ADDR") or "127.0.0.1"
    if not current_app.config["TRUSTED_PROXIES"]:
        yield from (request.headers[name] for name in FORWARDED if name in request.headers)


def _is_in(text: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)
