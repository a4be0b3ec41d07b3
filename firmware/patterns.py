"""The table of the panel: for every state, refusal and fault a colour, a rhythm and a beep.

Rhythm alone tells all of them apart, whoever sees no colours, and colour does so as well. The
docs' page is generated from this table; a test computes how distinct the rhythms are over 4 s.

How to read the light:
  steady light with short dark winks   current flows; the winks count how bad the contact is
  one long / two short flashes         the sign of the product's ions: a dash is -, a pair is +
  three or more flashes, dark, repeat  a refusal or a fault: longs and shorts spell its code
"""

from micropython import const

from firmware.limits import BATTERY_START_MV

CYCLE_MS = const(4000)  # every rhythm repeats within this time
# From one flash or change of colour to the next. 3 to 60 Hz can trigger seizures [F-10].
FLASH_MIN_MS = const(334)
SHORT_MS = const(200)
LONG_MS = const(600)  # three times as long, as in Morse
GAP_MS = const(200)  # between the flashes of a code
LONG_FROM_MS = const(300)  # a flash of at least this is a long one: the first of two colours
ANNOUNCE_GAP_MS = const(1000)
FOREVER = const(255)

# Quality of the contact while current flows.
GOOD = const(0)
POOR = const(1)  # high but enough: press the roller flat
RISING = const(2)  # drying out: add gel
LIMIT = const(3)  # resistance limits the current, time is being stretched [F-06]
_QUALITIES = ("good", "poor", "rising", "limit")

# What else changes the picture of a state.
PLAIN = const(0)
PATCH = const(1)  # ready: a patch test is selected
LOW_BATTERY = const(2)  # ready: no treatment before charging
REVERSAL = const(4)  # ready: pulls out what the last session has pushed in
EARLY = const(3)  # done: ended before its dose
TOUCHING = const(5)  # a test that waits until the roller is off the skin

RED = const(0xFF0000)
YELLOW = const(0xFFC000)
WHITE = const(0xFFFFFF)
BATTERY = const(0x8080FF)  # its level, asked for; as a low one that nobody asked for

# key, meaning, colour, rhythm (on ms, off ms, ...), tone Hz, longest beep ms, cycles with beeps
ROWS = (
    ("selftest", "self-test running", WHITE, (250, 750), 0, 0, 0),
    ("asleep", "asleep: press to wake", 0x202040, (100, 3900), 0, 0, 0),
    ("ready-", "ready, anions (-)", 0x0000FF, (1000, 1000), 0, 0, 0),
    ("ready+", "ready, cations (+)", 0xFF00FF, (150, 200, 150, 1500), 0, 0, 0),
    ("ready0", "this product cannot be used", 0xFFA000, (200, 1800), 0, 0, 0),
    ("ready- patch", "ready, patch test (-)", 0x0060FF, (1000, 350, 150, 500), 0, 0, 0),
    (
        "ready+ patch",
        "ready, patch test (+)",
        0xC000FF,
        (150, 200, 150, 600, 150, 750),
        0,
        0,
        0,
    ),
    (
        "ready- battery",
        "battery low, charge first (-)",
        0x8080FF,
        (1000, 1000, 150, 1850),
        0,
        0,
        0,
    ),
    (
        "ready+ battery",
        "battery low, charge first (+)",
        0xFF80FF,
        (150, 200, 150, 1500, 600, 1400),
        0,
        0,
        0,
    ),
    (
        "ready- reversal",
        "other sign than just before: would pull it out again (-)",
        0x4060FF,
        (1000, 350, 1000, 350, 150, 1150),
        1500,
        80,
        3,
    ),
    (
        "ready+ reversal",
        "other sign than just before: would pull it out again (+)",
        0xE000A0,
        (150, 200, 150, 600, 1000, 350, 150, 1400),
        1500,
        80,
        3,
    ),
    (
        "lift first",
        "lift the roller: it must be off the skin now",
        0xFF4000,
        (600, 200, 150, 200, 150, 700),
        2500,
        100,
        FOREVER,
    ),
    ("proving", "testing the cut-off", 0xA0FFFF, (200, 200), 2000, 80, 1),
    ("contact-", "touch the skin now, hold the grip (-)", 0x00A0FF, (500, 500), 2000, 60, FOREVER),
    (
        "contact+",
        "touch the skin now, hold the grip (+)",
        0xFF0080,
        (150, 200, 150, 500),
        2000,
        60,
        FOREVER,
    ),
    ("ramping", "current rising", 0x00FF80, (800, 200), 2500, 100, 1),
    ("treating good", "treating, contact good", 0x00FF00, (3700, 300), 0, 0, 0),
    (
        "treating poor",
        "treating, contact poor: press flat",
        0x60FF00,
        (300, 300, 3100, 300),
        1500,
        80,
        2,
    ),
    (
        "treating rising",
        "treating, drying out: add gel",
        0x90FF00,
        (300, 300, 300, 300, 2500, 300),
        1500,
        80,
        3,
    ),
    (
        "treating limit",
        "resistance limit: time is stretched",
        0xC0FF00,
        (300, 300, 300, 300, 300, 300, 1900, 300),
        1500,
        80,
        3,
    ),
    (
        "lifted",
        "paused: touch again, moisten the holding hand",
        0xFF8000,
        (500, 250, 500, 750),
        1200,
        150,
        10,
    ),
    ("stopping", "current falling", 0x80FF80, (1500, 500), 1000, 200, 1),
    ("done", "done, dose delivered", 0x00C040, (2000, 2000), 3000, 500, 1),
    ("done early", "ended before its dose", 0x80C000, (1800, 600, 400, 1200), 800, 500, 1),
)

