"""A drawn handful of `make mutants`, and the tool itself: a survivor is reported [R-03]."""

import subprocess
import sys
from pathlib import Path

import pytest

PROOF = Path(__file__).resolve().parents[2] / "tools" / "proof"
sys.path.insert(0, str(PROOF))

import mutants  # noqa: E402
import mutations  # noqa: E402
from mutations import Mutation  # noqa: E402

LIMITER, GUARD, SESSION = "firmware/limiter.py", "firmware/guard.py", "firmware/session.py"


def tool(*arguments, plant=""):
    """(exit code, output) of the tool in a process of its own."""
    source = (
        "import sys; sys.path.insert(0, %r); import mutants, mutations; import mutations as m;"
        "source = m.read(%r); sys.exit(mutants.main(%r, planted=[%s]))"
    ) % (str(PROOF), LIMITER, list(arguments), plant)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", source],
                          capture_output=True, text=True)  # fmt: skip
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.req("R-03")
def test_a_drawn_handful_is_killed():
    code, said = tool("--sample", "16", "--seed", "3")
    assert code == 0, said
    assert "| all | 16 |" in said


@pytest.mark.req("R-03")
def test_a_survivor_is_reported_and_a_dead_one_is_not():
    code, said = tool("--sample", "1", "--seed", "1", "--module", "firmware/limiter.py", plant=(
        "m.Mutation(%r, 'planted', 0, 'nothing => _UNUSED = 1', source + '\\n_UNUSED = 1\\n'),"
        "m.Mutation(%r, 'planted', 1, 'all => nothing', '')" % (LIMITER, LIMITER)
    ))  # fmt: skip
    assert code == 1
    assert "survived: %s | nothing => _UNUSED = 1" % LIMITER in said
    assert "all => nothing" not in said


def made(shown, killer, module=LIMITER):
    return Mutation(module, "", 0, shown, ""), killer


@pytest.mark.req("R-03")
@pytest.mark.parametrize("results, whole, complaint", [
    ([made("a => b", "")] + 20 * [made("c => d", "t")], False, "survived: firmware/limiter.py"),
    ([made("same => too", "t")], False, "listed, but killed by t"),
    ([made("c => d", "t")], True, "no such survivor: firmware/limiter.py | same => too"),
    ([made("same => too", "")] + 18 * [made("c => d", "t")], True, "18 of 19 killed"),
])  # fmt: skip
def test_what_the_list_gets_wrong_is_said(results, whole, complaint):
    _, complaints = mutants.judge(results, {(LIMITER, "same => too"): "why"}, whole)
    assert len(complaints) == 1 and complaint in complaints[0]


@pytest.mark.req("R-03")
def test_a_list_that_is_right_is_no_complaint():
    results = [made("same => too", ""), *(19 * [made("c => d", "t")])]
    counts, complaints = mutants.judge(results, {(LIMITER, "same => too"): "why"}, True)
    assert complaints == [] and counts == {LIMITER: [20, 19, 1]}
    assert "| firmware/limiter.py | 20 | 19 | 95.0 % | 1 |" in mutants.table(counts)


@pytest.mark.req("R-03")
def test_constants_tables_and_decorated_functions_are_changed():
    def shown(module, operator, count=100):  # each is a parsing of the whole module
        places = [place for place in mutations.places(module) if place[1].endswith(operator)]
        return [mutations.make(*place).shown for place in places[:count]]

    numbers = shown("firmware/limits.py", "NumberReplacer", 400)
    assert sum(text.startswith("LEVELS_UA = (125, 250, 350)") for text in numbers) == 6
    rows = shown(SESSION, "NameInTable", 24)
    assert len([text for text in rows if text.startswith("(READY, ARM, BEGIN_PROOF,")]) == 4
    assert "(SELFTEST, PASSED, NOTHING, READY), => (SELFTEST, PASSED, CUT, READY)," in rows
    assert shown(GUARD, "RemoveDecorator") == [
        "# --- the guard itself --- @micropython.viper => "
    ]
    inside = shown(GUARD, "AddNot", 26)
    assert "if not most_ua < _OVER_CURRENT_UA: => if not not most_ua < _OVER_CURRENT_UA:" in inside


@pytest.mark.req("R-03")
def test_what_is_no_python_is_not_counted_as_killed():
    assert not mutations.is_python(Mutation(LIMITER, "", 0, "", "if not a <= not b: pass"))
    assert mutations.is_python(Mutation(LIMITER, "", 0, "", "if not a <= b: pass"))


@pytest.mark.req("R-03")
def test_every_survivor_has_its_reason():
    for (module, shown), reason in mutants.listed().items():
        assert module in mutations.TESTS and " => " in shown
        assert len(reason) > 20
