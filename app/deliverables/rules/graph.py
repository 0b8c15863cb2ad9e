"""Dependencies between deliverables: `edges` leads from each key to the keys it depends on."""

from collections import deque
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def find_cycle(edges: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """A path in "depends on" order that ends where it starts; the same one for the same edges."""
    sorter = TopologicalSorter({key: sorted(set(edges[key])) for key in sorted(edges)})
    try:
        sorter.prepare()
    except CycleError as error:
        # graphlib walks from what is needed to what needs it.
        return tuple(reversed(error.args[1]))
    return None


def would_close_cycle(
    edges: Mapping[str, Iterable[str]], new_from: str, new_to: str
) -> tuple[str, ...] | None:
    """The shortest cycle that `new_from` depending on `new_to` would close, from `new_from` on."""
    came_from: dict[str, str] = {new_to: new_from}
    waiting = deque([new_to])
    while waiting:
        key = waiting.popleft()
        if key == new_from:
            return _path_back(came_from, new_from)
        for needed in sorted(set(edges.get(key, ()))):
            if needed not in came_from:
                came_from[needed] = key
                waiting.append(needed)
    return None


def _path_back(came_from: Mapping[str, str], start: str) -> tuple[str, ...]:
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))
