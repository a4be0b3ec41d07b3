"""One pass of the guard at every edge: just allowed, and just not [R-03].

Each case starts from a healthy pass with the output on, changes a little, and looks at one pass.
"""

from array import array

import pytest
from guard_bench import Bench

from firmware import faults, guard

A_UA, B_UA, E2_MV = 6600 / 65536, 2645 / 65536, 2081 / 1024  # of a sum of four codes
# The snapshot's private words, as guard.py lays them out: constants leave no names on the wand.
SLOTS = {"armed": 9, "bridge": 16, "beat": 17, "beat_us": 18, "over_us": 19, "apart_us": 20,
         "leak_us": 21, "on_us": 22, "frame": 23, "frames_apart": 24, "frames_short": 25,
         "output_rest": 26, "session_rest": 27, "charge_rest": 28,
         "mark_e2": 29, "mark_us": 30, "away_us": 31, "steep": 32, "flowed": 33,
         "ceiling": 34, "trip_a": 35, "trip_b": 36, "trip_e2": 37}  # fmt: skip
PUBLIC = {"dt_us": guard.SN_DT_US, "latch": guard.SN_LATCH, "passes": guard.SN_PASSES,
          "feed": guard.SN_FEED, "e2": guard.SN_E2_MV, "quiet_us": guard.SN_QUIET_US,
          "trips": guard.SN_TRIPS, "first": guard.SN_FIRST, "lifted": guard.SN_LIFTED,
          "output_ms": guard.SN_OUTPUT_MS, "session_ms": guard.SN_SESSION_MS,
          "charge_uc": guard.SN_CHARGE_UC, "a": guard.SN_A_UA, "b": guard.SN_B_UA,
          "battery": guard.SN_BATTERY_SUM}  # fmt: skip
REQUEST = {"rq_beat": guard.RQ_HEARTBEAT, "rq_arm": guard.RQ_ARM, "rq_output": guard.RQ_OUTPUT,
           "rq_setpoint": guard.RQ_SETPOINT_UA, "rq_bridge": guard.RQ_BRIDGE,
           "rq_frame": guard.RQ_FRAME, "rq_precise": guard.RQ_PRECISE_A_UA,
           "rq_load": guard.RQ_LOAD_MV}  # fmt: skip
HEALTHY = {"a": 250, "e2": 20_000, "dt_us": 500, "feed": 1, "armed": 1, "bridge": 1, "on_us": 3001,
           "rq_beat": 1, "rq_arm": 1, "rq_output": 1, "rq_setpoint": 250,
           "rq_bridge": 1, "rq_precise": 250, "rq_load": 5000,
           "ceiling": 517_000_000, "flowed": 250}  # fmt: skip
SMALL = {"a": 5, "rq_setpoint": 5, "e2": 3001}
OFF = {"feed": 0, "rq_output": 0, "a": 0, "on_us": 0}


