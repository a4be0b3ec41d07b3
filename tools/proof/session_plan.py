"""Draws one random session from its seed: wand, catalogue, skins and what the person does.

Everything that can happen to a healthy wand, in any order and at any microsecond; faults of the
circuit are the campaign's. The same seed is the same session on every machine.
"""

import random

WRAP = 1 << 30
US_PER_MS = 1000
SKINS = ("hydrated", "drawn", "drawn", "dry", "very_dry", "peeled", "resistor")
MOTIONS = ("still", "rolling", "hasty", "bumpy")  # beside the lifts that a plan has of its own
_LONG = 0.01  # of the sessions are full treatments of five minutes, or someone who falls asleep
_ACTS = (
    ("lift", 36), ("bounce", 30), ("swap", 12), ("press", 7), ("hold", 5), ("battery", 5),
    ("vbus", 3), ("double", 2),
)  # fmt: skip


def skin(draw):
    """A skin, anybody's, or a resistor from a short to an open, evenly on a logarithmic scale."""
    name = draw.choice(SKINS)
    if name == "drawn":
        return "drawn:%d" % draw.randrange(1_000_000_000)
    if name != "resistor":
        return name
    return "resistor:%d" % round(10 ** draw.uniform(1.0, 6.5))


def product(draw, number):
    """Fields of a products.Product that the wand accepts, with a dose that is soon delivered."""
    electroosmosis = draw.random() < 0.1
    after_peel = draw.random() < 0.15
    patch_test = draw.random() < 0.1
    highest = min(500, 125 if after_peel else 500, 100 if patch_test else 500)
    setpoint_ua = draw.choice((50, highest, draw.randint(50, highest)))
    time_s = draw.randint(10, 40)
    full_uc = setpoint_ua * time_s
    dose_uc = draw.choice((0, full_uc, draw.randint(500, full_uc)))
    charge = 0 if electroosmosis else draw.choice((-1, 1)) * draw.randint(5, 1000)
    flags = after_peel * 1 | electroosmosis * 2 | patch_test * 4
    return ["p%d" % number, "Product %d" % number, charge, setpoint_ua, dose_uc, time_s, flags]


class Plan:
    """Events as hal/sim/world.py wants them, one after the other."""

    def __init__(self, draw):
        self.draw = draw
        self.events = []
        self.at_s = 0.0
        self.load = None

    def wait(self, low_s, high_s):
        self.at_s += self.draw.uniform(low_s, high_s)

    def add(self, **event):
        self.events.append(dict(at_s=self.at_s, **event))

    def press(self, low_s, high_s):
        seconds = self.draw.uniform(low_s, high_s)
        self.add(press_s=seconds)
        self.at_s += seconds

    def touch(self, name=None):
        self.load = name or self.load or skin(self.draw)
        self.add(touch=self.load)

    def lift(self):
        self.add(lift=True)

    def act(self):
        """One thing that a person does, or that happens to the wand."""
        draw = self.draw
        names, weights = zip(*_ACTS)
        what = draw.choices(names, weights)[0]
        if what == "lift":
            self.lift()
            self.wait(*draw.choice(((0.0005, 0.02), (0.02, 0.3), (0.3, 6.0))))
            self.touch()
        elif what == "bounce":  # [S-04]: 10 µs to 2 ms, and longer ones
            longest_s = draw.choice((50e-6, 500e-6, 2e-3, 30e-3))
            for _ in range(draw.randint(1, 12)):
                self.lift()
                self.wait(10e-6, longest_s)
                self.touch()
                self.wait(10e-6, longest_s)
        elif what == "press":
            self.press(0.01, 0.7)
        elif what == "double":
            self.press(0.03, 0.3)
            self.wait(0.03, 0.5)
            self.press(0.03, 0.3)
        elif what == "hold":
            self.press(1.4, draw.choice((2.0, 3.5, 12.0)))
        elif what == "swap":
            self.lift()
            self.wait(0.05, 2.0)
            self.touch(skin(draw))
        elif what == "battery":
            self.add(battery_mv=draw.choice((3250, 3400, 3600, 4200, draw.randint(3100, 4200))))
        elif what == "vbus":
            self.add(vbus=True)
            self.wait(0.005, 3.0)
            self.add(vbus=False)
            self.wait(0.1, 1.0)
            self.press(3.1, 3.6)

    def session(self, until_s):
        """Choose, arm, touch, and then whatever comes, up to this time."""
        for _ in range(self.draw.choice((0, 0, 1, 3))):
            self.press(0.05, 0.75)
            self.wait(0.1, 0.5)
        self.press(1.55, 2.9)
        self.wait(0.0, self.draw.choice((2.0, 8.0)))
        self.touch(skin(self.draw))
        while self.at_s < until_s:
            self.wait(*self.draw.choice(((0.0, 0.2), (0.2, 3.0), (2.0, 12.0))))
            self.act()
        if self.draw.random() < 0.6:
            self.press(0.05, 0.3)
            self.wait(0.0, 1.5)
        self.lift()