# Codes: "-" is a long flash, "." a short one, three to five of them (at most two long ones in
# five, so that 4 s suffice). Longs are red and shorts yellow for a fault, yellow and white for a
# refusal: the colours alone spell the code as well. The gravest faults have the shortest codes.
REFUSALS = (
    ("product", "...--", "this product cannot be used"),
    ("too_conductive", "..-.-", "skin too conductive: barrier broken?"),
    ("battery_low", ".-..-", "battery too low to start"),
    ("vbus", "-...-", "unplug the charger"),
    ("rest", "..--.", "the skin has had enough: rest it for 30 min"),
    ("touched", ".-.-.", "the roller was on the skin, or wet: lift, wipe, press"),
)
UNKNOWN_REFUSAL = "-..-."
FAULTS = (
    ("over_current", "---"),
    ("over_setpoint", "--."),
    ("sense_mismatch", "-.-"),
    ("precise_mismatch", "-.."),
    ("load_short", ".--"),
    ("gate_leak", ".-."),
    ("comparator", "..-"),
    ("bad_request", "..."),
    ("heartbeat", "----"),
    ("guard_late", "---."),
    ("time_cap", "--.-"),
    ("charge_cap", "--.."),
    ("i2c", "-.--"),
    ("bridge_sign", "-.-."),
    ("vbus", "-..-"),
    ("internal", "-..."),
    ("dac", ".---"),
    ("adc_config", ".--."),
    ("zero_reading", ".-.-"),
    ("dummy_reading", ".-.."),
    ("gate_m2", "..--"),
    ("gate_k1", "..-."),
    ("dead_man", "...-"),
    ("monostable", "...."),
    ("rail", "....."),
    ("button_stuck", "....-"),
    ("calibration", "...-."),
    ("catalogue", "..-.."),
    ("files", ".-..."),
    ("limiting_diode", "-...."),
)
UNKNOWN_FAULT = "--..."  # a fault without a code of its own still shows as a fault
CODE_TONE_HZ = const(1000)
CODE_CYCLES = const(3)  # with beeps; then only the light goes on


def code_steps(code, cycle_ms=CYCLE_MS):
    """Rhythm of a code as [on ms, off ms, ...]; the last darkness fills the cycle."""
    steps = []
    total_ms = 0
    for char in code:
        on_ms = LONG_MS if char == "-" else SHORT_MS
        steps.append(on_ms)
        steps.append(GAP_MS)
        total_ms += on_ms + GAP_MS
    steps[-1] += max(ANNOUNCE_GAP_MS - GAP_MS, cycle_ms - total_ms)
    return steps


def number_code(number):
    """A product's number, from 1: a long flash for each five and a short one for each one."""
    return "-" * (number // 5) + "." * (number % 5)


def battery_quarters(battery_mv):
    """0 to 4, of a cell without load. 0: too low to start, which the light says by itself."""
    quarters = 0
    for least_mv in (BATTERY_START_MV, 3650, 3800, 3950):
        quarters += battery_mv >= least_mv
    return quarters


def code(table, name, otherwise):
    """Code of a name in FAULTS or REFUSALS."""
    for entry in table:
        if entry[0] == name:
            return entry[1]
    return otherwise


def row(key):
    """Row of ROWS, or None."""
    for entry in ROWS:
        if entry[0] == key:
            return entry
    return None


def row_key(state, sign, quality, variant):
    """Key in ROWS of a state that is neither refused nor fault."""
    mark = "-" if sign < 0 else "+"
    if state == "ready":
        if sign == 0:
            return "ready0"
        if variant == LOW_BATTERY:
            return "ready" + mark + " battery"
        if variant == REVERSAL:
            return "ready" + mark + " reversal"
        return "ready" + mark + (" patch" if variant == PATCH else "")
    if variant == TOUCHING:
        return "lift first"
    if state == "contact":
        return "contact" + mark
    if state == "treating":
        return "treating " + (_QUALITIES[quality] if GOOD <= quality <= LIMIT else "poor")
    if state == "done" and variant == EARLY:
        return "done early"
    return state
