"""Can this computer's clock be right? A certificate carries its date, and a due date follows.

An empty battery makes it 1970, a typing error 2099. Nobody can know the true time here; what can't
be is told.
"""

from datetime import UTC, date, datetime, timedelta

MADE = date(2025, 1, 1)  # nobody had this program before
LAST = date(2055, 1, 1)  # and nobody will calibrate with it then (a judgement)
_SKEW = timedelta(days=1)  # of one computer against another, zones included


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """Where this computer is."""
    return now().astimezone().date()


def can_be(day: date) -> bool:
    return MADE <= day <= LAST


def told(what: str = "this computer's clock says", day: date | None = None) -> str:
    """One line where that day can't be right, "" otherwise."""
    day = day or today()
    if can_be(day):
        return ""
    return f"{what} {day}, which can't be right: set the clock (allowed are {MADE} to {LAST})"


def ahead(moment: datetime, of: datetime | None = None) -> bool:
    """Later than now by more than clocks differ."""
    return moment > (of or now()) + _SKEW


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
