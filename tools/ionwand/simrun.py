"""Run by the interpreter under test: main.py, unchanged, on the simulated board.

    micropython simrun.py JOB.json      (or CPython, which gets the shim for `micropython`)

Prints trace rows and, at the end of the job's time, one line `#end {summary}`.
"""

import json
import sys


def main(job_path):
    here = __file__.replace("\\", "/")
    root = here[: here.rindex("tools/ionwand/")].rstrip("/") or "."
    # Not this folder: its modules are the host's.
    sys.path[0] = root
    if sys.implementation.name != "micropython":
        sys.path.insert(1, root + "/tools/shim")
    sys.path.insert(1, root + "/tools/simulated")
    import job

    with open(job_path) as file:
        order = json.load(file)
    world = job.prepare(order, print if order.get("trace") else None)
    path = root + "/main.py"
    with open(path) as file:
        code = compile(file.read(), path, "exec")
    job.run(world, lambda: exec(code, {"__name__": "__main__"}))
    print("#end " + json.dumps(world.observer.summary()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: simrun.py JOB.json", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1])
