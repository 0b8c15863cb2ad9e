"""The codes that a member of the network can have."""

import re
from functools import cache

from babel import Locale

# Two-letter codes that CLDR knows beside the territories of ISO 3166-1.
_NOT_ISO = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)


@cache
def member_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2, and EU."""
    codes = (str(code) for code in Locale("en").territories)
    territories = {code for code in codes if re.fullmatch("[A-Z]{2}", code)}
    return frozenset(territories - _NOT_ISO | {"EU"})
