"""No integer of the firmware leaves RP2040's small ones in the longest session there is [R-08].

Every operator's result is looked at (tools/proof/instrument.py), and the guard's arrays refuse
what they may not hold. In a process of its own: the firmware is imported in another shape.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "proof"
sys.path.insert(0, str(TOOLS))

import instrument  # noqa: E402

# 20 min armed, wraps, hostile readings. `integers.py` by hand adds 15 min of output, and all
# the charge there is.
LIVES = ("by_session", "wraps", "hostile", "requests", "parts")
RUN = """
import json, sys
sys.path.insert(0, %r)
import instrument
watch = instrument.install()
import integer_lives
ends = [getattr(integer_lives, name)() for name in %r]
print(json.dumps([ends, watch.rows(), watch.too_large(), instrument.Checked.worst]))
"""


@pytest.fixture(scope="module")
def lived():
    done = subprocess.run([sys.executable, "-c", RUN % (str(TOOLS), LIVES)],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.req("R-08")
def test_nothing_grows_beyond_small_integers(lived):
    ends, _, too_large, worst = lived
    assert ends[0] == "timeout"  # of the session, after 20 min less the ramp's 3 s
    assert too_large == []
    assert worst < instrument.LIMIT


@pytest.mark.req("R-08")
def test_all_that_runs_in_a_session_was_looked_at(lived):
    rows = lived[1]
    modules = {site.split(":")[0] for _, site, _ in rows}
    for name in ("app", "calibration", "contact", "dose", "gestures", "guard", "impedance",
                 "indicator", "journal", "limiter", "logbook", "measure", "output", "regulator",
                 "selftest", "treatment"):  # fmt: skip
        assert f"firmware/{name}.py" in modules
    assert len(rows) > 200
    # The watch sees what is known to be large: a CRC, and the guard's largest product.
    assert rows[0][0] > 1 << 31 and rows[0][1].startswith("firmware/records.py")
    assert any(value > 1 << 29 and site.startswith("firmware/guard.py") for value, site, _ in rows)


@pytest.mark.req("R-08")
@pytest.mark.parametrize("text", [
    "a * b", "a - -b * 3", "a << 20", "~(a * b)", "[a := a + b for _ in range(60000)][0]",
])  # fmt: skip
def test_a_planted_large_integer_is_found(text):
    watch = instrument.Watch()
    space = {"_seen": watch.seen}
    exec(watch.compiled("firmware/planted.py", "def f(a, b):\n    return %s\n" % text), space)
    space["f"](3, 4)
    assert watch.too_large() == []
    space["f"](1 << 29, 1 << 29)
    assert [row[1] for row in watch.too_large()] != []


@pytest.mark.parametrize("target", ["self.x", "self.y[0]", "z"])
def test_a_sum_in_place_is_found_and_still_done(target):
    watch = instrument.Watch()
    source = "def f(self, n):\n    z = 1\n    %s += n\n    return %s\n" % (target, target)
    space = {"_seen": watch.seen}
    exec(watch.compiled("firmware/planted.py", source), space)

    class Holder:
        x, y = 1, [1]

    assert space["f"](Holder(), 5) == 6
    assert watch.too_large() == []
    space["f"](Holder(), instrument.LIMIT)
    assert watch.too_large()


@pytest.mark.parametrize("value", [-1, instrument.LIMIT])
def test_the_guards_array_refuses_what_it_may_not_hold(value):
    checked = instrument.Checked("i", [0, 0])
    checked[1] = instrument.LIMIT - 1
    with pytest.raises(OverflowError):
        checked[0] = value
