"""Dependencies between deliverables: `edges` leads from each key to the keys it depends on."""

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
