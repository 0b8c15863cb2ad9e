"""Public holidays of the members' seats.

Those of countries come from the holidays package, nationwide ones only. The institutions of the
European Union keep days of their own: the Commission decides on them for each year (for 2014 in OJ
C 39 of 12 February 2013, page 26), and they have been these for years. A year's decision can move
one of them; fixed days at a weekend are not made up for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

INSTITUTIONS = "EU"
FIXED = {
    (1, 1): "New Year’s Day",
    (1, 2): "Day following New Year’s Day",
    (5, 1): "Labour Day",
    (5, 9): "Anniversary of the Schuman Declaration",
    (7, 21): "Belgian National Day",
    (8, 15): "Assumption",
    (11, 1): "All Saints’ Day",
    (11, 2): "All Souls’ Day",
    **{(12, day): "End of the year" for day in range(24, 32)},
}
FROM_EASTER = {
    -3: "Maundy Thursday",
    -2: "Good Friday",
    1: "Easter Monday",
    39: "Ascension Day",
    40: "Day following Ascension Day",
    50: "Whit Monday",
}


@cache
def holidays_of(calendar: str, year: int) -> Mapping[date, str]:
    """By day. `calendar` is an ISO 3166 alpha-2 code, or EU; nothing for one that is not known."""
    if calendar == INSTITUTIONS:
        return _of_institutions(year)
    try:
        found = holidays.country_holidays(calendar, years=year, language="en_US")
    except NotImplementedError:
        return {}
    return dict(found.items())


def _of_institutions(year: int) -> Mapping[date, str]:
    sunday = easter(year)
    movable = {sunday + timedelta(days=days): name for days, name in FROM_EASTER.items()}
    return {date(year, *day): name for day, name in FIXED.items()} | movable
