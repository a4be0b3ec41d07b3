"""`make mutants`: change the safety core in every small way, and see that a test notices [R-03].

Survivors must stand in survivors.toml with the reason why they change nothing that matters, and
nothing else may stand there. `--write` brings the table in docs/mutants.md up to date.
"""

import argparse
import os
import random
import sys
import tomllib
from pathlib import Path

import paths

import mutations  # isort: skip
import trial  # isort: skip

NEEDED = 0.95
SURVIVORS = Path(__file__).with_name("survivors.toml")
PAGE = paths.ROOT / "docs" / "mutants.md"
_QUICK_S = 0.1


def listed(path=SURVIVORS):
    """{(module, text of the mutation): reason}; ValueError for one that is listed twice."""
    with open(path, "rb") as file:
        groups = tomllib.load(file).get("equivalent", [])
    found = {}
    for group in groups:
        for shown in group["mutants"]:
            if (group["module"], shown) in found:
                raise ValueError("%s: listed twice: %s" % (path.name, shown))
            found[group["module"], shown] = group["reason"]
    return found


class Runner:
    """Tries mutations, each module's quickest and deadliest tests first."""

    def __init__(self, jobs, unproven=()):
        """`unproven`: (module, text) of mutations that the guard's proof need not see."""
        self._jobs = jobs
        self._unproven = unproven
        self._orders = {}

    def calibrate(self, module):
        """Nothing changed: every test must hold. Learns how long each takes."""
        unchanged = mutations.Mutation(module, "", 0, "", mutations.read(module))
        found = trial.attempt(unchanged, prove=False)()
        if found["killer"]:
            raise SystemExit("mutants: %s fails on the unchanged %s: %s"
                             % (found["killer"], module, found.get("why", "")))  # fmt: skip
        took_s = found["took_s"]
        self._orders[module] = dict(sorted(took_s.items(), key=lambda entry: entry[1]))

    def run(self, work):
        """Yield (mutation, what noticed it or "") for each; `work` gives the mutations."""
        running = []
        for mutation in work:
            if mutation.module not in self._orders:
                self.calibrate(mutation.module)
            prove = (mutation.module, mutation.shown) not in self._unproven
            order = self._orders[mutation.module]
            running.append((mutation, trial.attempt(mutation, order, prove)))
            if len(running) == self._jobs:
                yield self._end(*running.pop(0))
        while running:
            yield self._end(*running.pop(0))

    def _end(self, mutation, end):
        killer = end()["killer"]
        order = self._orders[mutation.module]
        if order.get(killer, 1) < _QUICK_S:  # what kills one kills its neighbours
            self._orders[mutation.module] = {killer: order[killer], **order}
        return mutation, killer


def judge(results, equivalent, whole):
    """(counts, complaints). `counts`: module to [all, killed, listed]; `whole`: nothing left out.

    Complaints are survivors that aren't listed, and entries of the list that aren't survivors.
    """
    counts, complaints, survived = {}, [], set()
    for mutation, killer in results:
        row = counts.setdefault(mutation.module, [0, 0, 0])
        row[0] += 1
        key = (mutation.module, mutation.shown)
        if killer:
            row[1] += 1
            if key in equivalent:
                complaints.append("listed, but killed by %s: %s | %s" % (killer, *key))
        elif key in equivalent:
            row[2] += 1
            survived.add(key)
        else:
            complaints.append("survived: %s | %s" % key)
    if whole:
        gone = [key for key in equivalent if key[0] in counts and key not in survived]
        complaints += ["listed, but there is no such survivor: %s | %s" % key for key in gone]
        for module, (total, killed, _) in counts.items():
            if killed < NEEDED * total:
                complaints.append("%s: %d of %d killed, needed are %.0f %%"
                                  % (module, killed, total, 100 * NEEDED))  # fmt: skip
    return counts, complaints


def table(counts):
    """What was killed, as a Markdown table."""
    lines = ["| module | mutants | killed | | equivalent, listed |", "|---|--:|--:|--:|--:|"]
    rows = [*counts.items(), ("all", [sum(column) for column in zip(*counts.values())])]
    for module, (total, killed, same) in rows:
        share = 100 * killed / total
        lines.append("| %s | %d | %d | %.1f %% | %d |" % (module, total, killed, share, same))
    return "\n".join(lines)


def page(counts, equivalent):
    """docs/mutants.md: the table, and every survivor with its reason."""
    reasons = {}
    for (module, shown), reason in equivalent.items():
        reasons.setdefault((module, reason), []).append(shown)
    parts = ["<!-- written by `make mutants`: don't edit -->\n# Mutants of the safety core\n",
             "`make mutants` makes every change that cosmic-ray knows (numbers, operators, "
             "comparisons,\nconditions, decorators), and swaps the names in the rows of tables; "
             "a test must notice [R-03].\n", table(counts),
             "\n## Survivors, and why they change nothing\n"]  # fmt: skip
    for (module, reason), all_shown in reasons.items():
        parts.append("%s: %s\n" % (module, reason))
        parts += ["* `%s`" % shown for shown in all_shown]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def chosen(options):
    """[(module, operator, occurrence)] to try, in an order that `--seed` draws."""
    places = [
        place
        for module in mutations.TESTS
        if options.module in (None, module)
        for place in mutations.places(module)
    ]
    random.Random(options.seed).shuffle(places)
    return places[: options.sample] if options.sample else places


def main(arguments=None, planted=()):
    """Exit code. `planted`: mutations to try besides, for the test of this tool itself."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=0, help="only so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--module", choices=list(mutations.TESTS), help="only this one")
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md")
    options = parser.parse_args(arguments)
    if not options.sample:
        os.nice(10)
    equivalent = listed()
    places = chosen(options)
    work = [*planted, *filter(mutations.is_python, (mutations.make(*place) for place in places))]
    from rich.progress import track

    # A handful shall be quick: there the list is believed where only the proof would know better.
    runner = Runner(options.jobs, equivalent if options.sample else ())
    results = list(track(runner.run(work), "mutants", len(work), disable=not sys.stdout.isatty()))
    results.sort(key=lambda entry: entry[0][:3])
    counts, complaints = judge(results, equivalent, not options.sample)
    for line in complaints:
        print(line)
    print(table(counts))
    if options.write and not options.sample and not options.module and not complaints:
        PAGE.write_text(page(counts, equivalent), encoding="utf-8")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