def codes(value, unit):
    """Four different codes whose sum reads as `value`, or a little more."""
    total = -int(-value // unit)
    return (total // 4 + total % 4, total // 4 - min(1, total // 4), total // 4,
            total // 4 + min(1, total // 4))  # fmt: skip


def one(**given):
    """What one pass leaves: the words by name, and `answer`. `was_e2`: of the pass before."""
    given = dict(HEALTHY, **given)
    a_ua, e2_mv = given.pop("a"), given.pop("e2")
    b_ua = given.pop("b", a_ua)
    samples, request = array("H", [0] * 16), array("i", [0] * guard.RQ_SIZE)
    snapshot = array("i", [0] * guard.SN_SIZE)
    for channel, (value, unit) in enumerate(((a_ua, A_UA), (b_ua, B_UA), (e2_mv, E2_MV))):
        for i, code in enumerate(codes(value, unit)):
            samples[4 * i + channel] = code
    for i in range(4):
        samples[4 * i + 3] = 1001 * (i + 1)
    snapshot[guard.SN_E2_MV] = snapshot[SLOTS["mark_e2"]] = given.pop("was_e2", e2_mv)
    for name in given:
        if name in REQUEST:
            request[REQUEST[name]] = given[name]
        else:
            snapshot[PUBLIC[name] if name in PUBLIC else SLOTS[name]] = given[name]
    answer = guard.guard_pass(samples, request, snapshot)
    found = {name: snapshot[slot] for name, slot in dict(SLOTS, **PUBLIC).items()}
    assert answer == found["feed"]
    return dict(found, answer=answer)


# What is given, and what one pass makes of it.
EDGES = (
    # readings
    ({"a": 373, "e2": 9002, "rq_setpoint": 400}, {"a": 373, "b": 373, "e2": 9002}),
    ({"a": 300, "b": 290, "rq_setpoint": 300}, {"a": 300, "b": 290, "battery": 10_010}),
    ({"passes": 7}, {"passes": 8}), ({"passes": 0x1FFFFFFE}, {"passes": 0x1FFFFFFF}),
    ({"passes": 0x1FFFFFFF}, {"passes": 0}),
    # requests
    ({"rq_setpoint": 500}, {"answer": 1}), ({"rq_setpoint": 501}, {"trips": faults.BAD_REQUEST}),
    ({"rq_setpoint": -1, "a": 0}, {"trips": faults.BAD_REQUEST}),
    ({"rq_setpoint": 0, "a": 0}, {"answer": 1, "trips": 0}),
    ({"rq_setpoint": 501, "a": 15}, {"over_us": 0}),  # refused is 0, and its margin 15
    ({"rq_setpoint": 501, "a": 16}, {"over_us": 500}),
    ({"rq_output": 2}, {"answer": 0, "trips": 0}), ({"rq_output": -1}, {"answer": 0, "trips": 0}),
    ({"rq_output": 2, "lifted": 1}, {"answer": 0, "lifted": 1}),
    ({"rq_output": 0, "lifted": 1}, {"answer": 0, "lifted": 0}),
    ({"rq_bridge": 2}, {"trips": faults.BAD_REQUEST, "bridge": 1}),
    ({"rq_bridge": 0}, {"trips": faults.BAD_REQUEST}),
    ({"rq_bridge": 0, "bridge": 0}, {"trips": faults.BAD_REQUEST, "bridge": 0}),
    ({"rq_bridge": 1, "bridge": 0}, {"answer": 1, "bridge": 1}),
    ({"rq_bridge": 2, "bridge": 0}, {"answer": 1, "bridge": 2}),
    ({"rq_bridge": 3, "bridge": 0}, {"trips": faults.BAD_REQUEST, "bridge": 0}),
    ({"rq_bridge": -1, "bridge": 0}, {"trips": faults.BAD_REQUEST, "bridge": 0}),
    ({"armed": 0, "rq_arm": 0}, {"trips": faults.BAD_REQUEST}),
    ({"rq_output": -1, "lifted": 1}, {"answer": 0, "lifted": 1}),
    # arming
    (dict(OFF, rq_arm=-5, trips=6, rq_setpoint=0), {"armed": -5, "trips": 0}),
    (dict(OFF, rq_arm=70_000, armed=70_000, trips=6), {"trips": 6}),
    ({"armed": -5, "rq_arm": -5}, {"answer": 1, "session_rest": 500}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, trips=6, first=2, charge_uc=9, charge_rest=9, lifted=1),
     {"armed": 2, "trips": 0, "first": 0, "charge_uc": 0, "charge_rest": 0, "passes": 1}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, rq_beat=0), {"beat_us": 500}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, rq_beat=1), {"beat_us": 0}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, rq_beat=-1), {"beat_us": 0}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, a=30, b=0), {"apart_us": 500, "leak_us": 500}),
    (dict(OFF, rq_arm=2, rq_setpoint=0, dt_us=10, mark_us=5), {"mark_us": 10, "mark_e2": 0}),
    (dict(OFF, rq_arm=2, rq_setpoint=10), {"ceiling": 35_000, "steep": 0}),
    (dict(OFF, rq_arm=0, trips=6, charge_rest=9), {"armed": 0, "trips": 6, "charge_rest": 9}),
    (dict(OFF, trips=6, charge_rest=9), {"armed": 1, "trips": 6, "charge_rest": 9}),
    (dict(OFF, rq_arm=2, feed=1, trips=6), {"armed": 1, "trips": 6}),
    (dict(OFF, rq_arm=2, rq_output=1, rq_setpoint=0, trips=6), {"armed": 1, "trips": 6}),
    (dict(OFF, rq_arm=2, rq_output=-1, rq_setpoint=0, trips=6), {"armed": 1, "trips": 6}),
    # time of a pass
    ({"dt_us": 1}, {"answer": 1, "session_rest": 1, "output_rest": 1}),
    ({"dt_us": 3000}, {"answer": 1, "session_ms": 3, "session_rest": 0, "output_ms": 3}),
    ({"dt_us": 3001}, {"trips": faults.GUARD_LATE, "session_ms": 3, "output_ms": 3}),
    ({"dt_us": 0}, {"trips": faults.GUARD_LATE, "session_ms": 3}),
    (dict(OFF, dt_us=0), {"trips": 0, "session_ms": 3, "output_ms": 0}),
    ({"dt_us": 999}, {"session_ms": 0, "session_rest": 999, "output_ms": 0, "output_rest": 999}),
    ({"dt_us": 1, "session_rest": 999, "output_rest": 999},
     {"session_ms": 1, "session_rest": 0, "output_ms": 1, "output_rest": 0}),
    (dict(OFF, dt_us=1, session_rest=500), {"session_rest": 501, "session_ms": 0}),
    (dict(OFF, armed=0, rq_arm=0), {"session_rest": 0}),
    ({"session_ms": 1_199_999, "session_rest": 500}, {"trips": faults.TIME_CAP}),
    ({"session_ms": 1_199_999, "session_rest": 499}, {"answer": 1, "session_rest": 999}),
    (dict(OFF, session_ms=1_200_000, session_rest=9), {"session_rest": 9, "trips": 0}),
    ({"output_ms": 899_999, "output_rest": 500}, {"trips": faults.TIME_CAP}),
    ({"output_ms": 899_999, "output_rest": 499}, {"answer": 1}),
    # what a search drives is no output
    ({"a": 5, "rq_setpoint": 5}, {"output_rest": 0}),
    ({"a": 6, "rq_setpoint": 6}, {"output_rest": 0}),
    ({"a": 7, "rq_setpoint": 7}, {"output_rest": 500}),
    # charge
    ({"a": 500, "rq_setpoint": 500, "dt_us": 2000}, {"charge_uc": 1, "charge_rest": 0}),
    ({"a": 400, "b": 410, "rq_setpoint": 400, "dt_us": 2000}, {"charge_rest": 820_000}),
    ({"charge_uc": 299_999, "charge_rest": 875_000}, {"trips": faults.CHARGE_CAP}),
    ({"charge_uc": 299_999, "charge_rest": 874_999}, {"answer": 1, "charge_rest": 999_999}),
    # main loop
    ({"beat": 1, "beat_us": 99_500}, {"answer": 1, "beat_us": 100_000}),
    ({"beat": 1, "beat_us": 99_501}, {"trips": faults.HEARTBEAT, "beat_us": 100_001}),
    (dict(OFF, beat=1, beat_us=100_000), {"beat_us": 100_500, "trips": 0}),
    (dict(OFF, beat=1, beat_us=100_001), {"beat_us": 100_001}),
    ({"beat": 70_000, "rq_beat": 70_000, "beat_us": 99_501}, {"trips": faults.HEARTBEAT}),
    ({"beat": 2, "beat_us": 99_999}, {"beat_us": 0, "beat": 1}),
    ({"beat": 0, "beat_us": 99_999}, {"beat_us": 0, "beat": 1}),
    # over-current
    ({"a": 549, "rq_setpoint": 500}, {"answer": 1}),
    ({"a": 550, "rq_setpoint": 500}, {"trips": faults.OVER_CURRENT}),
    ({"a": 549, "b": 550, "rq_setpoint": 500}, {"trips": faults.OVER_CURRENT}),
    ({"latch": 1}, {"trips": faults.COMPARATOR}),
    (dict(OFF, latch=1), {"trips": faults.COMPARATOR, "first": faults.COMPARATOR}),
    # two senses
    ({"a": 200, "b": 180}, {"apart_us": 0}), ({"a": 200, "b": 179}, {"apart_us": 500}),
    ({"a": 180, "b": 200}, {"apart_us": 0}), ({"a": 179, "b": 200}, {"apart_us": 500}),
    ({"a": 100, "b": 80, "rq_setpoint": 100}, {"apart_us": 0}),
    ({"a": 300, "b": 270, "rq_setpoint": 300}, {"apart_us": 0}),
    ({"a": 300, "b": 269, "rq_setpoint": 300}, {"apart_us": 500}),
    ({"a": 200, "b": 179, "apart_us": 1899}, {"answer": 1, "apart_us": 2399}),
    ({"a": 200, "b": 179, "apart_us": 1900}, {"trips": faults.SENSE_MISMATCH, "apart_us": 2400}),
    ({"a": 200, "b": 180, "apart_us": 2000}, {"answer": 1, "apart_us": 0}),
    # gate off
    (dict(OFF, a=14, quiet_us=9), {"leak_us": 0, "quiet_us": 0}),
    (dict(OFF, a=15), {"leak_us": 500, "trips": 0}),
    (dict(OFF, a=15, leak_us=4499), {"leak_us": 4999, "trips": 0}),
    (dict(OFF, a=15, leak_us=4500), {"leak_us": 5000, "trips": faults.GATE_LEAK}),
    (dict(OFF, a=14, leak_us=4500), {"leak_us": 0, "trips": 0}),
    (dict(OFF, a=4), {"quiet_us": 500}), (dict(OFF, a=5, quiet_us=500), {"quiet_us": 0}),
    (dict(OFF, quiet_us=999_999), {"quiet_us": 1_000_499}),
    (dict(OFF, quiet_us=1_000_000), {"quiet_us": 1_000_000}),
    ({"quiet_us": 500}, {"quiet_us": 0}), (dict(OFF, on_us=3001), {"on_us": 0}),
    # over the setpoint
    ({"a": 35, "rq_setpoint": 20}, {"over_us": 0}),
    ({"a": 36, "rq_setpoint": 20}, {"over_us": 500}),
    ({"a": 330, "rq_setpoint": 300}, {"over_us": 0}),
    ({"a": 331, "rq_setpoint": 300}, {"over_us": 500}),
    ({"a": 290, "over_us": 899}, {"answer": 1, "over_us": 1399}),
    ({"a": 290, "over_us": 900}, {"trips": faults.OVER_SETPOINT, "over_us": 1400}),
    ({"over_us": 900}, {"over_us": 0}),
    # how steep it may rise
    ({"flowed": 0, "ceiling": 249_965_000}, {"answer": 1, "ceiling": 250_000_000, "flowed": 250}),
    ({"flowed": 0, "ceiling": 249_964_999}, {"trips": faults.BAD_REQUEST}),
    ({"dt_us": 1000, "flowed": 0, "ceiling": 250_000_000}, {"ceiling": 250_070_000}),
    ({"steep": 1, "rq_setpoint": 100, "a": 100, "ceiling": 100_000_000},
     {"ceiling": 100_306_000, "steep": 1, "flowed": 250}),
    ({"steep": 2, "rq_setpoint": 100, "a": 100, "ceiling": 100_000_000},
     {"ceiling": 100_765_000, "steep": 2, "flowed": 250}),
    ({"steep": 2, "ceiling": 267_000_000}, {"ceiling": 267_000_000, "steep": 2}),
    ({"steep": 2, "ceiling": 267_000_001}, {"ceiling": 267_000_000, "steep": 0, "flowed": 250}),
    ({"steep": 2, "flowed": 232, "ceiling": 249_235_000}, {"steep": 0, "answer": 0}),
    ({"steep": 2, "flowed": 233, "ceiling": 249_235_000}, {"steep": 2, "answer": 1}),
    ({"rq_setpoint": 500, "a": 500, "ceiling": 600_000_000}, {"ceiling": 517_000_000}),
    ({"a": 3, "rq_setpoint": 6, "away_us": 89_499},
     {"steep": 2, "away_us": 89_999, "flowed": 250}),
    ({"a": 3, "rq_setpoint": 6, "away_us": 89_500},
     {"steep": 1, "away_us": 90_000, "flowed": 250}),
    ({"a": 3, "rq_setpoint": 6, "away_us": 2_059_499}, {"steep": 1, "flowed": 250}),
    ({"a": 3, "rq_setpoint": 6, "away_us": 2_059_500}, {"steep": 1, "flowed": 0}),
    ({"a": 3, "rq_setpoint": 7, "away_us": 9}, {"steep": 0, "flowed": 7, "away_us": 509}),
    ({"a": 14, "away_us": 2_060_000}, {"away_us": 2_060_000}),
    ({"a": 14, "away_us": 2_059_999}, {"away_us": 2_060_499}),
    ({"a": 15, "away_us": 9}, {"away_us": 0}), ({"away_us": 9}, {"away_us": 0}),
    (dict(OFF, a=15, away_us=9), {"away_us": 509}),
    # open circuit
    ({"on_us": 0}, {"on_us": 500}), ({"on_us": 3000}, {"on_us": 3500}),
    ({"on_us": 3001}, {"on_us": 3001}),
    ({"a": 5, "e2": 599, "rq_setpoint": 10}, {"lifted": 1, "answer": 0, "trips": 0}),
    ({"a": 6, "e2": 599, "rq_setpoint": 10}, {"lifted": 0, "answer": 1}),
    ({"a": 5, "e2": 601, "rq_setpoint": 10}, {"lifted": 0}),
    ({"a": 5, "e2": 599, "rq_setpoint": 10, "on_us": 2500}, {"lifted": 0, "on_us": 3000}),
    ({"a": 5, "e2": 599, "rq_setpoint": 10, "on_us": 2501}, {"lifted": 1, "on_us": 3001}),
    ({"a": 5, "e2": 599, "rq_setpoint": 10, "on_us": 0}, {"lifted": 0, "on_us": 500}),
    ({"a": 7, "e2": 599, "rq_setpoint": 10}, {"lifted": 0, "answer": 1}),
    # with the bleed closed it is none
    ({"a": 5, "e2": 599, "rq_setpoint": 3}, {"lifted": 2, "answer": 0, "trips": 0}),
    ({"a": 5, "e2": 599, "rq_setpoint": 2}, {"lifted": 2}),
    ({"a": 7, "e2": 599, "rq_setpoint": 3}, {"lifted": 0}),
    ({"a": 5, "e2": 599, "rq_setpoint": 4}, {"lifted": 1}),
    ({"a": 5, "e2": 601, "rq_setpoint": 3}, {"lifted": 0}),
    ({"a": 6, "e2": 599, "rq_setpoint": 3}, {"lifted": 0}),
    ({"a": 5, "e2": 599, "was_e2": 9000, "rq_setpoint": 3}, {"lifted": 2}),
    ({"a": 5, "e2": 599, "rq_setpoint": 0, "on_us": 2500}, {"lifted": 0}),
    ({"a": 121, "e2": 612}, {"lifted": 1}), ({"a": 122, "e2": 612}, {"lifted": 0}),
    ({"a": 100, "e2": 798}, {"lifted": 1}), ({"a": 99, "e2": 798}, {"lifted": 0}),
    ({"e2": 3001, "was_e2": 5501}, {"lifted": 0}), ({"e2": 3001, "was_e2": 5502}, {"lifted": 1}),
    ({"e2": 3001, "was_e2": 5502, "dt_us": 501}, {"lifted": 0}),
    ({"e2": 3001, "was_e2": 1}, {"lifted": 0}),
    # the same fall in shorter passes, since a mark
    ({"e2": 3001, "was_e2": 5501, "dt_us": 10}, {"lifted": 0, "mark_us": 10, "mark_e2": 5501}),
    ({"e2": 3001, "was_e2": 5502, "dt_us": 10}, {"lifted": 1, "mark_us": 10, "mark_e2": 5502}),
    ({"was_e2": 1, "dt_us": 10, "mark_us": 489}, {"mark_us": 499, "mark_e2": 1}),
    ({"was_e2": 1, "dt_us": 10, "mark_us": 490}, {"mark_us": 0, "mark_e2": 20_001}),
    ({"e2": 3001, "was_e2": 5551, "dt_us": 20, "mark_us": 490}, {"lifted": 0, "mark_us": 0}),
    ({"e2": 3001, "was_e2": 5552, "dt_us": 20, "mark_us": 490}, {"lifted": 1, "mark_us": 0}),
    (dict(OFF, was_e2=1, mark_us=490, dt_us=10), {"mark_us": 0, "mark_e2": 20_001}),
    # From 5 to 49 µA: 1 V/ms over 1.5 ms.
    (dict(SMALL, was_e2=4501), {"lifted": 0}), (dict(SMALL, was_e2=4502), {"lifted": 1}),
    (dict(SMALL, rq_setpoint=4, was_e2=4502), {"lifted": 0}),
    (dict(SMALL, a=49, rq_setpoint=49, was_e2=4502), {"lifted": 1}),
    (dict(SMALL, a=50, rq_setpoint=50, was_e2=4502), {"lifted": 0}),
    (dict(SMALL, dt_us=10, mark_us=1489, was_e2=3002), {"mark_us": 1499, "mark_e2": 3002}),
    (dict(SMALL, dt_us=10, mark_us=1490, was_e2=3002), {"mark_us": 0, "mark_e2": 3001}),
    (dict(SMALL, dt_us=20, mark_us=1490, was_e2=4511), {"lifted": 0, "mark_us": 0}),
    (dict(SMALL, dt_us=20, mark_us=1490, was_e2=4512), {"lifted": 1, "mark_us": 0}),
    # frames of the precise converter
    ({"rq_frame": 1, "rq_precise": 276}, {"frames_apart": 1, "frame": 1}),
    ({"a": 150, "rq_frame": 1, "rq_precise": 170}, {"frames_apart": 0}),
    ({"a": 150, "rq_frame": 1, "rq_precise": 171}, {"frames_apart": 1}),
    ({"a": 150, "rq_frame": 1, "rq_precise": 130}, {"frames_apart": 0}),
    ({"a": 150, "rq_frame": 1, "rq_precise": 129}, {"frames_apart": 1}),
    ({"a": 160, "rq_frame": 1, "rq_precise": 140}, {"frames_apart": 0}),
    ({"a": 150, "rq_frame": 1, "rq_precise": 0x10096}, {"frames_apart": 0}),
    ({"a": 400, "rq_setpoint": 400, "rq_frame": 1, "rq_precise": 440}, {"frames_apart": 0}),
    ({"a": 400, "rq_setpoint": 400, "rq_frame": 1, "rq_precise": 441}, {"frames_apart": 1}),
    ({"a": 10, "rq_setpoint": 10, "rq_frame": 1, "rq_precise": 0xFFFF}, {"frames_apart": 1}),
    ({"rq_frame": 1, "frames_apart": 3}, {"frames_apart": 0}),
    ({"rq_frame": 1, "rq_precise": 0, "frames_apart": 3}, {"frames_apart": 4, "answer": 1}),
    ({"rq_frame": 1, "rq_precise": 0, "frames_apart": 4}, {"trips": faults.PRECISE_MISMATCH}),
    ({"rq_frame": 0, "frame": 1, "rq_precise": 0}, {"frames_apart": 1, "frame": 0}),
    ({"rq_frame": 1, "frame": 1, "rq_precise": 0}, {"frames_apart": 0}),
    ({"rq_frame": 1, "rq_precise": 0, "on_us": 2500}, {"frames_apart": 0, "frame": 1}),
    ({"rq_frame": 1, "rq_precise": 0, "on_us": 2501}, {"frames_apart": 1}),
    ({"rq_frame": 1, "rq_precise": 0, "on_us": 0}, {"frames_apart": 0}),
    ({"rq_frame": 70_000, "frame": 70_000, "rq_precise": 0}, {"frames_apart": 0}),
    ({"rq_frame": 1, "rq_precise": 0, "frames_apart": 5}, {"trips": faults.PRECISE_MISMATCH}),
    # the leads
    ({"a": 100, "rq_precise": 100, "rq_frame": 1, "rq_load": 170}, {"frames_short": 0}),
    ({"a": 100, "rq_precise": 100, "rq_frame": 1, "rq_load": 169}, {"frames_short": 1}),
    ({"a": 70, "rq_precise": 70, "rq_frame": 1, "rq_load": 119}, {"frames_short": 0}),
    ({"a": 100, "rq_precise": 100, "rq_frame": 1, "rq_load": 0x100AA}, {"frames_short": 0}),
    ({"a": 50, "rq_precise": 50, "rq_setpoint": 50, "rq_frame": 1, "rq_load": 0},
     {"frames_short": 0}),
    ({"a": 51, "rq_precise": 51, "rq_setpoint": 51, "rq_frame": 1, "rq_load": 0},
     {"frames_short": 1}),
    ({"rq_frame": 1, "frames_short": 4}, {"frames_short": 0}),
    ({"rq_frame": 1, "rq_load": 0xFFFF}, {"frames_short": 0}),
    ({"rq_frame": 1, "rq_load": 0, "frames_short": 3}, {"frames_short": 4, "answer": 1}),
    ({"rq_frame": 1, "rq_load": 0, "frames_short": 4}, {"trips": faults.LOAD_SHORT}),
    ({"rq_frame": 1, "rq_load": 0, "frames_short": 5}, {"trips": faults.LOAD_SHORT}),
    # trips
    ({"trips": 4, "first": 4}, {"answer": 0, "trips": 4, "first": 4}),
    ({"trips": 4, "first": 4, "latch": 1}, {"trips": 4 | faults.COMPARATOR, "first": 4}),
    ({"lifted": 1}, {"answer": 0, "lifted": 1, "trips": 0}),
    ({"a": 550, "rq_setpoint": 500, "latch": 1},
     {"first": faults.OVER_CURRENT | faults.COMPARATOR}),
)  # fmt: skip


