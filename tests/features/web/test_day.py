"""`?as_of=`, the bar of days, and the words for days and instants."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import make
import pytest
from browser import Browser
from cast import Cast
from flask import render_template_string
from sqlalchemy.orm import Session

from app.core.days import Precision
from app.core.permissions import Permission
from app.web import day as days
from app.web.access import access
from app.web.database import Tracker
from app.web.languages import day_range, day_text, instant, percent, relative, territory

pytestmark = pytest.mark.own_app

PAGE = """{% extends "base.html" %}{% block title %}Days{% endblock %}
{% block content %}<p id="day">{{ shown.day }} {{ shown.dueness }} {{ shown.is_today }}</p>
<a id="on" href="{{ at('days', q='x') }}">on</a>{% endblock %}"""


@pytest.fixture
def page(app: Tracker, client: Browser, session: Session, cast: Cast) -> Browser:
    """A browser of an observer, where /days is a page of a day, with two deadlines to stop at."""

    @access(Permission.NETWORK_READ)
    def view() -> str:
        return render_template_string(PAGE, shown=days.as_of())

    app.add_url_rule("/days", "days", view)
    make.deadline(session, date(2024, 11, 20), ends_on=date(2024, 11, 21), by=cast.coordinator)
    make.deadline(session, date(2027, 1, 1), precision=Precision.YEAR, by=cast.coordinator)
    make.meeting(session, date(2025, 12, 1))
    return client.sign_in(cast.observer)


def test_without_a_day_a_page_is_of_today(page: Browser) -> None:
    shown = page.page("/days")
    # At noon UTC it is still the same day anywhere on Earth.
    assert shown.select_one("#day").text == "2026-11-24 2026-11-24 True"
    assert shown.select_one("#on")["href"] == "/days?q=x"


def test_today_is_over_only_when_it_is_over_anywhere_on_earth(app: Tracker, page: Browser) -> None:
    app.config["NOW"] = lambda: datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
    assert page.page("/days").select_one("#day").text == "2026-11-24 2026-11-23 True"
    asked = page.page("/days?as_of=2026-11-24").select_one("#day").text
    assert asked == "2026-11-24 2026-11-23 True"


def test_links_stay_on_the_day(page: Browser) -> None:
    shown = page.page("/days?as_of=2024-11-21")
    assert shown.select_one("#day").text == "2024-11-21 2024-11-21 False"
    assert shown.select_one("#on")["href"] == "/days?q=x&as_of=2024-11-21"


def test_the_bar_leads_through_deadlines_meetings_the_plan_and_today(page: Browser) -> None:
    shown = page.page("/days?as_of=2024-11-21&q=a%26b")
    stops = [tag["href"].partition("as_of=")[2] for tag in shown.select(".days li a")]
    # Today needs no day in its address.
    assert stops == ["2024-10-30", "2024-11-21", "2025-12-01", "", "2027-12-31"]
    assert "as_of=2024-11-21" in shown.select_one(".days [aria-current=date]")["href"]
    assert shown.select_one("[rel=previous]")["href"] == "/days?q=a%26b&as_of=2024-10-30"
    assert shown.select_one("[rel=next]")["href"] == "/days?q=a%26b&as_of=2025-12-01"
    hidden = shown.select_one(".days form input[type=hidden]")
    assert (hidden["name"], hidden["value"]) == ("q", "a&b")


def test_a_page_that_has_no_day_has_no_bar(page: Browser) -> None:
    assert page.page("/account").select(".days") == []


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "2024-02-30", "2024-2-3", "0000-01-01", "99999-01-01", "2024-11-21T00:00",
        "２０２４-11-21", "2024-11-21%00", "<script>", "20241121", "2024-W47-4", "1899-12-31",
        "2201-01-01",
    ],
)  # fmt: skip
def test_what_is_no_day_is_said_with_a_way_to_today(page: Browser, text: str) -> None:
    shown = page.page(f"/days?as_of={text}", 400)
    assert "2024-11-21" in shown.select_one("main").text
    assert shown.select_one("main .actions a")["href"] == "/days"
    assert shown.select("main script") == []


@pytest.mark.parametrize("text", ["1900-01-01", "2200-12-31", ""])
def test_the_first_and_the_last_day_and_none_are_days(page: Browser, text: str) -> None:
    page.page(f"/days?as_of={text}")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda: day_text(date(2024, 11, 21)), "21 November 2024"),
        (lambda: day_text(date(2025, 12, 31), "month"), "December 2025"),
        (lambda: day_text(date(2027, 12, 31), Precision.YEAR), "2027"),
        (lambda: day_text(None), ""),
        (lambda: day_range(date(2024, 11, 20), date(2024, 11, 21)), "20–21 November 2024"),
        (
            lambda: day_range(date(2024, 11, 30), date(2024, 12, 1)),
            "30 November – 1 December 2024",
        ),
        (
            lambda: day_range(date(2024, 12, 31), date(2025, 1, 1)),
            "31 December 2024 – 1 January 2025",
        ),
        (lambda: day_range(date(2025, 1, 1), date(2025, 12, 31), "year"), "2025"),
        (
            lambda: day_range(date(2025, 11, 1), date(2025, 12, 1), "month"),
            "November – December 2025",
        ),
        (lambda: day_range(date(2024, 11, 20), None), "20 November 2024"),
        (lambda: day_range(date(2024, 11, 20), date(2024, 11, 20)), "20 November 2024"),
        (lambda: relative(date(2024, 12, 21), date(2024, 11, 21)), "in 30 days"),
        (lambda: relative(date(2024, 11, 20), date(2024, 11, 21)), "1 day ago"),
        (lambda: relative(date(2026, 11, 24)), "today"),
        (lambda: instant(make.NOW), "24 Nov 2026, 12:00 (UTC)"),
        (lambda: instant(make.NOW, "Pacific/Auckland"), "25 Nov 2026, 01:00 (Pacific/Auckland)"),
        (lambda: instant(make.NOW, "Pacific/Honolulu"), "24 Nov 2026, 02:00 (Pacific/Honolulu)"),
        (lambda: percent(2 / 3), "67%"),
        (lambda: percent(None), ""),
        (lambda: territory("EU", "x"), "European Union"),
        (lambda: territory("KR", "x"), "South Korea"),
        (lambda: territory("QX", "As the plan names it"), "As the plan names it"),
    ],
)
def test_days_instants_and_names_are_written_as_the_network_writes_them(
    app: Tracker, written: Callable[[], str], expected: str
) -> None:
    with app.test_request_context():
        # CLDR sets thin spaces around the dash of a range.
        assert written().replace("\u2009", " ") == expected


def test_the_bar_tells_nothing_of_a_day_before_anybody_knew_of_it(
    page: Browser, session: Session, cast: Cast
) -> None:
    late = make.deadline(session, date(2026, 2, 1), by=cast.coordinator)
    late.title, late.exists_from = "Nobody knows of it yet", date(2025, 2, 11)
    before, after = page.page("/days?as_of=2025-02-10"), page.page("/days?as_of=2025-02-11")
    assert late.title not in before.text
    assert "as_of=2026-02-01" in str(before)
    assert late.title in after.text


def test_an_address_takes_no_orders_for_how_addresses_are_built(
    client: Browser, cast: Cast
) -> None:
    """What `url_for` means by names with a leading underscore is nothing that a query may say."""
    client.sign_in(cast.observer)
    for name in ("_method", "_scheme", "_external", "_anchor"):
        answer = client.get(f"/deliverables?{name}=https&status=in_progress")
        assert answer.status_code == 200
        assert f"{name}=" not in answer.text
        assert "https://localhost" not in answer.text
