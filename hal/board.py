"""What a board is: everything the firmware may ask of hardware, and nothing else.

hal/rp2 and hal/sim each have one class with these methods. Firmware gets such a board as an
argument and imports neither. Currents, voltages and limits are the firmware's business: a board
moves codes and levels. Calls on the I2C bus end within 5 ms and are tried twice, then OSError
[S-19]; nothing else raises.
"""

from array import array


class Board:
    """The contract. A real board overrides every method."""

    def __init__(self):
        # The precise converter's latest frame: [number, sense A, e1, e2, rail], signed codes.
        self.precise = array("i", [0] * 5)
        self.dac_codes = 0  # highest DAC code: 65535 or 4095
        self.bus_failed = False  # the precise converter did not answer twice; until check_adc()
        self.watchdog_reset = False  # this start is the watchdog's doing

    # --- time ---
    def ticks_ms(self):
        """Milliseconds, wrapping at 2**30."""
        raise NotImplementedError

    def sleep_until(self, ms):
        """Return when `ticks_ms()` has reached `ms`; meanwhile the precise converter is read."""
        raise NotImplementedError

    def start_watchdog(self):
        """From now on a reset comes within 1 s of the last `feed_watchdog()` [S-11]."""
        raise NotImplementedError

    def feed_watchdog(self):
        raise NotImplementedError

    def stop_watchdog(self):
        """Make output impossible, rail off, then let nobody be reset at a console [S-12]."""
        raise NotImplementedError

    # --- the current's path ---
    def start_guard(self, guard_pass, request, snapshot):
        """Do what `guard_pass(samples, request, snapshot)` does, every GUARD_US or more often.

        `samples`: array("H") of 16 codes, [sense A, sense B, e2, battery / 3] x 4, 12 bits of
        3.3 V. Before each pass snapshot[0] gets the µs since the last one and snapshot[1] the
        level of the comparator latch. An answer of 1 feeds dead-man and monostable, 0 drops the
        gate. The two arrays are the firmware's.
        """
        raise NotImplementedError

    def output_on(self):
        """Start the dead-man: the output lives as long as the guard feeds it."""
        raise NotImplementedError

    def output_off(self):
        """Gate off at once, then DAC to zero. Never raises, may be called at any time."""
        raise NotImplementedError

    def gate(self):
        """True while the hardware enables the output, read back from its pin."""
        raise NotImplementedError

    def write_dac(self, code):
        """Set the DAC, 0..dac_codes. Only firmware/limiter.py's values come here."""
        raise NotImplementedError

    def read_dac(self):
        """The code that the DAC holds."""
        raise NotImplementedError

    def set_rail(self, on):
        """27 V boost converter."""
        raise NotImplementedError

    def set_bridge(self, position):
        """0 open, 1 return electrode +, 2 return electrode -. Only with gate off [S-09]."""
        raise NotImplementedError

    def set_dummy(self, on):
        """Relay K2: 10.0 kΩ across the bridge's output."""
        raise NotImplementedError

    def set_switches(self, k1, m2):
        """Let K1 and M2 follow the gate (True, as always but in self-test) or hold them open."""
        raise NotImplementedError

    def set_bleed(self, opens):
        """Let the bleed across the output open with the gate (True), or hold it closed [S-21].

        Closed whenever the gate is off, whatever is asked for; held closed until first asked.
        Never raises.
        """
        raise NotImplementedError

    def set_feeds(self, dead_man, monostable):
        """Pass the guard's feed on to each of the two (True, as always but in self-test)."""
        raise NotImplementedError

    def set_comparator(self, seen):
        """Let the chip see the comparator's latch (True, as always but in the proof).

        False: neither guard nor dead-man do, and what is left is the latch's own way to the gates.
        """
        raise NotImplementedError

    def set_threshold(self, low):
        """Pull the comparator's threshold down to 20 µA (True, in the proof), or let it go."""
        raise NotImplementedError

    def reset_latch(self):
        """Release the comparator's latch."""
        raise NotImplementedError

    def timer_ticks(self):
        """True where the session timer has counted since it was last asked, here or on reset.

        It shows every 1.3 to 1.8 s while the rail is on, and counts from the rail's switching on.
        """
        raise NotImplementedError

    # --- checks and slow readings ---
    def check_adc(self):
        """True where the precise converter echoes the configuration it was given."""
        raise NotImplementedError

    def check_files(self):
        """None where all files are as built, else one line that names the file."""
        raise NotImplementedError

    def vbus(self):
        """True while a charger or a PC supplies the wand."""
        raise NotImplementedError

    # --- panel ---
    def pressed(self):
        """Level of the button, not debounced."""
        raise NotImplementedError

    def panel(self, red, green, blue, hz):
        """LED 0..255 each, beeper frequency or 0 for silence."""
        raise NotImplementedError

    # --- memory ---
    def identity(self):
        """Eight bytes that are this board's own."""
        raise NotImplementedError

    def read(self, name):
        """Content of a stored record, or None. OSError where it is there and can't be read."""
        raise NotImplementedError

    def write(self, name, content):
        """Store a record. OSError while output is on: flash writes stop interrupts [S-13]."""
        raise NotImplementedError

    # --- observation ---
    def publish(self, status):
        """Called once a tick with app.py's status array; for consoles and traces only."""
        raise NotImplementedError
