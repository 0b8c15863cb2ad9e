"""Whoever asks for states of deliverables asks as somebody: through `states` or `seen_by`."""

import re
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
WRITES_THEM = {"deliverables/actions/states.py", "deliverables/models/updates.py"}


def test_every_module_that_names_the_states_narrows_them_to_a_reader() -> None:
    naming = [
        path
        for path in APP.rglob("*.py")
        if re.search(r"\bDeliverableState\.", path.read_text())
        and str(path.relative_to(APP)) not in WRITES_THEM
    ]
    assert len(naming) > 8
    careless = [
        str(path.relative_to(APP))
        for path in naming
        if not re.search(r"\b(?:states|seen_by|narrow)\(", path.read_text())
    ]
    assert careless == []
