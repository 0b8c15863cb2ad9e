"""Bringing in sources."""

from app.core.days import Precision
from app.core.errors import N_, Refused
from app.plans.actions.run import Run
from app.plans.reading import values
from app.sources import actions
from app.sources.actions import SourceEntry

MOST_AUTHORS = 500
"""Characters of all names together."""


def bring_in(run: Run, said: values.Source) -> None:
    published, authors = said.published, ", ".join(said.authors)
    if len(authors) > MOST_AUTHORS:
        raise Refused(N_("The authors together take %(length)s characters."), length=len(authors))
    entry = SourceEntry(
        title=said.title,
        publisher=said.publisher,
        authors=authors,
        published_on=published.day if published else None,
        precision=published.precision if published else Precision.DAY,
        url=said.url,
        note=said.note,
    )
    source, outcome = run.settle(
        "source",
        said.key,
        run.there.sources.get(said.key),
        entry,
        lambda: actions.cite(run.session, run.actor, said.key, entry, run.now),
        actions.describe,
    )
    run.there.sources[said.key] = source
    run.report.note("sources", said.key, outcome)
