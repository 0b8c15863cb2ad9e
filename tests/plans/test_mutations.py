"""Whatever happens to the real files: a bundle or faults, never anything else."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.plans.reading import Bundle, Faults, read

DATA = Path(__file__).parents[2] / "data"
REAL = {name: (DATA / name).read_bytes() for name in ("plan.yaml", "record.yaml")}

TOKENS = st.sampled_from(
    [b"*a", b"&a", b"!!x", b"{", b"}", b"[", b"]", b":", b"- ", b"\t", b"'", b'"', b"|", b">", b"%",
     b"? ", b"null", b"~", b"true", b"2024-02-30", b"0", b"-1", b".inf", b"1e999", b"<<", b"---\n",
     b"...\n", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "\u2028".encode(), b"\r", b"@", b"`", b"#"]
)  # fmt: skip


def drop(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    del lines[at]


def double(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    lines.insert(at, lines[at])


def swap(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    other = draw(st.integers(0, len(lines) - 1))
    lines[at], lines[other] = lines[other], lines[at]


def replace_word(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    words = lines[at].split(b" ")
    words[draw(st.integers(0, len(words) - 1))] = draw(TOKENS)
    lines[at] = b" ".join(words)


def insert_token(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    place = draw(st.integers(0, len(lines[at])))
    lines[at] = lines[at][:place] + draw(TOKENS) + lines[at][place:]


def insert_noise(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    lines.insert(at, draw(st.binary(min_size=1, max_size=30)))


def cut(draw: st.DrawFn, lines: list[bytes], at: int) -> None:
    lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]


CHANGES = (drop, double, swap, replace_word, insert_token, insert_noise, cut)


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 3))):
        lines = content.splitlines(keepends=True)
        at = draw(st.integers(0, len(lines) - 1))
        draw(st.sampled_from(CHANGES))(draw, lines, at)
        content = b"".join(lines) or b"#"
    return content


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(mutated(REAL["plan.yaml"]), mutated(REAL["record.yaml"]))
def test_a_mutated_file_is_read_or_faulted_but_never_fails_otherwise(plan, record):
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, "plan.yaml"), Path(folder, "record.yaml")]
        for path, content in zip(paths, (plan, record), strict=True):
            path.write_bytes(content)
        try:
            assert isinstance(read(paths), Bundle)
        except Faults as raised:
            for fault in raised.faults:
                assert fault.file in map(str, paths)
                assert fault.line is None or fault.line >= 1
                assert fault.message
                assert fault.expected
                assert "%(" not in fault.message + fault.expected
