"""What /metrics tells: requests, and how much of what waits. Counts alone, no names."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from flask import current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import as_of
from app.core.markings import Channel
from app.core.permissions import Actor, Role
from app.deliverables.queries.judging import judgements
from app.deliverables.rules.attention import Flag
from app.extensions import db
from app.operations.outbox import outbox
from app.web.measures import REGISTRY

WATCHER = Actor(0, Role.RECORDER).through(Channel.FEED)
"""Nobody's account. Counts leave the site without anybody asking at the time, so that only what
may go that way is counted."""


def exposition(now: datetime) -> bytes:
    """All figures, as Prometheus reads them, of every process of this server."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(_Data(now))
    return generate_latest(registry)


class _Data(Collector):
    """Read from the database when it is asked for."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        reached = GaugeMetricFamily("tracker_database_up", "Whether the database answers.")
        try:
            with db.glance() as session:
                told = [*_waiting(session, self.now), _flags(session, self.now)]
        except SQLAlchemyError:
            current_app.logger.warning("the figures of the database could not be read")
            told = []
        reached.add_metric([], 1 if told else 0)
        yield reached
        yield from told


def _waiting(session: Session, now: datetime) -> Iterator[Metric]:
    found = outbox(session, now)
    yield GaugeMetricFamily("tracker_outbox_depth", "Messages that wait.", value=found.depth)
    yield GaugeMetricFamily(
        "tracker_outbox_stuck", "Messages that wait for too long.", value=found.stuck
    )
    yield GaugeMetricFamily(
        "tracker_outbox_given_up", "Messages that were refused for good.", value=found.given_up
    )


def _flags(session: Session, now: datetime) -> Metric:
    counts = Counter(
        flag for judged in judgements(session, WATCHER, as_of(None, now)) for flag in judged.flags
    )
    family = GaugeMetricFamily(
        "tracker_attention", "Deliverables that raise the flag today.", labels=["flag"]
    )
    for flag in Flag:
        family.add_metric([flag.value], counts[flag])
    return family
