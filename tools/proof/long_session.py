"""A session of random_sessions.py, watched from inside; simulation/guest/run.py plays it.

What job.py has no word for: a catalogue of its own, counters that start just below their wrap,
guard arrays looked at every tick, and the journal read back.
"""

import job as simulated
from recorder import Recorder
from slow import Slow

from firmware import app, calibration, display, guard, logbook, products, records, store
from firmware.ring import Ring
from firmware.treatment import ENDS


class Watcher(Recorder):
    """A recorder that also winds counters forward, and remembers what no trace shows."""

    def __init__(self, job, world, write):
        super().__init__(world, write)
        self._job = job
        self.ends = []
        self.lowest = self.highest = 0
        self._wound = False
        self._slow = Slow(world, job["slow"]) if job.get("slow") else None

    def attach(self, board):
        super().attach(board)
        if self._slow:
            self._slow.attach(board)
        board.precise[0] = self._job["frame"]
        self._wound = False

    def tick(self, status):
        board = self._board
        if not self._wound:
            self._wound = True
            board._request[guard.RQ_HEARTBEAT] = self._job["beat"]
            board._snapshot[guard.SN_PASSES] = self._job["passes"]
            app.App.running.output._token = self._job["token"]
        super().tick(status)
        for numbers in (board._request, board._snapshot, board.precise, status):
            low = min(numbers)
            high = max(numbers)
            if high > self.highest:
                self.highest = high
            if low < self.lowest and numbers is not board.precise:
                self.lowest = low
        self._ended(status)

    def _ended(self, status):
        number = status[display.ST_SESSION]
        if status[display.ST_END] and number:
            if not self.ends or self.ends[-1]["number"] != number:
                end = {"number": number, "end": ENDS[status[display.ST_END]]}
                end["at_us"] = self._world.now_us
                end["dose_uc"] = status[display.ST_DOSE_UC]
                end["lifts"] = status[display.ST_LIFTS]
                end["fault"] = self._fault()
                session = app.App.running.treatment
                end["product"] = session.product.id
                end["target_uc"] = session.product.dose_uc
                end["target_s"] = session.product.time_s
                end["flow_ms"] = session.flow_ms
                self.ends.append(end)

    def summary(self):
        """How it ended, what was seen on the way, and what the journal kept of it."""
        found = super().summary()
        ring = Ring(self._world.files.get, None)  # None: whatever wanted a repair would break off
        ring.open()
        found["journal"] = [ring.session(number) for number in ring.numbers()]
        for kept in found["journal"]:
            if kept:
                kept["series"] = len(kept["series"])
        found["ends"] = self.ends
        found["lowest"] = self.lowest
        found["highest"] = self.highest
        found["reset"] = self._world.watchdog_reset
        found["pending"] = app.App.running.logbook.pending
        return found


def prepare(job, write):
    """The world of a job by session_plan.py, installed."""
    world = simulated.prepare(job)
    world.now_us = job["start_us"]
    files = simulated.Files(world.files)
    if job["catalogue"]:
        catalogue = [products.Product(*entry) for entry in job["catalogue"]]
        payload = products.pack(catalogue)
        records.save(
            files.read, files.write, store.CATALOGUE, records.CATALOGUE, products.VERSION, payload
        )
        store.save_choice(files, catalogue[job["choice"]])
        if not job.get("new"):
            logbook.save_patched(files, catalogue)
    if job["wrong_by_permille"]:  # for the tests: a sense that reads more than there is
        values = list(calibration.NOMINAL)
        values[2] += values[2] * job["wrong_by_permille"] // 1000
        store.save_calibration(files, values)
    world.observer = Watcher(job, world, write)
    return world
