"""PostgreSQL is stopped and started while updates come from all sides: a server of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import served
from faults.hammer import POSTS, account_for, arrange, finish, hands, progress, report
from private_postgres import Cluster, cluster
from served import Visitor

from app.core import migrating
from app.core.db import make_engine


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


@pytest.mark.postgres
def test_a_database_that_restarts_loses_nothing_and_is_found_again(
    server: Cluster, tmp_path: Path
) -> None:
    engine = make_engine(server.url)
    migrating.upgrade(engine)
    engine.dispose()
    email, keys = arrange(server.url)
    with served.site(tmp_path, DATABASE_URL=server.url) as site:
        working = hands([site], email, keys, POSTS)
        for hand in working:
            hand.start()
        for part, mode in ((1, "fast"), (2, "immediate")):
            progress(working, POSTS * part // 6)
            server.stop(mode)
            assert Visitor(site.port).get("/healthz")[0] == 200
            status, said = Visitor(site.port).get("/readyz")
            assert (status, "unreachable" in said) == (503, True)
            server.start()
            # By itself: nothing of the site is started again.
            assert Visitor(site.port).get("/readyz")[0] == 200
        said = finish(working)
        account_for(server.url, said)
        log = site.log.read_text()
    report("database restarted", said)
    assert said.done
    assert set(said.statuses) <= {303, 503}, said.statuses
    assert said.without_retry == 0
    assert "Traceback" not in log