@pytest.mark.req("R-03", "S-01", "S-02", "S-03", "S-04", "S-05", "S-07", "S-09", "S-10", "S-20")
@pytest.mark.parametrize("given, wanted", EDGES)
def test_one_pass(given, wanted):
    found = one(**given)
    assert {name: found[name] for name in wanted} == wanted
    if wanted.get("trips"):
        assert found["answer"] == 0


@pytest.mark.req("S-10")
def test_the_healthy_pass_is_fed_and_leaves_nothing():
    found = one()
    assert found["answer"] == 1
    for name in ("trips", "first", "lifted", "over_us", "apart_us", "leak_us", "quiet_us",
                 "frames_apart", "frames_short", "beat_us"):  # fmt: skip
        assert found[name] == 0, name


@pytest.mark.req("R-08")
def test_codes_that_no_converter_gives_stay_readings():
    samples = array("H", [0xFFFF] * 16)
    snapshot = array("i", [0] * guard.SN_SIZE)
    assert guard.guard_pass(samples, array("i", [0] * guard.RQ_SIZE), snapshot) == 0
    found = [snapshot[i] for i in (guard.SN_A_UA, guard.SN_B_UA, guard.SN_E2_MV)]
    assert found == [1649, 661, 33_287]


@pytest.mark.req("R-03", "R-08")
def test_the_arrays_are_as_long_as_what_is_in_them():
    assert (guard.RQ_SIZE, guard.SN_SIZE) == (max(REQUEST.values()) + 1, max(SLOTS.values()) + 1)


