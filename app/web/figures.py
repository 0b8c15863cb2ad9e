"""A plot on a page and as a file: one drawing for both.

The address of the page with `?picture=KEY.svg` (or .png) answers the plot alone.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import typst
from flask import Response, abort, get_template_attribute, request
from markupsafe import Markup, escape

from app.core.fonts import fonts
from app.web.access import PICTURE as ASKED
from app.web.assets import OURS
from app.web.day import here
from app.web.plots.scales import LETTER

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
PNG_DOTS_PER_INCH = 144
HEAD = 28.0
"""The height of the title over a plot in a file."""

_TYPESET = b"""#set page(width: auto, height: auto, margin: 8pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 540pt)
"""
_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--[\w-]+)\)")
_BY_SCHEME = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))+),(?:[^(),]|\([^()]*\))+\)")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_SWATCH = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_FONTS = '"Noto Sans", "Noto Sans CJK JP", "Liberation Sans", "DejaVu Sans", sans-serif'
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path class="hatch-ground" d="M0 0h6v6H0z"/>'
    '<path class="hatch-line" d="M1.5 0v6"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`template` is a file of templates/plots/ with the macros drawing, legend and table; `plot`
    the geometry it draws. `key` is unique on the page."""

    key: str
    title: str
    template: str
    plot: Any

    @property
    def drawing(self) -> Markup:
        return Markup(self._macro("drawing")(self.plot, self.key, self.title))  # noqa: S704 - our own macro

    @property
    def legend(self) -> Markup:
        return Markup(self._macro("legend")(self.plot))  # noqa: S704 - our own macro

    @property
    def table(self) -> Markup:
        return Markup(self._macro("table")(self.plot))  # noqa: S704 - our own macro

    def url(self, kind: str) -> str:
        """The address of the page at hand, answering this plot alone."""
        return here(**{ASKED: f"{self.key}.{kind}"})

    def _macro(self, name: str) -> Any:
        return get_template_attribute(f"plots/{self.template}.html", name)


def picture(*figures: Figure | None) -> Response | None:
    """The file that the address asks for; None where it asks for none."""
    asked = request.args.get(ASKED)
    if asked is None:
        return None
    key, _, kind = asked.rpartition(".")
    found = next((f for f in figures if f is not None and f.key == key), None)
    if found is None or kind not in KINDS:
        abort(404)
    svg = alone(found.title, found.drawing, found.legend)
    response = Response(svg if kind == "svg" else as_png(svg), mimetype=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.{kind}"'
    return response


def alone(title: str, drawing: str, legend: str) -> str:
    """The drawing as a file of its own: with title and key, its colours on white paper."""
    found = _SIZE.search(drawing)
    if found is None:
        raise ValueError("a drawing says how large it is")
    width, height = (float(size) for size in found.groups())
    start, rest = drawing.split(">", 1)
    inner = f'{start.strip()} x="0" y="{HEAD}" width="{width}" height="{height}">{rest}'
    key, key_height = _key(legend, width, HEAD + height + 18)
    total = HEAD + height + key_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="{width}" height="{total}" '
        f'viewBox="0 0 {width} {total}">\n<style>{_paper_style()}</style>{_HATCH}'
        f'<text class="t-strong" x="8" y="18">{escape(title)}</text>{inner}{key}</svg>\n'
    )


def _key(legend: str, width: float, top: float) -> tuple[str, float]:
    """The swatches and words of the legend, in as many lines as it takes, and their height."""
    x, y, drawn = 8.0, top, ""
    for item in _ITEM.findall(legend):
        words = _TAG.sub("", _SWATCH.sub("", item)).strip()
        swatch = _SWATCH.search(item)
        length = len(words) * LETTER + 50
        if x > 8 and x + length > width:
            x, y = 8.0, y + 20
        shape = f'<g transform="translate({x} {y - 10})">{swatch[1]}</g>' if swatch else ""
        drawn += f'{shape}<text x="{x + 28}" y="{y}">{words}</text>'
        x += length
    return drawn, (y - top + 32) if drawn else 0.0


def as_png(svg: str) -> bytes:
    compiler = typst.Compiler(_TYPESET, font_paths=fonts(), sys_inputs={"svg": svg})
    made = compiler.compile(format="png", ppi=PNG_DOTS_PER_INCH)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made


@cache
def _paper_style() -> str:
    """The rules of plots.css with the light colours of theme.css in place of their names."""
    theme, plots = ((OURS / "css" / f"{name}.css").read_text() for name in ("theme", "plots"))
    plain = _BY_SCHEME.sub(lambda found: found[1].strip(), theme)
    colours = dict(_VARIABLE.findall(plain))
    resolved = _USE.sub(lambda found: colours.get(found[1], "none"), plots)
    rules = _BY_SCHEME.sub(lambda found: found[1].strip(), resolved)
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
    rules = rules.replace('url("#hatch")', "url(#hatch)")
    return f"text{{font-family:{_FONTS}}}{re.sub(chr(10) + '+', ' ', rules)}"
