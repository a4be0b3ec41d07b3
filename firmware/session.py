"""The session's state machine: one table, checked when it is read in.

A row is (state, event, action, next state). What is neither a row nor in IGNORED is impossible
by design, and goes to FAULT: so the machine is total, and every surprise ends in "off".
It only decides; app.py does. The guard knows nothing of this.
"""

from micropython import const

SELFTEST = const(0)
READY = const(1)
ASLEEP = const(2)
PROVING = const(3)  # cut path proven before every session [S-15]
CONTACT = const(4)  # armed, looking for skin [F-03]
RAMPING = const(5)
TREATING = const(6)
LIFTED = const(7)  # a pause, not a fault [F-07]
STOPPING = const(8)  # ramping down
DONE = const(9)
REFUSED = const(10)  # armed in vain; the reason is shown
FAULT = const(11)
BOUNCED = const(12)  # off the skin for a moment, nobody is told [F-07]
STATES = (
    "selftest",
    "ready",
    "asleep",
    "proving",
    "contact",
    "ramping",
    "treating",
    "lifted",
    "stopping",
    "done",
    "refused",
    "fault",
    "bounced",
)

TRIPPED = const(0)  # a fault is latched
PASSED = const(1)  # self-test or proof is through
PRESSED = const(2)  # button goes down
SHORT = const(3)  # short press, on release
ARM = const(4)  # held 1.5 s, and nothing speaks against it
REFUSE = const(5)  # something speaks against it
ACKNOWLEDGED = const(6)  # held 3 s, and the fault's cause is gone
TOUCHED = const(7)  # stable contact
LIFT = const(8)  # the guard saw the circuit open; in BOUNCED: it stays open
REACHED = const(9)  # the ramp has met its target
COMPLETE = const(10)  # dose or time delivered
EXPIRED = const(11)  # hard time-out, no contact, or empty battery: ramp down and end
ZERO = const(12)  # ramped down
IDLE = const(13)  # nobody pressed anything for long
EVENTS = (
    "tripped",
    "passed",
    "pressed",
    "short",
    "arm",
    "refuse",
    "acknowledged",
    "touched",
    "lift",
    "reached",
    "complete",
    "expired",
    "zero",
    "idle",
)

NOTHING = const(0)
CUT = const(1)  # gate off now, end the session as a fault
BEGIN_TEST = const(2)
BEGIN_PROOF = const(3)
BEGIN_PROBE = const(4)  # gate off, DAC zero, start looking for skin
BEGIN_RAMP = const(5)  # from zero
RAMP_DOWN = const(6)
FINISH = const(7)  # gate off, DAC zero, session over
NEXT_PRODUCT = const(8)
SLEEP = const(9)  # nothing more than what ALL_OFF says
STOP = const(10)  # ramp down because of the person
COUNT_LIFT = const(11)  # a pause begins, of which the person is told
STOP_NOW = const(12)  # nothing flows that had to be ramped: finish because of the person
PART = const(13)  # gate off, DAC zero, look for skin again
ACTIONS = const(14)

