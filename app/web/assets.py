"""Static files under addresses that hold their hash, so that a browser may keep them for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for

from app.web.access import public

OURS = Path(__file__).parent / "static"
VENDOR_FILES = {
    "bootstrap.min.css": "bootstrap5/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap5/js/bootstrap.bundle.min.js",
}
"""The few files of the Bootstrap-Flask package that we serve."""
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    content: bytes
    kind: str
    changed_at: int

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes | None:
        packed = gzip.compress(self.content, 9, mtime=0)
        return packed if len(packed) < len(self.content) else None


class Catalogue:
    """Every file that is served, by name; read once and again only when the file changes."""

    def __init__(self) -> None:
        self.paths = _our_files() | _vendor_files()
        self.assets: dict[str, Asset] = {}

    def find(self, name: str) -> Asset | None:
        path = self.paths.get(name)
        if path is None:
            return None
        changed_at = path.stat().st_mtime_ns
        known = self.assets.get(name)
        if known is None or known.changed_at != changed_at:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            known = self.assets[name] = Asset(path.read_bytes(), kind, changed_at)
        return known


def init_app(app: Flask) -> None:
    app.extensions["assets"] = Catalogue()
    app.add_url_rule("/static/<digest>/<path:name>", "static", serve)
    app.add_template_global(asset, "asset")
    app.add_template_global(vendor_asset, "vendor_asset")


def asset(name: str) -> str:
    """The address of one of our static files, such as `css/theme.css`."""
    found = _catalogue().find(name)
    if found is None:
        raise LookupError(f"there is no static file {name}")
    return url_for("static", digest=found.hash, name=name)


def vendor_asset(name: str) -> str:
    """The address of one of VENDOR_FILES."""
    return asset(f"vendor/{name}")


@public
def serve(digest: str, name: str) -> Response:
    found = _catalogue().find(name)
    if found is None or found.hash != digest:
        abort(404)
    packed = found.packed if request.accept_encodings["gzip"] else None
    response = Response(packed or found.content, content_type=_content_type(found.kind))
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{found.hash}-gzip" if packed else found.hash)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def _content_type(kind: str) -> str:
    is_text = kind.startswith("text/") or kind in {"image/svg+xml", "application/javascript"}
    return f"{kind}; charset=utf-8" if is_text else kind


def _catalogue() -> Catalogue:
    catalogue: Catalogue = current_app.extensions["assets"]
    return catalogue


def _our_files() -> dict[str, Path]:
    files = (path for path in OURS.rglob("*") if path.is_file())
    return {path.relative_to(OURS).as_posix(): path for path in files}


def _vendor_files() -> dict[str, Path]:
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise RuntimeError("Bootstrap-Flask is not installed")
    folder = Path(spec.origin).parent / "static"
    return {f"vendor/{name}": folder / path for name, path in VENDOR_FILES.items()}
