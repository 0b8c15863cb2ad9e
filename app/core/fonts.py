"""The fonts of what is drawn or typeset here. They come in packages, so that it looks the same on
every machine."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")
"""Latin, Greek and Cyrillic; Arabic; Chinese, Japanese and Korean."""


@cache
def fonts() -> typst.Fonts:
    """Read once; none of the machine's own."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_folder(name) for name in PACKAGES])


def _folder(package: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the fonts of {package} are not installed")
    return str(Path(spec.origin).parent)
