"""What the page does with a wand at the end of a cable: the host's own procedures, step by step.

The page holds the cable and knows no order; it asks here what to run next and hands back what was
printed. Everything that decides is the host's: orders, slots, catalogue, chemistry, words.
"""

import json
from binascii import hexlify

import literal
import parcel

from firmware import products
from ionwand.device import orders, told
from ionwand.errors import BadInput, RunFailed
from ionwand.release import slots
from ionwand.treatments import (
    blackbox_read,
    blackbox_words,
    catalogue,
    kept,
    letterhead,
    session_words,
)

WHERE = "the wand"
BOX_FIELDS = ("t_ms", "state", "gate", "lifted", "fresh", "setpoint_ua", "fast_a_ua", "fast_b_ua",
              "e2_mv", "precise_a_ua", "load_mv", "led")  # fmt: skip
BOX_DRAWN = (0, 5, 6, 7, 9, 8, 10)  # of those: ms; set, fast A, fast B, precise A; e2, load


class Desk:
    """One wand. `carried`: what virtual/carried.py has put into the page."""

    def __init__(self, carried):
        self._carried = carried
        self._steps = None
        self._said = []
        self._planned = 0
        self._sent = 0
        self.board = ""
        self.sessions = {}  # by number, as the wand gave them
        self.products = ()

    # --- steps ---
    def begin(self, name, arguments):
        """Begin a procedure. What to do next, as JSON: run, done or failed."""
        self._said, self._planned, self._sent = [], 0, 0
        self._steps = self._flat(getattr(self, name)(**json.loads(arguments)))
        return self._next(lambda: self._steps.send(None))

    def ran(self, text):
        """What the last code printed."""
        return self._next(lambda: self._steps.send(text))

    def broke(self, text):
        """The last code ended in an error."""
        return self._next(lambda: self._steps.throw(RunFailed(orders.reason(text))))

    def _next(self, step):
        try:
            found = {"run": step()}
        except StopIteration as done:
            found = {"done": done.value}
        except (BadInput, RunFailed, ValueError) as error:
            found = {"failed": str(error)}
        found["said"] = self._said
        found["progress"] = self._sent / self._planned if self._planned else 0
        return json.dumps(found)

    def _flat(self, procedure):
        """Orders become code to run."""
        try:
            order = procedure.send(None)
            while True:
                kind = order[0]
                answer = None
                try:
                    if kind == "run":
                        answer = yield order[1]
                    elif kind == "ask":
                        answer = literal.read((yield "print(repr(%s))" % order[1]))
                    elif kind == "put":
                        for code in orders.pieces(order[1], order[2]):
                            yield code
                            self._sent += orders.CHUNK_BYTES
                    elif kind == "plan":
                        self._planned = order[1]
                    else:
                        self._said.append(order[1])
                except RunFailed as error:
                    order = procedure.throw(error)
                else:
                    order = procedure.send(answer)
        except StopIteration as done:
            return done.value

    # --- procedures ---
    def meet(self):
        """End its program, output off; who it is. BadInput where it is no wand."""
        yield "run", orders.quiet(self._carried["boot"])
        try:
            yield "run", "import sys"
            yield "run", orders.WORKING
            yield "run", "from firmware import console"
        except RunFailed:
            raise BadInput("no wand's program runs on this board")
        yield "run", orders.IDENTITY
        self.board = hexlify((yield "ask", "_identity")).decode()
        return self.board

    def status(self):
        text = yield "run", "console.status()"
        pairs = [line.split(": ", 1) for line in text.split("\n") if ": " in line]
        try:
            found = {name: literal.read(value) for name, value in pairs}
            yield "run", orders.VERSION
            answer = yield "ask", orders.ABOUT
            found["firmware"], found["micropython"], found["free_heap"] = answer
            rows = told.rows(found)
        except (ValueError, KeyError):
            raise BadInput("the wand's status cannot be read: flash a firmware of this version")
        yield "run", "from firmware import logbook"
        keys = yield "ask", "logbook.load_patched(board)"
        patched = [key[:24].rstrip(b"\0").decode() for key in keys]
        words = session_words.FAULTS
        faults = [[name] + list(words.get(name, ("", ""))) for name in found["faults"]]
        return {"rows": rows, "faults": faults, "patched": patched}

    def pull(self):
        sequence, payload = yield "ask", orders.call("catalogue")
        self.products = kept.unpacked(payload)
        return {"sequence": sequence, "text": kept.file(sequence, self.products)}

    def check(self, table):
        """What `ionwand products check` says, without a wand."""
        yield "say", ""
        return self._verdicts(catalogue.entries(table))

    def _verdicts(self, entries):
        found = []
        for number, one in enumerate(entries):
            product = one.product
            dose = product.dose_uc or product.setpoint_ua * product.time_s
            found.append({
                "number": number + 1, "id": product.id, "name": product.name,
                "ua": product.setpoint_ua, "dose": dose / session_words.UC_PER_MAMIN,
                "sign": "+" if product.electrodes()[1] > 0 else "−",
                "weak": one.weak, "words": one.words,
            })  # fmt: skip
        return found

    def push(self, table):
        entries = catalogue.entries(table)
        payload = products.pack([one.product for one in entries])
        sequence = yield "ask", orders.call("set_catalogue", payload)
        back = yield "ask", orders.call("catalogue")
        if tuple(back) != (sequence, payload):
            raise BadInput("the wand reads back another catalogue; send it again")
        return {"sequence": sequence, "count": len(entries), "checked": self._verdicts(entries)}

    def journal(self, last):
        first, newest = yield "ask", orders.call("sessions")
        rows = []
        damaged = 0
        for number in range(newest, max(first, newest - last + 1) - 1, -1):
            session = yield "ask", orders.call("session", number)
            if session is None:
                damaged += 1
                continue
            self.sessions[number] = session
            rows.append({
                "number": number, "product": session["product"],
                "patch": bool(session["flags"] & session_words.PATCH_TEST),
                "dose": session["dose_uc"] / session_words.UC_PER_MAMIN,
                "mean": session["mean_ua"], "lifts": session["lifts"],
                "z": session["z_last_ohm"], "ended": session_words.why(session),
            })  # fmt: skip
        return {"rows": rows, "damaged": damaged, "kept": max(0, newest - first + 1)}

    def report(self, number, reference, made, words):
        session = self.sessions[number]
        entries = ()
        try:
            sequence, payload = yield "ask", orders.call("catalogue")
            if sequence == session["catalogue"]:
                entries = kept.unpacked(payload)
        except (BadInput, RunFailed):
            pass  # its catalogue is damaged, which is no reason for no report
        product = None
        for entry in entries:
            if entry.id == session["product"]:
                product = entry
        say = session_words.saying(words)
        return session_words.fields(session, product, self.board, reference, made, say)

    def clinic(self, table, sizes):
        """Its letterhead as it is. `sizes`: bytes of each file that was chosen, by name."""
        yield "say", ""
        logo = letterhead.checked(table).get("logo")
        if not logo:
            return table
        letterhead.kind(logo, 0)
        if logo not in sizes:
            raise BadInput("%s is missing: choose it together with the clinic's file" % logo)
        letterhead.kind(logo, sizes[logo])
        return table

    def box(self, session):
        """What the wand saw around the fault that ended this session: words, CSV, points."""
        for number in reversed((yield "ask", orders.call("blackboxes"))):
            payload = yield "ask", orders.call("blackbox_of", number)
            try:
                box = blackbox_read.decoded(number, payload or b"")
            except BadInput:
                continue  # damaged; another may be whole
            if box.session == session:
                lines = [",".join([str(value) for value in row]) for row in box.rows]
                csv = "\n".join([",".join(BOX_FIELDS)] + lines) + "\n"
                drawn = [[row[at] for at in BOX_DRAWN] for row in box.rows]
                words = blackbox_words.told(box)
                return {"first": box.first, "told": words, "csv": csv, "rows": drawn}
        raise BadInput("session %d has no black box: the wand keeps the last eight" % session)

    def slots(self):
        yield "run", self._carried["manifest"] + slots.HELPERS
        build = self._build((yield "ask", slots.MPY))
        yield from slots.show()
        return build.name if build else ""

    def update(self):
        yield "run", self._carried["manifest"] + slots.HELPERS
        mpy = yield "ask", slots.MPY
        build = self._build(mpy)
        if build is None:
            raise BadInput(
                "this board loads .mpy %d.%d of another kind than the firmware that this page "
                "carries" % (mpy & 0xFF, mpy >> 8 & 3)
            )
        return (yield from slots.update(build, WHERE))

    def rollback(self):
        yield "run", self._carried["manifest"] + slots.HELPERS
        yield from slots.rollback(WHERE)

    def _build(self, mpy):
        about = self._carried["builds"].get(str(mpy & 0x3FFF))
        return parcel.Build(about) if about else None

    def everything(self):
        """All sessions read so far, newest first, as `ionwand journal pull` keeps them."""
        return json.dumps([self.sessions[one] for one in sorted(self.sessions, reverse=True)])


PRECAUTIONS = kept.PRECAUTIONS