TABLE = (
    (SELFTEST, PASSED, NOTHING, READY),
    (SELFTEST, REFUSE, FINISH, REFUSED),
    (READY, SHORT, NEXT_PRODUCT, READY),
    (READY, ARM, BEGIN_PROOF, PROVING),
    (READY, REFUSE, FINISH, REFUSED),
    (READY, IDLE, SLEEP, ASLEEP),
    (ASLEEP, PRESSED, BEGIN_TEST, SELFTEST),
    (PROVING, PASSED, BEGIN_PROBE, CONTACT),
    (PROVING, PRESSED, STOP_NOW, DONE),
    (PROVING, EXPIRED, FINISH, DONE),
    (PROVING, REFUSE, FINISH, REFUSED),
    (CONTACT, TOUCHED, BEGIN_RAMP, RAMPING),
    (CONTACT, REFUSE, FINISH, REFUSED),
    (CONTACT, PRESSED, STOP_NOW, DONE),
    (CONTACT, EXPIRED, FINISH, DONE),
    (RAMPING, REACHED, NOTHING, TREATING),
    (RAMPING, REFUSE, FINISH, REFUSED),  # less than any skin has
    (RAMPING, LIFT, PART, BOUNCED),
    (RAMPING, PRESSED, STOP, STOPPING),
    (RAMPING, COMPLETE, RAMP_DOWN, STOPPING),
    (RAMPING, EXPIRED, RAMP_DOWN, STOPPING),
    (TREATING, REFUSE, FINISH, REFUSED),
    (TREATING, LIFT, PART, BOUNCED),
    (TREATING, PRESSED, STOP, STOPPING),
    (TREATING, COMPLETE, RAMP_DOWN, STOPPING),
    (TREATING, EXPIRED, RAMP_DOWN, STOPPING),
    (BOUNCED, TOUCHED, BEGIN_RAMP, TREATING),
    (BOUNCED, LIFT, COUNT_LIFT, LIFTED),
    (BOUNCED, PRESSED, STOP_NOW, DONE),
    (BOUNCED, EXPIRED, FINISH, DONE),
    (LIFTED, TOUCHED, BEGIN_RAMP, RAMPING),
    (LIFTED, REFUSE, FINISH, REFUSED),
    (LIFTED, PRESSED, STOP_NOW, DONE),
    (LIFTED, EXPIRED, FINISH, DONE),
    (STOPPING, ZERO, FINISH, DONE),
    (STOPPING, LIFT, FINISH, DONE),
    (DONE, SHORT, NOTHING, READY),
    (DONE, ARM, BEGIN_PROOF, PROVING),
    (DONE, REFUSE, FINISH, REFUSED),
    (DONE, IDLE, SLEEP, ASLEEP),
    (REFUSED, SHORT, BEGIN_TEST, SELFTEST),
    (REFUSED, ACKNOWLEDGED, BEGIN_TEST, SELFTEST),  # another person follows: rest.py
    (REFUSED, IDLE, SLEEP, ASLEEP),
    (FAULT, ACKNOWLEDGED, BEGIN_TEST, SELFTEST),
)

# Harmless where it happens: the button does more than a state asks for.
IGNORED = (
    (SELFTEST, (PRESSED, SHORT)),
    (READY, (PRESSED,)),
    (ASLEEP, (SHORT,)),
    (PROVING, (SHORT,)),
    (CONTACT, (SHORT,)),
    (RAMPING, (SHORT,)),
    (TREATING, (SHORT, REACHED)),
    (BOUNCED, (SHORT,)),
    (LIFTED, (SHORT, LIFT)),
    (STOPPING, (PRESSED, SHORT, EXPIRED)),
    (DONE, (PRESSED,)),
    (REFUSED, (PRESSED, REFUSE)),
    (FAULT, (PRESSED, SHORT, TRIPPED, REFUSE)),
)

OUTPUT_STATES = (RAMPING, TREATING, STOPPING)  # current that a person may feel
MAY_FLOW = (SELFTEST, PROVING, CONTACT, RAMPING, TREATING, BOUNCED, LIFTED, STOPPING)
ALL_OFF = (FAULT, REFUSED, ASLEEP)  # rail and switches too; each leads on by a self-test [S-12]

_SIZE = len(STATES) * len(EVENTS)


def compile_table(table, ignored):
    """(next states, actions) as bytes by state * len(EVENTS) + event; all else is FAULT, CUT.

    Raises ValueError, with the row, for a row that is listed twice or names no state or event.
    """
    following = bytearray([FAULT] * _SIZE)
    actions = bytearray([CUT] * _SIZE)
    seen = set()
    rows = list(table)
    for state, events in ignored:
        for event in events:
            rows.append((state, event, NOTHING, state))
    for row in rows:
        state, event, action, after = row
        if not (
            0 <= state < len(STATES)
            and 0 <= event < len(EVENTS)
            and 0 <= action < ACTIONS
            and 0 <= after < len(STATES)
            and (state, event) not in seen
        ):
            raise ValueError("session table row %s: unknown name or listed twice" % (row,))
        seen.add((state, event))
        following[state * len(EVENTS) + event] = after
        actions[state * len(EVENTS) + event] = action
    return bytes(following), bytes(actions)


_FOLLOWING, _ACTIONS = compile_table(TABLE, IGNORED)


class Session:
    """Where the session stands."""

    def __init__(self):
        self.state = SELFTEST

    def step(self, event):
        """Take one event; returns the action that is due. Unlisted: FAULT and CUT."""
        if not 0 <= event < len(EVENTS):
            self.state = FAULT
            return CUT
        index = self.state * len(EVENTS) + event
        self.state = _FOLLOWING[index]
        return _ACTIONS[index]
