"""Run by the interpreter under test: main.py, unchanged, on the simulated board.

    micropython run.py JOB.json      (or CPython, which gets the shim for `micropython`)

A job may name a Python file as `inside`, whose `prepare(job, write)` makes the world instead of
job.py's. Prints trace rows and, at the end of the job's time, one line `#end {summary}`.
"""

import json
import os
import sys
import time


def main(job_path):
    here = __file__ if __file__.startswith("/") else "./" + __file__
    root = here[: here.rindex("/tools/ionwand/")]
    sys.path.insert(1, root)
    if sys.implementation.name != "micropython":
        sys.path.insert(1, root + "/tools/shim")
    import job as simulated

    with open(job_path) as file:
        job = json.load(file)
    prepare = simulated.prepare
    if "inside" in job:
        folder, _, name = job["inside"].rpartition("/")
        sys.path.insert(1, folder)
        prepare = __import__(name[: -len(".py")]).prepare
    path = root + "/main.py"
    with open(path) as file:
        code = compile(file.read(), path, "exec")
    records = job.get("records")
    write = None
    if job["trace"]:
        write = paced(time.time()) if job.get("realtime") else print
    world = prepare(job, write)
    if records:
        world.files.update(load(records))
    simulated.run(world, lambda: exec(code, {"__name__": "__main__"}))
    if records:
        save(records, world.files)
    print("#end " + json.dumps(world.observer.summary()))


def load(folder):
    """The wand's flash as an earlier run left it; choice and calibration are the job's."""
    files = {}
    for name in os.listdir(folder):
        if name.split(".")[0] in ("choice", "calibration"):
            continue
        with open(folder + "/" + name, "rb") as file:
            files[name] = file.read()
    return files


def save(folder, files):
    for name in files:
        with open(folder + "/" + name, "wb") as file:
            file.write(files[name])


def paced(begin_s):
    """`print` that waits until a row's time has come."""

    def write(line):
        try:
            wait_s = begin_s + int(line[: line.index(",")]) / 1e6 - time.time()
        except ValueError:  # the header
            wait_s = 0.0
        if wait_s > 0.0:
            time.sleep(wait_s)
        print(line)

    return write


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: run.py JOB.json", file=sys.stderr)
        sys.exit(2)
    try:
        main(sys.argv[1])
    except Exception as error:
        # MicroPython would print it to stdout, among the rows.
        if sys.implementation.name == "micropython":
            sys.print_exception(error, sys.stderr)
            sys.exit(1)
        raise
