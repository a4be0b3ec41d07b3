"""The guard in a browser's machine code answers and counts as its Python does, pass for pass."""

from __future__ import annotations  # ptr16 and ptr32 are viper's, Python need not know them

import base64
import importlib
import json
import random
import shutil
import subprocess
from array import array

import pytest

from ionwand.device import source
from ionwand.virtual import viper

# Runs each call on the same memory, prints answers and arrays. 64 KiB: samples, request, snapshot.
RUN = """
const { code, name, calls, sizes } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const memory = new WebAssembly.Memory({ initial: 1 });
const module_ = new WebAssembly.Module(Buffer.from(code, "base64"));
const run = new WebAssembly.Instance(module_, { env: { memory } }).exports[name];
const words = new Int32Array(memory.buffer, 4096, sizes[1]);
const more = new Int32Array(memory.buffer, 8192, sizes[2]);
const halves = new Uint16Array(memory.buffer, 1024, sizes[0]);
const seen = calls.map(([samples, request, writes, others]) => {
  halves.set(samples);
  words.set(request);
  for (const [at, value] of writes) more[at] = value;
  return [run(1024, 4096, 8192, ...(others ?? [])), [...more]];
});
console.log(JSON.stringify(seen));
"""


def in_wasm(code, name, calls, sizes):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is missing: the guard's WebAssembly is not run (apt-get install nodejs)")
    text = json.dumps(
        {"code": base64.b64encode(code).decode(), "name": name, "calls": calls, "sizes": sizes}
    )
    done = subprocess.run([node, "-e", RUN], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sessions(seed, count):
    """Passes as sessions have them: mostly quiet, now and then something wild."""
    source.products()
    guard = importlib.import_module("firmware.guard")
    luck = random.Random(seed)
    request = [0] * guard.RQ_SIZE
    calls = []
    level = 0
    for number in range(count):
        if number % 400 == 0:
            request[guard.RQ_OUTPUT] = 0
            request[guard.RQ_SETPOINT_UA] = 0
            request[guard.RQ_ARM] = number // 400 + 1
            level = 0
        elif number % 400 == 5:
            request[guard.RQ_OUTPUT] = 1
            request[guard.RQ_BRIDGE] = luck.choice((1, 2, 2, 0))
            request[guard.RQ_SETPOINT_UA] = luck.choice((100, 250, 500, 501))
        elif number % 400 > 10:
            level = min(request[guard.RQ_SETPOINT_UA], level + 2)
        request[guard.RQ_HEARTBEAT] += luck.random() < 0.3
        if luck.random() < 0.1:
            request[guard.RQ_FRAME] += 1
            request[guard.RQ_PRECISE_A_UA] = max(0, level + luck.randint(-9, 9))
            request[guard.RQ_LOAD_MV] = level * luck.choice((18, 18, 18, 1))
        a = level * 4096 // 1650
        b = level * 4096 * 499 // 330_000
        samples = [a, b, 2600, 1600] * 4
        if luck.random() < 0.001:
            samples = [luck.randint(0, 4095) for _ in range(16)]
        dt_us = 500 if luck.random() < 0.999 else luck.choice((0, 2999, 9000))
        writes = [(guard.SN_DT_US, dt_us), (guard.SN_LATCH, int(luck.random() < 0.001))]
        # As if the setpoint had been there before: a rise is judged in a test of its own.
        writes.append((guard.SN_CEILING_PA, 517_000_000))
        calls.append((samples, list(request), writes))
    return guard, calls


@pytest.mark.req("S-02", "S-03", "S-07", "R-03")
@pytest.mark.parametrize("seed", range(3))
def test_guard_pass_for_pass(seed):
    guard, calls = sessions(seed, 4000)
    snapshot = array("i", [0] * guard.SN_SIZE)
    expected = []
    for samples, request, writes in calls:
        for at, value in writes:
            snapshot[at] = value
        answer = guard.guard_pass(array("H", samples), array("i", request), snapshot)
        expected.append([answer, list(snapshot)])
    seen = in_wasm(viper.guard(), "guard_pass", calls, (16, guard.RQ_SIZE, guard.SN_SIZE))
    assert seen == expected
    answers = [answer for answer, _ in expected]
    assert 0.1 < sum(answers) / len(answers) < 0.95  # both verdicts were there
    trips = {snapshot[guard.SN_TRIPS] for _, snapshot in expected}
    assert len(trips) > 4


@pytest.mark.req("S-02", "R-03")
@pytest.mark.parametrize("seed", range(3))
def test_rows_of_passes_end_where_the_answer_changes(seed):
    source.products()
    guard = importlib.import_module("firmware.guard")
    passes = importlib.import_module("hal.sim.passes")
    luck = random.Random(seed)
    request = [0] * guard.RQ_SIZE
    snapshot = array("i", [0] * guard.SN_SIZE)
    seen, calls = [], []
    for number in range(2000):
        request[guard.RQ_HEARTBEAT] = number
        request[guard.RQ_ARM] = 1 + number // 40
        request[guard.RQ_OUTPUT] = int(number % 40 > 2)
        request[guard.RQ_BRIDGE] = 2
        request[guard.RQ_SETPOINT_UA] = 250 if number % 40 > 2 else 0
        level = 0
        if snapshot[guard.SN_FEED]:
            level = 250 if luck.random() < 0.95 else 300  # too much trips in the third pass
        samples = [level * 4096 // 1650, level * 4096 * 499 // 330_000, 2600, 1600] * 4
        snapshot[guard.SN_CEILING_PA] = 517_000_000
        row = (luck.choice((1, 500, 600)), luck.randint(1, 12), snapshot[guard.SN_FEED])
        calls.append((samples, list(request), [(guard.SN_CEILING_PA, 517_000_000)], row))
        arrays = array("H", samples), array("i", request), snapshot
        done = passes.row(guard.guard_pass, *arrays, *row)
        seen.append([done, list(snapshot)])
    sizes = (16, guard.RQ_SIZE, guard.SN_SIZE)
    assert in_wasm(viper.guard(), "row", calls, sizes) == seen
    counts = {done for done, _ in seen}
    assert min(counts) < -1 and max(counts) == 12


def arithmetic(samples: ptr16, request: ptr32, snapshot: ptr32) -> int:  # noqa: F821
    """Everything that the compiler takes, in one function."""
    a = request[0]
    b = request[1]
    snapshot[0] = a // b
    snapshot[1] = a % b
    snapshot[2] = (a ^ b) | (a & 0xFF)
    snapshot[3] = (a >> 2) + (b << 1) - a * 3
    samples[0] = 65_535
    i = 0
    while i < 5:
        snapshot[4] += i
        if i == 3 or not 0 <= a < 100 and b != -7:
            snapshot[5] |= 1 << i
        elif a >= b:
            snapshot[6] -= 1
        else:
            snapshot[7] = samples[0]
        i += 1
    if a:
        return -1
    return a


def test_arithmetic_rounds_as_python_does():
    values = (-1000, -8, -7, -1, 0, 1, 3, 7, 99, 100, 12345)
    pairs = [(a, b) for a in values for b in values if b]
    calls = [([0] * 16, pair, [(at, 0) for at in range(8)]) for pair in pairs]
    expected = []
    for pair in pairs:
        snapshot = array("i", [0] * 8)
        answer = arithmetic(array("H", [0] * 16), array("i", pair), snapshot)
        expected.append([answer, list(snapshot)])
    code = viper.compile_function(arithmetic)
    assert in_wasm(code, "arithmetic", calls, (16, 2, 8)) == expected


def unknown_call(a: ptr32) -> int:  # noqa: F821
    return min(a[0], 1)


def real_number(a: ptr32) -> int:  # noqa: F821
    return a[0] + 0.5


def loop_over(a: ptr32) -> int:  # noqa: F821
    for _ in range(3):
        a[0] += 1
    return 0


def strange_argument(a: ptr8) -> int:  # noqa: F821
    return 0


def too_big(a: ptr32) -> int:  # noqa: F821
    return 0x1_0000_0000


@pytest.mark.parametrize(
    "function", (unknown_call, real_number, loop_over, strange_argument, too_big)
)
def test_what_it_does_not_know_it_refuses(function):
    with pytest.raises(viper.Unsupported):
        viper.compile_function(function)
