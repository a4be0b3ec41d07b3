"""How much of a barrier the first contact sees, and where its limits lie [S-06].

Whole wands meet skin: horny layers as they are, a tenth of them, none, and as a treatment leaves
them; faces of known resistance first, then drawn people (hal/sim/people.py) with wands and areas
drawn as well, hum on, some rolling, some on a wand three times too slow.
`python tools/proof/barrier.py [PEOPLE]` prints what is read beside what is there, who is refused
and who gets the low level, and draws it; exit 1 where somebody healthy was refused, or somebody
without a barrier and with a hand that lets it be seen got more than 125 µA. What the hand adds
nothing takes off again; that it is the hand's shows in how slow it is.
"""

import os
import sys

import paths

import job as simulated  # isort: skip
import slow

from firmware import limits, session
from firmware.app import App
from hal.sim import people
from hal.sim.board import SimBoard
from hal.sim.layer import Tissue
from hal.sim.parts import Lcg
from hal.sim.skin import Skin

AREAS_CM2 = (0.5, 1.0, 3.0, 4.0, 10.0)
NO_LAYER = (1.0, 20e-9, 1.0)
KINDS = ("healthy", "treated", "peeled", "none")
TREATED = 0.4  # share of what charge can do: what 25 mC/cm² leave of it
WORST = 2.0  # kΩ: what is read may be off by that or a tenth
_TRIED_S = 15.0


def there_ohm(skin):
    """What a small current meets, leads and electrodes left off."""
    layers = [1.0 / ((layer.g0 + layer.worn) * layer.area_cm2)
              for layer in (skin.roller, skin.hand)]  # fmt: skip
    return skin.r_deep + sum(layers)


def meet(skin, product="vitamin-c", seed=0, parts=None, motion="still", times=0):
    """(read_ohm, level_ua): a session of this wand on this skin up to its ramp; 0 µA for refused.

    `times`: so much slower are main loop and converter, 0 for as they are.
    """
    world = simulated.prepare({"product": product, "duration_s": 3600, "seed": seed,
                               "parts": parts, "motion": motion})  # fmt: skip
    world._skins[skin.name] = skin
    board = SimBoard(world)
    if times:
        world.observer.attach(board)
        plan = {"seed": seed, "ticks": times, "frames": 1.0, "jitter": 0.2}
        slow.Slow(world, plan).attach(board)
    app = App(board)
    until_us = 1 << 60
    while app.session.state not in (session.RAMPING, session.REFUSED, session.FAULT):
        board.sleep_until(board.ticks_ms() + limits.TICK_MS)
        app.tick(board.ticks_ms())
        if app.session.state == session.READY and not world.panel.pressed:
            world.press(2.0)
        if app.session.state == session.CONTACT and not world.touched:
            world.touch(skin.name)
            until_us = world.now_us + round(_TRIED_S * 1e6)
        if world.now_us > until_us:
            return -1, -1  # no contact: too dry
    treatment = app.treatment
    if app.session.state == session.FAULT:
        raise RuntimeError("%s: fault %s" % (skin.name, app.faults.bits))
    ramping = app.session.state == session.RAMPING
    return treatment.probe.barrier_ohm, treatment._target_na // 1000 if ramping else 0


def kind_of(person, kind):
    """This person's face as one of KINDS has it, gelled."""
    face = person.face
    more = people.DRYING**person.dryness
    r0, c = face.r0 / person.peel / more, face.c * people.SWELLING**person.dryness
    r_open = face.r_open / person.peel / more
    share = {"peeled": 0.1}.get(kind, 1.0)
    tissue = Tissue(*NO_LAYER) if kind == "none" else Tissue(r0 * share, c, r_open * share)
    other = people.Person(tissue, person.hand, person.grip_cm2, person.r_body)
    other.worn = TREATED if kind == "treated" else 0.0
    return other


