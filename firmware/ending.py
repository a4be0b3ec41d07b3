"""How a session ends, and what stays of it on the flash.

Ending is off at once and a word why. Keeping comes after: a flash that is written stops interrupts
for tens of ms, so journal and faults wait until the output is off [S-13].
"""

from micropython import const

from firmware import faults as f
from firmware import rest as r
from firmware import selftest, store
from firmware import treatment as t
from firmware.guard import RQ_BRIDGE, SN_CHARGE_UC

_UNQUIET_MS = const(2000)  # a wand that a fault leaves noisy writes its journal nevertheless


class Ending:
    """`end` a session, then `settle` in every tick that has no output to look after."""

    def __init__(self, board, treatment, output, faults, logbook, rest, blackbox):
        self._board = board
        self._treatment = treatment
        self._output = output
        self._faults = faults
        self._logbook = logbook
        self._rest = rest
        self._blackbox = blackbox
        self._stored = faults.bits  # what was latched when the store was last compared

    def begin(self, product, battery_mv):
        """A session is armed, and nothing flows yet: what it may give is on the flash first."""
        self._logbook.begin(product, battery_mv, self._rest.another)
        self._rest.another = False
        self._rest.begin(r.planned_uc(product), product.electrodes()[1])
        self._keep_rest()

    def _keep_rest(self):
        try:
            r.save(self._board, self._rest)
        except OSError:
            self._faults.latch(f.FILES)

    def end(self, why, battery_mv):
        """Everything off. `why`: one of treatment.ENDS, for person and journal."""
        treatment = self._treatment
        selftest.restore(self._output, self._board)
        treatment.end = why
        capped = why == t.TIMEOUT or bool(self._faults.bits & (f.TIME_CAP | f.CHARGE_CAP))
        self._rest.end(self._output.snapshot[SN_CHARGE_UC], capped)
        self._logbook.end(
            t.ENDS[why],
            treatment.dose.dose_uc,
            treatment.flow_ms,
            battery_mv,
            self._faults.bits,
            self._faults.first,
        )
        if why == t.FAULT:
            self._blackbox.mark(self._faults.bits, self._faults.first, self._output.snapshot)
        else:
            self._blackbox.drop()

    def settle(self, idle_ms):
        """Open the bridge, keep permanent faults [S-20], write the session that is over [F-11].

        Each as soon as nothing flows. True where a session was written, or could not be: that is
        a fault, and no reason to try again.
        """
        output = self._output
        faults = self._faults
        # A gate that stays up has its own name: output.py.
        if output.quiet and not output.on and not self._board.gate():
            if output.request[RQ_BRIDGE]:
                output.set_bridge(0)
            if self._stored != faults.bits and faults.permanent:
                self._stored = faults.bits
                try:
                    store.save_faults(self._board, faults.bits, faults.first)
                except OSError:
                    faults.latch(f.FILES)
            if self._rest.changed:
                self._keep_rest()
        logbook = self._logbook
        blackbox = self._blackbox
        if not (logbook.pending or blackbox.pending) or output.on or self._board.gate():
            return False
        if not (output.quiet or idle_ms >= _UNQUIET_MS):
            return False
        if not logbook.pending:  # half a second after the journal
            try:
                blackbox.write(self._board, logbook.ring.last)
            except (OSError, MemoryError):
                pass  # the journal is what counts, and it is written
            return False
        try:
            logbook.write()
        except OSError:
            faults.latch(f.FILES)
        return True
