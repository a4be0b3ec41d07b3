"""Every integer of the firmware stays below 2**30, where RP2040's small ints end [R-08].

The shipped sources are imported with a look at the result of every operator (instrument.py), and
then live through sessions of the longest kind with the worst readings (integer_lives.py). Prints
the largest of them.
"""

import sys

import instrument


def main():
    watch = instrument.install()
    import integer_lives  # only now: it imports the firmware

    for life in integer_lives.LIVES:
        print("%s: %s" % (life.__name__, life()), flush=True)
    print("largest in an array of the guard: %d" % instrument.Checked.worst)
    modules = {row[1].split(":")[0] for row in watch.rows()}
    print("%d operators in %d modules; the largest:" % (len(watch.used), len(modules)))
    for row in watch.rows()[:20]:
        why = instrument.reason(row) if row[0] >= instrument.LIMIT else ""
        print("%12d  %-28s %s  %s" % (row[0], row[1], row[2][:60], why))
    return 1 if watch.too_large() else 0


if __name__ == "__main__":
    sys.exit(main())