def one(task):
    """A row: who, what is there, what is read, which level."""
    seed, kind = task
    draw = Lcg(seed + 31).spread
    area_cm2 = 4.0 ** (0.5 + 0.5 * draw())
    skin = Skin("met", kind_of(people.drawn(seed), kind), area_cm2)
    product = ("vitamin-c", "magnesium")[seed % 2]
    motion = ("still", "rolling", "hasty", "bumpy")[seed // 2 % 4]
    read, ua = meet(skin, product, seed, seed, motion, (0, 0, 3)[seed % 3])
    # `there`: where the roller has come to by now.
    return kind, there_ohm(skin), read, ua, motion == "still" and seed % 3 != 2


def known(task):
    face, area_cm2, product = task
    tissue = NO_LAYER if face == "none" else people._FACES[face]
    skin = Skin("met", people.Person(Tissue(*tissue), people.hand("damp")), area_cm2)
    read, ua = meet(skin, product)
    return face, area_cm2, product, there_ohm(skin), read, ua


def plot(rows, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(8, 6))
    for kind in KINDS:
        own = [row for row in rows if row[0] == kind and row[2] > 0]
        axis.scatter([row[1] / 1e3 for row in own], [row[2] / 1e3 for row in own], s=9, label=kind)
    for ohm in (limits.BARRIER_MIN_OHM, limits.BARRIER_LOW_OHM):
        axis.axhline(ohm / 1e3, color="tab:red", linewidth=0.8)
    axis.plot((0.5, 1000), (0.5, 1000), color="gray", linewidth=0.5)
    axis.set(xscale="log", yscale="log", xlabel="there, kΩ", ylabel="read, kΩ",
             title="At the first contact: below the lines refused, 125 µA")  # fmt: skip
    axis.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def level(ua):
    return "no contact" if ua < 0 else "%d µA" % ua if ua else "refused"


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    # What MicroPython has not: tests/firmware/test_barrier.py runs there as well.
    import multiprocessing
    from statistics import median

    with multiprocessing.get_context("fork").Pool(min(2, os.cpu_count() or 1)) as pool:
        print("a damp hand       cm²   there   read kΩ")
        faces = [(face, area, product) for face in ("none", "peeled", "hydrated", "dry")
                 for area in AREAS_CM2 for product in ("vitamin-c", "magnesium")]  # fmt: skip
        for face, area, product, there, read, ua in pool.imap(known, faces):
            sign = "-+"[product == "magnesium"]
            print("%-9s %s %5.1f %7.1f %7.1f  %s"
                  % (face, sign, area, there / 1e3, read / 1e3, level(ua)))  # fmt: skip
        tasks = [(seed, kind) for seed in range(1, count + 1) for kind in KINDS]
        rows = list(pool.imap_unordered(one, tasks, 8))
    plot(rows, paths.OUT / "barrier.png")
    wrong = 0
    for kind in KINDS:
        own = [row for row in rows if row[0] == kind]
        off = [abs(read - there) / 1e3 - 0.1 * there / 1e3 for _, there, read, _, plain in own
               if plain and 0 <= read < 2 * limits.BARRIER_LOW_OHM]  # fmt: skip
        low = [row for row in own if 0 < row[3] <= limits.AFTER_PEEL_MAX_UA]
        refused = [row for row in own if row[3] == 0]
        print("%-8s %d people on 1 to 4 cm²: %d refused, %d at 125 µA, %d at 250, %d too dry; "
              "there %.1f kΩ (median), read off by %.1f kΩ and a tenth at most"
              % (kind, len(own), len(refused), len(low),
                 sum(row[3] > limits.AFTER_PEEL_MAX_UA for row in own),
                 sum(row[3] < 0 for row in own),
                 median(row[1] for row in own) / 1e3, max(off, default=0.0)))  # fmt: skip
        wrong += sum(value > WORST for value in off)
        if kind == "healthy":
            wrong += len(refused)
        if kind in ("peeled", "none"):
            wrong += sum(row[3] > limits.AFTER_PEEL_MAX_UA
                         and row[1] < 0.8 * limits.BARRIER_LOW_OHM for row in own)  # fmt: skip
    print("%d wrong; plot in %s" % (wrong, paths.OUT / "barrier.png"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
