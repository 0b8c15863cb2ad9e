"""Which entry of a history says a fact: entries carry over what they do not speak of."""

from collections.abc import Mapping, Sequence

Entry = Mapping[str, object]


def told_by(entries: Sequence[Entry]) -> Mapping[str, int]:
    """For each fact of the last entry, the place of the entry that says it, oldest first at 0.

    An entry speaks of the facts that it gives otherwise than the entry before it. One that gives
    all as before was made to confirm them, and speaks of all.
    """
    said: dict[str, int] = {}
    before: Entry = {}
    for place, entry in enumerate(entries):
        spoken_of = [fact for fact in entry if entry[fact] != before.get(fact)] or list(entry)
        said.update(dict.fromkeys(spoken_of, place))
        said.update({fact: place for fact in entry if fact not in said})
        before = entry
    return said
