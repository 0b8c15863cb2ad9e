"""Where the network and a body do the same, against a slow second implementation."""

from hypothesis import given
from hypothesis import strategies as st

from app.bodies.rules import Deed, Field, Ground, names, overlaps

FUNCTIONS = [
    Field("standards", "Standards and guidelines", ("charter",), ("US",)),
    Field("testing", "Testing and evaluating AI systems", (), ("GB",)),
    Field("adoption", "International adoption of guidelines"),
]
PRIORITIES = ["charter", "agenda"]
TEXTS = st.sampled_from(
    ["", "standards", "Standards, and more", "testing of guidelines", "an international resolution"]
)
DEEDS = st.lists(
    st.builds(
        Deed,
        st.sampled_from(["iso", "un"]),
        TEXTS,
        st.sampled_from([None, "standards", "testing", "adoption", "gone"]),
        st.sampled_from([None, "charter", "agenda", "gone"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
)
TELLING = {
    "standards": ["standards", "guidelines"],
    "testing": ["testing", "evaluating"],
    "adoption": ["adoption", "guidelines"],
}


def slowly(deeds: list[Deed]) -> set[tuple[str, str, Ground, str]]:
    found = set()
    for deed in deeds:
        said = deed.text.lower().replace(",", "").split()
        for field in FUNCTIONS:
            worked_in = bool(field.priorities) or bool(field.members)
            if not worked_in:
                continue
            if deed.function == field.key:
                found.add((deed.body, deed.text, Ground.FUNCTION, field.key))
            elif any(word in said for word in TELLING[field.key]):
                found.add((deed.body, deed.text, Ground.WORDS, field.key))
        for priority in PRIORITIES:
            if deed.priority == priority and (deed.is_programme or deed.avoids):
                found.add((deed.body, deed.text, Ground.PRIORITY, priority))
    return found


@given(DEEDS)
def test_an_overlap_is_what_is_named_or_worded_alike(deeds: list[Deed]) -> None:
    found = overlaps(deeds, FUNCTIONS, PRIORITIES)
    told = {(each.deed.body, each.deed.text, each.ground, each.key) for each in found}
    assert told == slowly(deeds)


def test_a_word_that_says_nothing_names_no_function() -> None:
    assert not names("an international code", FUNCTIONS[2])
    assert not names("", FUNCTIONS[0])
    assert names("STANDARDS", FUNCTIONS[0])
