"""Bringing in sources."""

from app.core.days import Precision
from app.plans.actions.run import Run
from app.plans.reading import values
from app.sources import actions
from app.sources.actions import SourceEntry


def bring_in(run: Run, said: values.Source) -> None:
    published = said.published
    entry = SourceEntry(
        title=said.title,
        publisher=said.publisher,
        authors=", ".join(said.authors),
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