@pytest.mark.req("S-02", "F-11")
def test_what_the_first_tripping_pass_saw_stays_until_the_next_arming():
    samples = array("H", [0] * 16)
    request = array("i", [0] * guard.RQ_SIZE)
    snapshot = array("i", [0] * guard.SN_SIZE)

    def seen(a, b, e2):
        for i in range(4):
            samples[4 * i : 4 * i + 3] = array("H", [a, b, e2])
        snapshot[guard.SN_DT_US] = 500
        guard.guard_pass(samples, request, snapshot)
        return [snapshot[i] for i in (guard.SN_TRIP_A_UA, guard.SN_TRIP_B_UA, guard.SN_TRIP_E2_MV)]

    assert seen(10, 20, 600) == [0, 0, 0]
    first = seen(2000, 3000, 100)
    assert first == [snapshot[i] for i in (guard.SN_A_UA, guard.SN_B_UA, guard.SN_E2_MV)]
    assert seen(0, 0, 0) == seen(3000, 3000, 9) == first
    request[guard.RQ_ARM] = 1
    assert seen(0, 0, 0) == [0, 0, 0]


# After the pass that arms, with a healthy output that is off: what is not 0.
ARMED = {"beat": 2, "session_rest": 500, "away_us": 500, "steep": 2, "ceiling": 17_000_000}
COUNTED = {"trips": guard.SN_TRIPS, "first": guard.SN_FIRST, "lifted": guard.SN_LIFTED,
           "output_ms": guard.SN_OUTPUT_MS, "session_ms": guard.SN_SESSION_MS,
           "charge_uc": guard.SN_CHARGE_UC}  # fmt: skip


@pytest.mark.req("R-03", "S-07", "S-20")
@pytest.mark.parametrize("before", [0, 7])
def test_arming_leaves_nothing_of_what_was(before):
    bench = Bench(flowing=False)
    slots = dict(COUNTED)
    slots.update(SLOTS)
    del slots["armed"]
    for slot in slots.values():
        bench.snapshot[slot] = before
    bench.request[guard.RQ_ARM] = 2
    bench.step()
    for name, slot in slots.items():
        assert bench.snapshot[slot] == ARMED.get(name, 0), name
