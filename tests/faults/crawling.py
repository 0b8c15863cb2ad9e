"""Walks the site as each of its readers would, and notes which forms and addresses there are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from browser import Browser
from bs4 import BeautifulSoup, Tag
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.web.database import Tracker

VISITS = 2
"""Addresses of one kind that are looked at: a deliverable is like the next, but for its state."""


@dataclass(frozen=True)
class Form:
    """A form that is posted, as a page shows it: what stands, or can be chosen, in each field."""

    endpoint: str
    address: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Site:
    """What one reader found."""

    forms: dict[str, Form] = field(default_factory=dict)
    """By the view that takes them: of those that it takes, the one with the most fields."""
    pages: dict[str, list[str]] = field(default_factory=dict)
    queries: dict[str, set[str]] = field(default_factory=dict)
    """By endpoint, the names that occur in query strings."""
    visits: int = VISITS

    def is_new(self, endpoint: str, address: str) -> bool:
        visited = self.pages.setdefault(endpoint, [])
        names = {name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
        known = self.queries.setdefault(endpoint, set())
        if len(visited) >= self.visits and names <= known:
            return False
        visited.append(address)
        known |= names
        return True


def crawl(app: Tracker, client: Browser, visits: int = VISITS) -> Site:
    site, waiting, seen = Site(visits=visits), ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        endpoint = endpoint_of(app, address)
        if not endpoint or not site.is_new(endpoint, address):
            continue
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status)
        if answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.text, "html.parser")
        for form in forms_of(app, page, address):
            known = site.forms.get(form.endpoint)
            if known is None or len(known.fields) < len(form.fields):
                site.forms[form.endpoint] = form
        for link in page.select("a[href]"):
            target = urljoin(address, str(link["href"])).partition("#")[0]
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    return site


def endpoint_of(app: Tracker, address: str, method: str = "GET") -> str:
    """Of which view it is; empty for none."""
    adapter = app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(urlsplit(address).path, method=method)
    except (HTTPException, RequestRedirect):
        return ""
    return "" if endpoint in {"static", "people.sign_out"} else str(endpoint)


def forms_of(app: Tracker, page: BeautifulSoup, address: str) -> Iterator[Form]:
    for form in page.select("form"):
        if str(form.get("method", "get")).upper() != "POST":
            continue
        targets = [form.get("action") or address]
        targets += [button["formaction"] for button in form.select("button[formaction]")]
        for target in targets:
            full = urljoin(address, str(target))
            endpoint = endpoint_of(app, full, "POST")
            if endpoint:
                yield Form(endpoint, full, tuple(fields_of(form)))


def fields_of(form: Tag) -> Iterator[tuple[str, tuple[str, ...]]]:
    by_name: dict[str, list[str]] = {}
    for control in form.select("input[name], textarea[name], select[name], button[name]"):
        values = by_name.setdefault(str(control["name"]), [])
        if control.name == "select":
            values += [str(option.get("value", option.text)) for option in control.select("option")]
        elif control.name == "textarea":
            values.append(control.text)
        else:
            values.append(str(control.get("value", "")))
    for name, values in by_name.items():
        if name != "csrf_token":
            yield name, tuple(dict.fromkeys(values))
