"""The footer of a page is marked as high as what the page was made of."""

import make
import pytest
from browser import Browser
from cast import Cast
from sqlalchemy.orm import Session

from app.core.markings import Marking
from app.deliverables.rules.moves import Status
from app.sharing.rules import Sharing


def marking_of(client: Browser, path: str) -> str:
    return client.page(path).select_one("footer .tlp").get_text()


@pytest.mark.parametrize("marking", list(Marking))
def test_a_page_is_marked_as_high_as_what_it_shows_or_counts(
    client: Browser, session: Session, cast: Cast, marking: Marking
) -> None:
    of = make.priority(session, key="of")
    plain = make.deliverable(session, by=cast.coordinator, key="plain")
    marked = make.deliverable(
        session, by=cast.coordinator, key="marked", marking=marking, priority=of
    )
    client.sign_in(cast.coordinator)
    least = marking if marking is not Marking.CLEAR else Marking.GREEN
    assert marking_of(client, f"/deliverables/{plain.key}") == "TLP:GREEN"
    assert marking_of(client, "/account") == "TLP:GREEN"
    for path in (
        "/",
        f"/deliverables/{marked.key}",
        "/deliverables",
        "/priorities/of",
        "/priorities",
    ):
        assert marking_of(client, path) == least.label, path


def test_a_narrower_update_marks_the_pages_of_those_alone_who_see_it(
    client: Browser, session: Session, cast: Cast
) -> None:
    of = make.deliverable(session, by=cast.coordinator, key="of")
    amber = Sharing(Marking.AMBER)
    make.update(session, of, Status.IN_REVIEW, by=cast.coordinator, sharing=amber)
    for account, expected in ((cast.coordinator, "TLP:AMBER"), (cast.observer, "TLP:GREEN")):
        client.sign_in(account)
        for path in ("/", "/deliverables/of", "/deliverables", "/priorities"):
            assert marking_of(client, path) == expected, (account.email, path)
