"""How text becomes the words that are searched, the same for every database and language.

Accents and case are folded. Scripts written without spaces are cut into pairs of characters that
overlap. A word is written in ASCII in the index, so that no database's own idea of a letter counts.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from babel import Locale

LONGEST_QUERY = 200
MOST_TERMS = 12
LONGEST_WORD = 60
SHORTEST_BEGINNING = 3

Term = tuple[str, ...]
"""Words that follow each other; the last may go on, unless it is too short for that."""
Part = tuple[str, bool]
"""A piece of a text, and whether it is what was searched for."""

_UNFOLDED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
_MARKS = {"Mn", "Mc"}
_VOICING = {"\u3099", "\u309a"}  # parts of Japanese letters, not accents
_SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_SCRIPTS}]")
_RUNS = re.compile(rf"[{_SCRIPTS}]+|[^\W_{_SCRIPTS}]+")
_QUOTES = re.compile('["“”„«»]')
_SEGMENTS = re.compile(r"\w+|\W+")
_LANGUAGES = ("en", "fr", "de", "es", "sw", "ja", "ko", "zh")


def words_of(text: str) -> list[str]:
    """What a text is found by, in its order. Of a run without spaces: each pair of neighbours,
    then its last character, so that every character begins a word."""
    return [word for run in _runs(text) for word in _indexed(run)]


def terms_of(query: str) -> tuple[Term, ...]:
    """What is searched for: every term has to be found. Words between quotation marks follow each
    other."""
    pieces = _QUOTES.split(query[:LONGEST_QUERY])
    found = [
        term
        for i, piece in enumerate(pieces)
        for term in _terms(piece, is_quoted=i % 2 == 1 and i < len(pieces) - 1)
    ]
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def goes_on(word: str) -> bool:
    """Whether longer words that begin so are found, too: from three letters on. One letter of a
    script that needs no spaces is enough."""
    return len(word) >= SHORTEST_BEGINNING


def as_fts5(terms: Sequence[Term], column: str = "") -> str:
    """For SQLite: all terms, each by its beginning; in one column only, if one is named."""
    every = " AND ".join(f'"{" ".join(term)}"{" *" if goes_on(term[-1]) else ""}' for term in terms)
    return f"{{{column}}} : ({every})" if column else every


def as_tsquery(terms: Sequence[Term], weight: str = "") -> str:
    """The same for PostgreSQL."""
    return " & ".join(f"({_phrase(term, weight)})" for term in terms)


def as_tsvector(title: str, body: str) -> str:
    """The words with their places, those of the title weighing A. No phrase runs from the title
    into the body."""
    in_title, in_body = title.split(), body.split()
    places: dict[str, list[str]] = {}
    for place, word in enumerate(in_title, 1):
        places.setdefault(word, []).append(f"{_place(place)}A")
    for place, word in enumerate(in_body, len(in_title) + 3):
        places.setdefault(word, []).append(_place(place))
    # A database keeps no more than 255 places of a word.
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


def marked(text: str, terms: Sequence[Term]) -> tuple[Part, ...]:
    """The text in pieces, those that were searched for marked."""
    wanted = tuple({word for term in terms for word in term})
    pieces = [piece for segment in _SEGMENTS.findall(text) for piece in _pieces(segment, wanted)]
    return tuple(
        ("".join(piece for piece, _hit in same), is_hit)
        for is_hit, same in groupby(pieces, key=lambda piece: piece[1])
    )


def snippet(text: str, terms: Sequence[Term], around: int = 90) -> tuple[Part, ...]:
    """The text around the first piece that was searched for."""
    parts = marked(" ".join(text.split()), terms)
    before = ""
    for i, (piece, is_hit) in enumerate(parts):
        if is_hit:
            after = parts[i:]
            return _ended([(_tail(before, around), False), *_head(after, 2 * around)])
        before += piece
    return _ended(_head(parts, 2 * around))


def published_text(content: str) -> str:
    """All that a published agenda says in its items."""
    items = json.loads(content).get("items", [])
    names = ("title", "note", "presenter")
    return "\n".join(str(item[name]) for item in items for name in names if item.get(name))


def names_of(code: str) -> str:
    """What a territory is called in the languages of the members."""
    found = (Locale.parse(language).territories.get(code, "") for language in _LANGUAGES)
    return " ".join(dict.fromkeys(name for name in found if name))


def holds(terms: Sequence[Term], *texts: str) -> bool:
    """Whether all terms are found in these texts together, as the databases find them."""
    every = [words_of(text) for text in texts]
    return all(any(_has(words, term) for words in every) for term in terms)


def _has(words: Sequence[str], term: Term) -> bool:
    *first, last = term
    size = len(term)
    fits = str.startswith if goes_on(last) else str.__eq__
    return any(
        words[i : i + size - 1] == first and fits(words[i + size - 1], last)
        for i in range(len(words) - size + 1)
    )


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_UNFOLDED)
    bare = (m for m in apart if m in _VOICING or unicodedata.category(m) not in _MARKS)
    return unicodedata.normalize("NFC", "".join(bare))


def _runs(text: str) -> list[str]:
    """Stretches of letters and digits, of one manner of writing each."""
    found: list[str] = _RUNS.findall(text.lower() if text.isascii() else _folded(text))
    return found


def _is_unspaced(mark: str) -> bool:
    return _UNSPACED.match(mark) is not None


def _indexed(run: str) -> list[str]:
    if not _is_unspaced(run[0]):
        return [_ascii(run[:LONGEST_WORD])]
    return [*_pairs(run), _ascii(run[-1])]


def _pairs(run: str) -> list[str]:
    marks = [_ascii(mark) for mark in run]
    return [first + second for first, second in pairwise(marks)]


def _ascii(word: str) -> str:
    """Letter by letter, so that the beginning of a word stays the beginning."""
    if word.isascii():
        return word
    return "".join(mark if mark.isascii() else f"zz{ord(mark):05x}" for mark in word)


def _terms(piece: str, *, is_quoted: bool) -> Iterator[Term]:
    runs = list(_runs(piece))
    sought = [tuple(_sought(run)) for run in runs]
    # Pairs of neighbours are a phrase of their own already.
    if is_quoted and runs and not any(_is_unspaced(run[0]) for run in runs):
        sought = [tuple(word for term in sought for word in term)]
    yield from sought


def _sought(run: str) -> list[str]:
    if not _is_unspaced(run[0]):
        return [_ascii(run[:LONGEST_WORD])]
    return _pairs(run) or [_ascii(run)]


def _phrase(term: Term, weight: str) -> str:
    closed = [f"'{word}':{weight}" if weight else f"'{word}'" for word in term[:-1]]
    last = f"{'*' if goes_on(term[-1]) else ''}{weight}"
    return " <-> ".join([*closed, f"'{term[-1]}':{last}" if last else f"'{term[-1]}'"])


def _place(place: int) -> str:
    return str(min(place, 16383))


def _pieces(segment: str, wanted: tuple[str, ...]) -> Iterator[Part]:
    """A word is marked whole; of a run without spaces, what was searched for."""
    if not any(map(_is_unspaced, segment)):
        begun = tuple(word for word in wanted if goes_on(word))
        yield segment, any(word in wanted or word.startswith(begun) for word in words_of(segment))
        return
    hits = {
        place
        for i in range(len(segment))
        for size in (1, 2)
        if any(_is_pair_or_one(segment[i : i + size], word, size) for word in wanted)
        for place in range(i, i + size)
    }
    yield from ((mark, i in hits) for i, mark in enumerate(segment))


def _is_pair_or_one(marks: str, word: str, size: int) -> bool:
    return len(marks) == size and _ascii(_folded(marks)) == word


def _tail(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    _cut, space, rest = text[-size:].partition(" ")
    return f"… {rest if space else text[-size:]}"


def _head(parts: Iterable[Part], size: int) -> list[Part]:
    taken: list[Part] = []
    for piece, is_hit in parts:
        if len(piece) > size:
            cut, space, _rest = piece[:size].rpartition(" ")
            return [*taken, (f"{cut if space else piece[:size]} …", is_hit)]
        taken.append((piece, is_hit))
        size -= len(piece)
    return taken


def _ended(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part[0])
