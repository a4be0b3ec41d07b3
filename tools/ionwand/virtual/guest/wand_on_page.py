"""The wand that somebody plays with: live, in a browser's page or in a terminal.

Shipped firmware on the simulated board, a tick at a time, so that whoever shows it keeps the
clock. Every act is planned for the next millisecond and kept: the script that comes of it, run
again, is the same session to the last digit. Runs on MicroPython (WebAssembly) and CPython.
"""

import job as simulated
from watch import Watch

import hal
from firmware import display, faults, guard, patterns, treatment
from firmware.app import App
from firmware.limits import BATTERY_START_MV
from firmware.session import STATES
from hal.sim import faults as sim_faults
from hal.sim.board import WatchdogReset
from hal.sim.world import TimeIsUp

SKINS = ("hydrated", "dry", "very_dry", "peeled")
LIVE_S = 3600.0
_HELD_S = 3600.0  # a press whose release isn't known yet

GUARD_ROWS = (
    ("sense A", guard.SN_A_UA, "µA"),
    ("sense B", guard.SN_B_UA, "µA"),
    ("low rail e2", guard.SN_E2_MV, "mV"),
    ("feeding", guard.SN_FEED, ""),
    ("open circuit seen", guard.SN_LIFTED, ""),
    ("quiet for", guard.SN_QUIET_US, "µs"),
    ("output time", guard.SN_OUTPUT_MS, "ms"),
    ("session time", guard.SN_SESSION_MS, "ms"),
    ("charge", guard.SN_CHARGE_UC, "µC"),
    ("passes", guard.SN_PASSES, ""),
)


