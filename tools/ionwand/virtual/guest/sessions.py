"""The played wand's journal: a table to look at, and the CSV of `ionwand journal pull`.

Read as the wand itself reads it. Runs on MicroPython, which has no csv module.
"""

from firmware import faults, journal


def kept(ring):
    """The sessions on the wand, oldest first, as journal.unpack gives them."""
    found = [ring.session(number) for number in ring.numbers()]
    return [session for session in found if session is not None]


def why(session):
    """Why it ended; of a fault its name."""
    if session["end"] != "fault":
        return session["end"]
    return ", ".join(faults.names(session["first_fault"] or session["faults"]))


def table(ring):
    """What a person wants to see of each, latest first."""
    return [
        {
            "number": session["number"],
            "product": session["product"],
            "patch": bool(session["flags"] & journal.FLAG_PATCH_TEST),
            "dose": session["dose_uc"],
            "output_ms": session["output_ms"],
            "lifts": session["lifts"],
            "end": session["end"],
            "why": why(session),
        }
        for session in reversed(kept(ring))
    ]


def csv(ring):
    """One row a point; the session's own fields repeat."""
    names = [field[0] for field in journal.FIELDS]
    lines = [",".join(names + ["fault", "t_s", "set_ua", "delivered_ua", "z_ohm"])]
    for session in kept(ring):
        fixed = [session[name] for name in names]
        fixed.append(", ".join(faults.names(session["first_fault"])))
        points = session["series"] or [("", "", "")]
        for i in range(len(points)):
            row = fixed + [(i + 1) * session["interval_s"]] + list(points[i])
            lines.append(",".join([_field(value) for value in row]))
    return "\n".join(lines) + "\n"


def _field(value):
    text = str(value)
    return '"%s"' % text if "," in text else text
