"""Scripts of tools/scenarios as the page reads and writes them, in the wand's own Python.

MicroPython has no TOML reader, so this is one for what scripts use: `key = value` with strings,
numbers and booleans, and [[event]] tables. What simulation/script.py refuses is refused here
too; a test holds the two together.
"""

from firmware import faults, products, treatment
from hal.sim import faults as sim_faults
from hal.sim import people
from hal.sim.motion import KINDS as KINDS_OF_MOTION
from hal.sim.skin import make_skin

KINDS = ("press_s", "touch", "lift", "grip", "motion", "fault", "clear", "vbus", "battery_mv")
_KEYS = ("product", "skin", "motion", "new", "duration_s", "expect_end")
_LONGEST_S = 3600


def read(text):
    """A script's text as a job; ValueError with one line where it isn't one."""
    top = {}
    events = []
    table = top
    number = 0
    for line in text.lstrip("\ufeff").split("\n"):
        number += 1
        line = line.strip()
        if not line or line[0] == "#":
            continue
        try:
            if line[0] == "[":
                if _bare(line) != "[[event]]":
                    raise ValueError("got %s, expected [[event]]" % line[:40])
                table = {}
                events.append(table)
                continue
            key, equals, value = line.partition("=")
            key = key.strip()
            if not equals:
                raise ValueError("got %s, expected key = value" % line[:40])
            if key in table:
                raise ValueError("%s stands there twice" % key[:40])
            table[key] = _value(value.strip())
        except ValueError as error:
            raise ValueError("line %d: %s" % (number, error))
    return _job(top, events)


def _bare(line):
    """`line` without its comment; for lines without text in quotes."""
    return line.partition("#")[0].strip()


def _value(text):
    for quote in ('"', "'"):
        if text.startswith(quote):
            end = text.find(quote, 1)
            if end < 0 or _bare(text[end + 1 :]) or "\\" in text[:end]:
                break
            return text[1:end]
    text = _bare(text).rstrip(";")
    if text in ("true", "false"):
        return text == "true"
    digits = text.replace("_", "").replace(",", ".", 1)  # a decimal comma
    try:
        return int(digits)
    except ValueError:
        pass
    try:
        value = float(digits)
        if value == value and digits[-1:].isdigit():
            return value
    except ValueError:
        pass
    raise ValueError("got %s, expected a number, true, false or text in quotes" % text[:40])


def _job(top, events):
    for key in top:
        if key not in _KEYS:
            raise ValueError("key %s is unknown: allowed are %s" % (key[:40], ", ".join(_KEYS)))
    for key in ("duration_s", "expect_end"):
        if key not in top:
            raise ValueError("%s is missing" % key)
    duration_s = _number(top["duration_s"], "duration_s", _LONGEST_S, True)
    ids = [product.id for product in products.DEFAULT]
    ends = [name for name in treatment.ENDS if name not in ("", "fault")]
    job = {
        "product": _choice(top.get("product", "vitamin-c"), "product", ids),
        "skin": _skin(top.get("skin", "hydrated"), "skin"),
        "duration_s": duration_s,
        "expect_end": _choice(top["expect_end"], "expect_end", ends + list(faults.NAMES)),
        "events": [],
    }
    new = top.get("new", False)
    if not isinstance(new, bool):
        raise ValueError("new: expected true or false")
    still = "still"
    motion = _choice(top.get("motion", still), "motion", sorted(KINDS_OF_MOTION))
    if motion != still:
        job["motion"] = motion
    if new:  # a wand never used: patch tests first
        job["new"] = True
    for i in range(len(events)):
        job["events"].append(_event(events[i], "event %d" % (i + 1), duration_s))
    job["events"].sort(key=lambda event: event["at_s"])
    return job


def _event(table, where, duration_s):
    for key in table:
        if key != "at_s" and key not in KINDS:
            allowed = ", ".join(KINDS)
            raise ValueError("%s: key %s is unknown: allowed are %s" % (where, key[:40], allowed))
    if "at_s" not in table:
        raise ValueError("%s: at_s is missing" % where)
    kinds = [key for key in table if key != "at_s"]
    if len(kinds) != 1:
        raise ValueError("%s: expected one of %s beside at_s" % (where, ", ".join(KINDS)))
    kind = kinds[0]
    value = table[kind]
    where = "%s: %s" % (where, kind)
    if kind == "press_s":
        value = _number(value, where, _LONGEST_S, True)
    elif kind == "touch":
        _skin(value, where)
    elif kind == "motion":
        _choice(value, where, sorted(KINDS_OF_MOTION))
    elif kind == "grip":
        _choice(value, where, sorted(people.GRIPS))
    elif kind in ("fault", "clear"):
        _choice(value, where, sim_faults.ALL)
    elif kind == "lift" and value is not True:
        raise ValueError("%s: expected true" % where)
    elif kind == "vbus" and not isinstance(value, bool):
        raise ValueError("%s: expected true or false" % where)
    elif kind == "battery_mv" and not (type(value) is int and 0 <= value <= 6000):
        raise ValueError("%s: expected a whole number 0 to 6000" % where)
    return {"at_s": _number(table["at_s"], where, duration_s, False), kind: value}


def _number(value, where, high, above):
    if not (type(value) in (int, float) and 0 <= value <= high) or (above and value == 0):
        raise ValueError("%s: got %s, expected a number up to %s" % (where, value, high))
    return float(value)


def _choice(value, where, allowed):
    if value not in allowed:
        raise ValueError("%s: %s is unknown: allowed are %s" % (where, value, ", ".join(allowed)))
    return value


def _skin(value, where):
    try:
        make_skin(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError("%s: %s" % (where, error))
    return value


def write(job):
    """A job as a script's text."""
    lines = ["# Recorded by the virtual wand."]
    for key in _KEYS:
        if job.get(key) is not None:
            lines.append("%s = %s" % (key, _text(job[key])))
    for event in job["events"]:
        lines.append("\n[[event]]")
        lines.append("at_s = %s" % _text(event["at_s"]))
        for kind in KINDS:
            if kind in event:
                lines.append("%s = %s" % (kind, _text(event[kind])))
    return "\n".join(lines) + "\n"


def _text(value):
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return '"%s"' % value
    if isinstance(value, float):
        text = "%.6f" % value
        return text.rstrip("0") + ("0" if text.rstrip("0").endswith(".") else "")
    return str(value)
