"""What people, and those who mean harm, put into fields and addresses."""

from urllib.parse import quote, quote_plus

from hypothesis import strategies as st
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

Pairs = list[tuple[str, str]]

MARKS = [
    "\x00", "\x07", "\x1b[31m", "\x7f", "\r\n", "\n", "\t", "\ud800", "\udfff", "\u202e", "\u200f",
    "\u2066", "\ufeff", "\ufffe", "\u0301", "e\u0301", "\U0001f600", "\U0010ffff", "İ", "ß", "ﷺ",
]  # fmt: skip
DAYS = [
    "0000-00-00", "0001-01-01", "1899-12-31", "1900-01-01", "2024-02-30", "2024-02-29",
    "2026-11-24", "2200-12-31", "2201-01-01", "9999-12-31", "10000-01-01", "-0001-01-01",
    "2024-W10-1", "20241121", "2024-11-21T00:00:00", "24/11/2024", "２０２４-11-21",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "-1", "1", "2", "3", "101", "32768", "2147483647", "2147483648",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e3", "1e400", "NaN",
    "Infinity", "0x10", "1_000", " 1 ", "+1", "1.5", "1,5", "٣", "１", "9" * 400,
]  # fmt: skip
ZONED = ["25:00", "24:00", "00:00", "99:99", "12:60", "Mars/Base", "../etc/passwd", "UTC"]
HARM = [
    "' OR 1=1 --", '"; DROP TABLE accounts; --', "<script>alert(1)</script>", "{{ 7*7 }}",
    "${7*7}", "%s%n%(x)s", "%", "_", "*", "\\", "=HYPERLINK(1)", "@SUM(1)", "javascript:alert(1)",
    "data:text/html,x", "//evil.example", "\\\\evil.example", "http://[", "https://x:99999/",
    "https://exa mple/", "file:///etc/passwd", "a" * 300, "x" * 5000, "é" * 2500, "[" * 3000,
    "> " * 2000, "*a " * 1500, "true", "on", "null", "None", "undefined", "[]", "administrator",
    "coordinator", "delivered", "dropped", "RED", "CLEAR", "TLP:RED",
]  # fmt: skip
NAMES = [
    "id", "account_id", "member_id", "member", "role", "is_active", "marking", "audience_id",
    "status", "created_at", "recorded_by_id", "version", "seen", "as_of", "next", "page", "sort",
    "_method", "__class__", "x" * 200, "\x00", "name[]", "csrf_token2", "password_hash",
]  # fmt: skip

texts = st.one_of(
    st.sampled_from(DAYS),
    st.sampled_from(NUMBERS),
    st.sampled_from(HARM),
    st.sampled_from(ZONED),
    st.sampled_from(MARKS).map(lambda mark: f"a{mark}b"),
    st.sampled_from(MARKS),
    st.text(st.characters(codec=None), max_size=60),
    st.integers(-(2**70), 2**70).map(str),
    st.just(""),
)


@st.composite
def filled(draw: st.DrawFn, fields: tuple[tuple[str, tuple[str, ...]], ...]) -> Pairs:
    """The fields of a form: most as they could be, some as they should not, some twice or not at
    all, and now and then one that the form does not have."""
    pairs: Pairs = []
    spoilt = (
        draw(st.sets(st.sampled_from([name for name, _ in fields]), max_size=3)) if fields else ()
    )
    for name, values in fields:
        if name not in spoilt:
            pairs.append((name, draw(st.sampled_from(values)) if values else ""))
            continue
        for _ in range(draw(st.sampled_from([1, 1, 1, 1, 0, 2]))):
            pairs.append((name, draw(texts)))
    if draw(st.integers(0, 3)) == 0:
        pairs.append((draw(st.sampled_from(NAMES)), draw(texts)))
    return pairs


def encoded(pairs: Pairs) -> bytes:
    """As a form is sent; a lone surrogate goes out as the bytes that some clients make of it."""
    return "&".join(
        f"{quote_plus(_raw(name))}={quote_plus(_raw(value))}" for name, value in pairs
    ).encode()


def in_gap(gap: BaseConverter) -> str:
    """Something that a gap in an address takes."""
    if isinstance(gap, AnyConverter):
        return sorted(gap.items)[0]
    return "1" if isinstance(gap, IntegerConverter) else "x"


def in_path(text: str) -> str:
    return quote(_raw(text), safe="")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
