"""Plan and record files: from paths to checked, typed values, or to all that is wrong.

Pure: nothing here knows a database, a request or a clock. The formats are described in
docs/data-formats.md.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from app.plans.reading.bundle import Bundle, build
from app.plans.reading.checks import check
from app.plans.reading.faults import N_, Fault, Faults, Phrase, Report, phrase
from app.plans.reading.files import read_file
from app.plans.reading.known import Known

__all__ = ["Bundle", "Fault", "Faults", "Known", "Phrase", "read"]


def read(paths: Sequence[Path], known: Known | None = None) -> Bundle:
    """Read plan and record files together, in any order; raises Faults with all of them."""
    report = Report()
    files = [read_file(path, report) for path in _each_once(paths, report)]
    check(files, known or Known(), report)
    faults = report.in_order(str(path) for path in paths)
    if faults:
        raise Faults(faults)
    return build(files)


def _each_once(paths: Sequence[Path], report: Report) -> list[Path]:
    found: dict[str, Path] = {}
    for path in paths:
        real = os.path.realpath(path)
        if real in found:
            says = phrase(N_("The file is given twice."))
            report.add(str(path), None, says, phrase(N_("each file once")))
        found.setdefault(real, path)
    return list(found.values())
