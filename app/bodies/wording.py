"""How overlaps were found, in words."""

from flask_babel import lazy_gettext as _l

from app.bodies.rules import Ground

FOUND_BY: dict[Ground, str] = {
    Ground.FUNCTION: _l("a programme is like this function"),
    Ground.PRIORITY: _l("it touches this priority"),
    Ground.WORDS: _l("its words name this function"),
}