class Wand:
    """One session from power-on. `job`: as tools/ionwand/simulation/guest/job.py takes it.

    files       more of the flash: the journal of sessions before
    """

    def __init__(self, job, write=None, files=None):
        self.job = job
        self.world = simulated.prepare(job)
        self.world.files.update(files or {})
        self.world.observer = self.watch = Watch(self.world, write)
        self.over = False  # the script's time is up
        self.events = []  # what was done, as a script has it; those of the job not among them
        self.skin = job.get("skin") or "hydrated"
        self._pressed = None  # event of a press that has no end yet
        self._release = False
        self.app = None
        self._boot()
        self.product = self.app.catalogue[self.app.index].id  # at power-on

    def _boot(self):
        """As main.py does."""
        self.app = App(hal.open_board())
        self.app.begin()

    def advance(self, ticks):
        """Let up to `ticks` ticks pass. False when the script's time is up."""
        try:
            for _ in range(ticks):
                if self._release:
                    self._released()
                self.app.turn()
        except WatchdogReset:
            self.app.output.disarm()
            self._boot()
        except TimeIsUp:
            self.app.output.disarm()
            self.over = True
        return not self.over

    # --- what a person does ---
    def _next_ms(self):
        return self.world.now_us // 1000 + 1

    def act(self, kind, value):
        """`kind` and `value` of a script's event, from the next millisecond on."""
        event = {"at_s": self._next_ms() / 1000, kind: value}
        if kind == "fault" and value not in sim_faults.NAMES:
            raise ValueError("fault %s is unknown" % value)
        if kind == "touch":
            self.skin = value
        self.world.plan(event)
        self.events.append(event)
        return event

    def press(self):
        """Button down, until release()."""
        if self._pressed is None:
            self._pressed = self.act("press_s", _HELD_S)

    def release(self):
        self._release = self._pressed is not None

    def _released(self):
        """The press has begun; now it gets its length."""
        from_ms = round(self._pressed["at_s"] * 1000)
        if self.world.now_us < from_ms * 1000:
            return
        # World.press says when the button comes up, from now on.
        self.world.press(0.001)
        self._pressed["press_s"] = (self._next_ms() - from_ms) / 1000
        self._pressed = None
        self._release = False

    def script(self):
        """The session so far as a job that does the same again."""
        now_ms = self.world.now_us // 1000
        events = []
        for event in self.job.get("events", []):
            if event["at_s"] * 1000 <= now_ms:
                events.append(event)
        for event in self.events:
            event = dict(event)
            if event.get("press_s") == _HELD_S:
                event["press_s"] = max(1, self._next_ms() - round(event["at_s"] * 1000)) / 1000
            events.append(event)
        end = self.watch.summary()["end"]
        return {
            "new": True if self.job.get("new") else None,
            "product": self.product,
            "skin": self.job.get("skin"),
            "duration_s": self.job["duration_s"] if self.over else (now_ms + 1) / 1000,
            "expect_end": self.job.get("expect_end", "complete") if end == "none" else end,
            "seed": self.job.get("seed", 0),
            "parts": self.job.get("parts"),
            "events": sorted(events, key=lambda event: event["at_s"]),
        }

    # --- what a person sees ---
    def light(self):
        """What the panel's light says: (key, meaning, [on ms, off ms, ...], colours)."""
        playing = self.app.display.indicator._playing  # key of a row, or a code
        row = patterns.row(playing)
        if row is not None:
            return row[0], row[1], list(row[3]), ["#%06x" % row[2]] * 2
        for table, name, colours in (
            (patterns.FAULTS, "fault", ("#ff0000", "#ffc000")),
            (patterns.REFUSALS, "refused", ("#ffc000", "#ffffff")),
        ):
            for entry in table:
                if entry[1] == playing:
                    text = entry[2] if len(entry) > 2 else entry[0].replace("_", " ")
                    return name, text, patterns.code_steps(playing), list(colours)
        return "", "", [], ["#000000"] * 2

    def frame(self):
        """Everything that changes, as plain numbers and text; takes samples and log along."""
        app = self.app
        world = self.world
        plant = world.plant
        status = app.display.status
        snapshot = app.output.snapshot
        watch = self.watch
        key, meaning, steps, colours = self.light()
        samples, watch.samples = watch.samples, []
        log, watch.log = watch.log, []
        gestures = app.gestures
        return {
            "t": world.now_us / 1e6,
            "over": self.over,
            "state": STATES[status[display.ST_STATE]],
            "end": treatment.ENDS[status[display.ST_END]],
            "first": faults.name(status[display.ST_FIRST]),
            "faults": faults.names(status[display.ST_FAULTS]),
            "permanent": app.faults.permanent,
            "product": app.index,
            "patch": app.product.patch_test,
            "full_uc": full_uc(self.aimed_at()),
            "sessions": app.logbook.ring.last,
            "sign": app.display.ion_sign,
            "bridge": plant.bridge,
            "set": status[display.ST_SETPOINT_NA] / 1000,
            "code": status[display.ST_CODE],
            "z": status[display.ST_Z_OHM],
            "dose": status[display.ST_DOSE_UC],
            "lifts": status[display.ST_LIFTS],
            "flow_ms": app.treatment.flow_ms,
            "battery": status[display.ST_BATTERY_MV],
            "low": 0 < status[display.ST_BATTERY_MV] < BATTERY_START_MV,  # arming would be refused
            "rgb": status[display.ST_RGB],
            "hz": status[display.ST_HZ],
            "gate": app.board.gate(),
            "latched": plant.latched,
            "vbus": world.vbus,
            "i": plant.i_load_a * 1e6,
            "mv": (plant.e1_v - plant.e2_v) * 1e3,
            "peak": watch.peak_ua,
            "touch_nc": plant.touch_c * 1e9,
            "contact": world.touched,
            "pressed": world.panel.pressed,
            "held_ms": gestures.held_ms,
            "light": [key, meaning, steps, colours],
            "guard": [snapshot[row[1]] for row in GUARD_ROWS],
            "trips": faults.names(snapshot[guard.SN_TRIPS]),
            "injected": injected(world),
            "samples": samples,
            "log": log,
            "events": len(self.events),
        }

    def aimed_at(self):
        """The product whose dose is shown: after a patch test the next one is already chosen."""
        app = self.app
        done = STATES[app.display.status[display.ST_STATE]] == "done"
        return (app.treatment.product if done else None) or app.product

    def catalogue(self):
        """The products on the wand."""
        return [
            {
                "id": product.id,
                "name": product.name,
                "ua": product.setpoint_ua,
                "dose_uc": full_uc(product),
                "time_s": product.time_s,
                "sign": product.electrodes()[1],  # of the roller
                "device": product.electrodes()[0],
                "charge": product.ion_charge,
            }
            for product in self.app.catalogue
        ]


def full_uc(product):
    """What a whole treatment delivers."""
    return product.dose_uc or product.setpoint_ua * product.time_s


def injected(world):
    """Names of the faults that are present now."""
    names = [name for name in sim_faults.CIRCUIT if name in world.plant.faults]
    for name, present in (
        ("dac_full_scale", world.dac.stuck_full_scale),
        ("adc_stuck", world.adc_stuck),
        ("i2c_hang", world.bus.hang),
        ("mcu_hang", world.mcu_hang),
        ("monostable_stuck", world.monostable.stuck),
    ):
        if present:
            names.append(name)
    return names


def live(product=None, skin="hydrated", new=False):
    """Job of a session that nobody has scripted. `new`: on a wand that was never used."""
    job = {"product": product, "skin": skin, "duration_s": LIVE_S, "events": []}
    if new:
        job["new"] = True
    return job