def make(seed):
    """The job of this seed, for long_session.py."""
    draw = random.Random("session %d" % seed)
    plan = Plan(draw)
    job = {"seed": seed, "parts": seed, "trace": True, "wrong_by_permille": 0}
    job["motion"] = MOTIONS[seed % len(MOTIONS)]
    job["new"] = draw.random() < 0.15
    job["catalogue"], job["choice"], job["product"] = None, 0, "vitamin-c"
    if draw.random() < 0.8:
        count = draw.choice((1, 2, 3, 16))
        job["catalogue"] = [product(draw, number) for number in range(count)]
        job["choice"] = draw.randrange(count)
    if draw.random() < 0.06:
        plan.touch(skin(draw))  # at power-on already
        plan.wait(0.5, 14.0)
        plan.lift()
    plan.wait(1.5, 3.0)
    if draw.random() < _LONG:
        job["catalogue"] = None
        _long(plan)
    else:
        for _ in range(draw.choice((1, 1, 2))):
            plan.session(plan.at_s + draw.uniform(8.0, 32.0))
            plan.wait(0.5, 4.0)
    # All counters begin so that most of them wrap on the way; ticks_ms wraps at 2**30 ms, the
    # guard's passes at 2**29 and the arming token at 2**30.
    duration_s = plan.at_s + draw.uniform(2.5, 4.0)
    start_us = (WRAP * US_PER_MS - round(draw.uniform(0.0, duration_s) * 1e6)) * draw.randint(0, 1)
    start_us = start_us or WRAP - round(draw.uniform(0.0, duration_s) * 1e6)
    job["start_us"] = start_us
    job["frame"] = WRAP - 1 - round(draw.uniform(0.0, duration_s) * 150)
    job["beat"] = WRAP - 1 - round(draw.uniform(0.0, duration_s) * 200)
    job["passes"] = WRAP // 2 - 1 - round(draw.uniform(0.0, duration_s) * 2000)
    job["token"] = WRAP - draw.randint(2, 8)
    job["duration_s"] = duration_s + start_us / 1e6
    job["events"] = [dict(event, at_s=event["at_s"] + start_us / 1e6) for event in plan.events]
    return job


def slow(job):
    """The same session on a wand that is slower than any: slow.py. Twice, thrice, jitter."""
    draw = random.Random("slow %d" % job["seed"])
    return dict(
        job,
        slow={
            "seed": job["seed"],
            "ticks": draw.choice((0.5, 1, 2, 3)),
            "frames": draw.choice((1, 2, 3)),
            "jitter": draw.choice((0, 0.5, 1)),
        },
    )


def _long(plan):
    """A full treatment on one skin with a few lifts; or asleep after three minutes, and on."""
    draw = plan.draw
    if draw.random() < 0.5:
        plan.wait(181.0, 200.0)
        plan.press(0.1, 0.5)
        plan.wait(1.5, 2.0)
        return plan.session(plan.at_s + 20.0)
    plan.press(1.6, 2.5)
    plan.wait(1.0, 5.0)
    plan.touch(draw.choice(("hydrated", "drawn:%d" % draw.randrange(1000), "resistor:20000")))
    end_s = plan.at_s + draw.choice((340.0, 340.0, 1230.0))
    while plan.at_s < end_s:
        plan.wait(10.0, 90.0)
        plan.lift()
        plan.wait(0.001, 20.0)
        plan.touch()
    plan.lift()
