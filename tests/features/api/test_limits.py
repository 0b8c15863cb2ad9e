"""How much a token may ask is counted once for all workers of a machine."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from make import NOW

from app.web.api.limits import BUCKETS, Windows


def test_forked_workers_and_their_threads_count_together() -> None:
    windows, times = Windows(), 50
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            for _ in range(times):
                windows.count("token", 1000, NOW)
            os._exit(0)
        children.append(child)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: windows.count("token", 1000, NOW), range(times)))
    assert {os.waitpid(child, 0)[1] for child in children} == {0}
    assert windows.count("token", 1000, NOW).left == 1000 - 4 * times - 1


def test_a_new_minute_begins_anew_and_callers_do_not_mix() -> None:
    windows = Windows()
    for caller in range(BUCKETS):
        assert windows.count(caller, 10, NOW).left == 9
    assert windows.count(0, 10, NOW).left == 8
    later = windows.count(0, 10, NOW + timedelta(minutes=1))
    assert (later.left, later.resets_in) == (9, 60)


def test_with_more_callers_than_there_is_room_for_nobody_is_refused_too_early() -> None:
    windows = Windows()
    assert all(windows.count(n, 1, NOW).left == 0 for n in range(4 * BUCKETS + 500))
