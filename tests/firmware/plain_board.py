"""A board of plain resistors: the firmware's own arrays, ohms, and one thing broken at a time.

No clock, no filters, no skin: one `step()` is a tick of 5 ms with ten passes of the guard and one
frame of the precise converter. What is to be broken is an attribute.
"""

from array import array

from guard_bench import code_a, code_b, code_e2

from hal.board import Board

BOARD_ID = b"RESISTOR"
TICK_MS = 5
_RAIL_MV = 27_000
_WRAP = 0x3FFFFFFF


class PlainBoard(Board):
    """Healthy unless told otherwise. `load_ohm`: between the electrodes, None for open."""

    def __init__(self):
        super().__init__()
        self.files = {}
        self.now_ms = 0
        self.samples = array("H", [0] * 16)
        self.guard = None
        self.code = 0
        self.rail = self.armed = self.dummy = False
        self.bridge = 0
        self.switches = self.feeds = (True, True)
        self.dac_codes = 65535
        self.load_ohm = None
        self.emf_mv = 0  # what the load drives by itself
        self.bleed_ohm = 47_000
        self.bleed_opens = False
        self.is_pressed = self.is_vbus = False
        self.late_ms = 0  # how much longer each sleep takes than it should
        self.fed_dogs = 0
        self.seen = None
        # What can be broken.
        self.echo = 0  # added to the DAC's code, unless it is 0, when it is read back
        self.zero_echo = 0  # what a DAC of 0 is read back as
        self.adc_good = True
        self.adc_bits = 16  # 12: an ADS1015 in its place
        self.bad_file = None
        self.rail_mv = _RAIL_MV
        self.leak_na = 0  # through R_SET, whatever the gate does
        self.a_precise_na = 0  # beside it, on the precise converter alone
        self.dac_gain = self.a_fast_gain = self.b_gain = 1.0
        self.rset_open = False  # sense A reads what does not flow
        self.dummy_ohm = 10_000
        self.bridge_stuck = 0  # or the position where it lies
        self.dummy_welded = False
        self.diode_mv = 64
        self.comparator_dead = self.latch_stuck = self.latch_open = False
        self.comparator_gain = 1.0
        self.m2_stuck = self.k1_stuck = self.gate_shut = False
        self.dead_man_stuck = self.monostable_stuck = False
        self.battery_mv = 3900
        self.writes_fail = False
        self.counts = True  # the session timer
        self.latch_alone = False  # it tells the chip, and nobody else
        self.sees = True
        self.frames_stand = False

    # --- one tick ---
    def step(self):
        """A frame and ten passes of the guard; nothing but its answer changes the circuit."""
        self.now_ms += TICK_MS
        self._pass_tick()

    def _pass_tick(self, passes=10):
        self._frame()
        self._circuit()
        if self.guard is None:
            return
        guard_pass, request, snapshot = self.guard
        for _ in range(passes):
            gate = self.gate()
            snapshot[0] = 500
            snapshot[1] = int(self.latched and self.sees)
            self._feed(guard_pass(self.samples, request, snapshot))
            if self.gate() != gate:
                self._circuit()

    def _frame(self):
        if not self.frames_stand:
            self.precise[0] = (self.precise[0] + 1) & _WRAP

    def _feed(self, answer):
        if not answer:
            self.armed = False
        dead_man, monostable = self.feeds
        falls = not (dead_man or self.dead_man_stuck)
        falls = falls or not (monostable or self.monostable_stuck)
        self.fed = bool(answer) and not falls

    fed = was_dummy = threshold_low = latched = False

    def gate(self):
        held = self.latched and not self.latch_alone
        return self.armed and self.fed and not (self.gate_shut or held)

    def _compare(self, through_na):
        """What flows through R_B trips the latch."""
        at_na = (20_000 if self.threshold_low else 638_000) * self.comparator_gain
        if through_na > at_na and not self.comparator_dead:
            self.latched = True
            self.armed = self.armed and not self.sees
        elif self.latch_open and not self.armed:
            self.latched = False

    def _circuit(self):
        gate = self.gate()
        source = (gate and self.switches[0] or self.k1_stuck) and self.rail
        sink = gate and self.switches[1] or self.m2_stuck
        ohm = self.load_ohm if self.bridge else None
        if self.dummy or self.dummy_welded and self.was_dummy:
            self.was_dummy = True
            skin_ohm, ohm = ohm, self.dummy_ohm
            if ohm and (self.bridge_stuck or self.bridge) == 2:
                ohm = ohm * 61 // 100  # its diode
            if ohm and skin_ohm:
                ohm = ohm * skin_ohm // (ohm + skin_ohm)
        rail_mv = self.rail_mv if self.rail else 0
        a_na = load_na = e1_mv = e2_mv = 0
        if source:
            e1_mv = e2_mv = rail_mv
            ohm, emf_mv = self._with_bleed(ohm, gate)
            if ohm is None:
                e2_mv = 0
            elif sink:
                # R_SET pulls what the DAC says, as long as 2 mV/µA are left for it.
                most_na = (rail_mv - self.diode_mv - emf_mv) * 1_000_000 // (ohm + 3000)
                a_na = min(most_na, int(self.code * 13.897 * self.dac_gain))
                set_na = 0 if self.rset_open else a_na
                for _ in range(3):
                    load_na = min(most_na, set_na + e2_mv * 10 // 111)
                    diode_mv = self.diode_mv * min(load_na, 40_000) // 40_000
                    e1_mv = rail_mv - load_na // 1000 - diode_mv
                    e2_mv = max(0, e1_mv - emf_mv - load_na * ohm // 1_000_000)
        self._compare(load_na + e1_mv * 10 // 111)
        a_na += self.leak_na
        self.precise[1] = round((a_na + self.a_precise_na) / 62.5)
        self.precise[2] = round(e1_mv / 1.261)
        self.precise[3] = round(e2_mv / 1.261)
        self.precise[4] = round(rail_mv / 1.261)
        if self.adc_bits == 12:
            for channel in range(1, 5):
                self.precise[channel] &= -16
        for i in range(0, 16, 4):
            self.samples[i] = code_a(a_na * self.a_fast_gain / 1000)
            self.samples[i + 1] = code_b((load_na + self.leak_na) * self.b_gain / 1000)
            self.samples[i + 2] = code_e2(e2_mv)
            self.samples[i + 3] = round(self.battery_mv / 3 * 4096 / 3300)

    def _with_bleed(self, ohm, gate):
        """What the source sees: Ω, None for open, and mV that the load drives by itself."""
        emf_mv = 0 if ohm is None or self.dummy else self.emf_mv
        if gate and self.bleed_opens or self.bleed_ohm is None:
            return ohm, emf_mv
        if ohm is None:
            return self.bleed_ohm, 0
        both = ohm + self.bleed_ohm
        return ohm * self.bleed_ohm // both, emf_mv * self.bleed_ohm // both

    # --- the contract ---
    def ticks_ms(self):
        return self.now_ms & _WRAP

    def sleep_until(self, ms):
        slept_ms = ms - self.now_ms
        self.now_ms = ms + self.late_ms
        self._pass_tick(2 * slept_ms if 0 < slept_ms < TICK_MS else 10)

    def start_watchdog(self):
        self.fed_dogs = 0

    def feed_watchdog(self):
        self.fed_dogs += 1

    def stop_watchdog(self):
        self.output_off()

    def start_guard(self, guard_pass, request, snapshot):
        self.guard = (guard_pass, request, snapshot)

    def output_on(self):
        self.armed = True

    def output_off(self):
        self.armed = False
        self.code = 0

    def write_dac(self, code):
        self.code = code

    def read_dac(self):
        return self.code + self.echo if self.code else self.zero_echo

    def set_rail(self, on):
        self.rail = on

    def set_bridge(self, position):
        self.bridge = position

    def set_dummy(self, on):
        self.dummy = on

    def set_switches(self, k1, m2):
        self.switches = (k1, m2)

    def set_bleed(self, opens):
        self.bleed_opens = opens

    def set_feeds(self, dead_man, monostable):
        self.feeds = (dead_man, monostable)

    def set_comparator(self, seen):
        self.sees = seen

    def set_threshold(self, low):
        self.threshold_low = low

    def reset_latch(self):
        if not self.latch_stuck:
            self.latched = False

    def timer_ticks(self):
        return self.counts

    def check_adc(self):
        self.bus_failed = False
        return self.adc_good

    def check_files(self):
        return self.bad_file

    def vbus(self):
        return self.is_vbus

    def pressed(self):
        return self.is_pressed

    def panel(self, red, green, blue, hz):
        self.seen = (red, green, blue, hz)

    def identity(self):
        return BOARD_ID

    def read(self, name):
        return self.files.get(name)

    def write(self, name, content):
        if self.writes_fail or self.gate():
            raise OSError("no flash")
        self.files[name] = bytes(content)

    def publish(self, status):
        pass
