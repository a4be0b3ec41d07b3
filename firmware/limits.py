"""Every hard limit of the wand, as code.

No setting, product, calibration or console command raises one of these: whoever wants another
limit changes this file, and the tests named by the ids tell what else has to follow.
Units are in the names: µA, mV, Ω, ms, µs, µC. Sources: [D] what is
published about skin and current (docs/skin.md), [E] the circuit (docs/hardware.md),
[S-..]/[F-..] tools/requirements.toml.
"""

from micropython import const

# --- current -------------------------------------------------------------------------------
# 0.5 mA/cm2 is the highest density published for humans; a roller may touch on 1 cm2 [D].
SETPOINT_MAX_UA = const(500)  # [S-01]
SETPOINT_MAX_NA = const(500_000)
OVER_CURRENT_UA = const(550)  # [S-02] 10 % above the highest setpoint, below the 638 µA comparator
OVER_SETPOINT_UA = const(15)  # [S-02] margin over the setpoint: the larger of this ...
OVER_SETPOINT_PERCENT = const(10)  # ... and this, for
OVER_SETPOINT_US = const(1400)  # 27 time constants of the setpoint's filter
MISMATCH_UA = const(20)  # [S-03] senses A and B apart by more than the larger of this
MISMATCH_PERCENT = const(10)  # and this, for
MISMATCH_US = const(2400)  # 24 time constants of the slowest filter, 99 µs
MISMATCH_FRAMES = const(5)  # or five frames of the precise converter
GATE_LEAK_UA = const(15)  # current with the gate off: five RP2040 offsets (10 LSB = 4 µA) ... [E]
GATE_LEAK_US = const(5000)  # ... for longer than any switch takes to open
QUIET_UA = const(5)  # [S-09] both senses below this count as "no current"
QUIET_US = const(5000)  # [S-09] for this long, before and after a change of the bridge

# --- ramps ---------------------------------------------------------------------------------
# 30 s to 2 mA is the tolerated norm: about 70 µA/s [D]. 68 leaves room for 2 % of gain error.
RAMP_NA_PER_MS = const(68)  # [S-08]
# Back after the roller has left the skin for a moment: to a current that this skin has just
# carried, from zero, and never above it. A bounce is over before anybody feels that it was one;
# after a hop it is as steep as the fall at the end of a treatment.
BOUNCE_MS = const(30)  # [F-07] off for less is a bounce
BOUNCE_NA_PER_MS = const(1500)  # [S-08] 250 µA in 0.17 s
HOP_MS = const(2000)  # [F-07] off for less is a hop, for longer a lift
HOP_NA_PER_MS = const(600)  # [S-08]
FOUND_MS = const(60)  # from contact until current rises: rest, a frame, and a quick search
RAMP_MOST_NA_PER_MS = const(70)  # the guard's: the ramps' slopes, and 2 % of another clock
HOP_MOST_NA_PER_MS = const(612)
BOUNCE_MOST_NA_PER_MS = const(1530)
RISE_MARGIN_UA = const(17)  # the guard's: what a late tick of the steepest may step, and rounding
FLOWS_UA = const(15)  # with less the roller is off the skin, whatever is asked for
SAME_SKIN_FACTOR = const(3)  # [S-08] impedance within this of what it was, or as slow as ever
SAME_SKIN_MV = const(3000)  # allowed beside: what electrodes and skin keep of their voltage [D]
SAME_SKIN_NA = const(30_000)  # judged from here on
BAD_BOUNCES = const(6)  # [F-07] told as a bad contact: ten a second, and some fall into one search
RAMP_TICK_MAX_MS = const(10)  # a late tick must not turn into a step: this much is caught up
RAMP_DOWN_NA_PER_MS = const(600)  # [S-18] 500 µA to zero in 0.84 s, inside the 1.1 s allowed

# A DAC that is not where it was put: less flows by the sum of these ...
LOST_NA = const(20_000)  # four times the fast converter's offset
LOST_SHIFT = const(2)  # ... and a quarter, ...
LOST_E2_MV = const(1500)  # while M1 has more than this left, so that it is not the supply ...
LOST_MS = const(10)  # ... for two ticks, in which nothing is written
LOSS_MS = const(400)  # a joint that opens again and again for less: each counts so much, it ...
LOSSES_MS = const(900)  # ... wears off with time, and the third within 0.3 s is over this

# The loop holds sense A: one frame of the precise converter above what the DAC was told by the sum
# of these, and the guard's own converter stands still [S-03]. In health 2 % and 2 µA [F-05].
PRECISE_OVER_NA = const(10_000)
PRECISE_OVER_SHIFT = const(2)  # and a quarter

# What drifts in a session by less than the guard trips at [S-03]: on the mean of 128 frames each
# sense may be apart from the precise converter by the fast one's offset and steps, 6 µA, ...
DRIFT_NA = const(6000)
DRIFT_PERCENT = const(5)  # ... and by this: 1 % of reference, 0.3 of gain, the rest is a fault
# The precise converter's own gain: sense A against what the DAC was told, zero errors aside. DAC
# reference 0.36 %, gain 0.15, R_SET and divider 0.3, steps 0.3 [E]; all that a trim can hide.
TOLD_NA = const(600)
TOLD_PERMILLE = const(16)
APART_NA = const(4500)  # and B from A on one converter by its offset and steps, and 1 %
# A frame takes 6 ms, 10 % by the converter's own oscillator: more in a second of ours, and the
# crystal is slow, or the converter is not as it was set up.
FRAMES_MOST = const(230)

# --- touch ---------------------------------------------------------------------------------
# Whatever touches the roller meets at most 0.5 V and 0.5 nC, up to 2 nF of output [S-21]: 0.25 V.
# An open output takes 2.4 µA of the dividers, up to 0.6 µA of offsets and what is driven.
BLEED_OHM = const(47_000)  # across the output, closed whenever the gate is off [E]
BLEED_NA = const(2000)  # and until so much is driven: 4.6 µA on 47 kΩ are 0.22 V
SEARCH_FRAMES = const(100)  # 0.6 s of the precise converter: 1 % of hum is left, 1 mV of ripple
SEARCH_SHARE = const(41)  # of 1024: open within 4 % of what nobody touching reads, R > 1.1 MΩ
SEARCH_NA = const(1200)  # every other look, beside the dividers' 2.4 µA
SEARCH_QUICK_FRAMES = const(3)  # 18 ms: nearly a period of 50 and of 60 Hz
SEARCH_QUICK_SHIFT = const(1)  # so, within half of it
GONE_NA = const(1300)  # above a search's: from here until the bleed opens, a frame may call it off
GONE_SHIFT = const(2)  # within a quarter of an open output, found outside of half: no flutter
GONE_MOST = const(5)  # so often in a row: electrodes may hold just what an open output reads
LEARN_FRAMES = const(50)  # 300 ms: what nobody touching reads, in the first proof
MEAN_FRAMES = const(17)  # 100 ms: once again, for what is judged closely

# --- load ----------------------------------------------------------------------------------
LEADS_OHM = const(2000)  # 1.00 kΩ in each electrode lead [E]
SHORT_LOAD_OHM = const(1700)  # [S-05] below what the leads allow: the bridge is stuck closed
SHORT_LOAD_MIN_UA = const(50)
SHORT_LOAD_FRAMES = const(5)
OPEN_UA = const(6)  # [S-04] less than this flows ...
OPEN_E2_MV = const(600)  # ... although the regulator has pulled the low rail down: R > 4 MΩ [E]
# Up to here the bleed is closed: BLEED_NA and what the divider takes at 11 V and more of low rail.
BLED_UA = const(3)
# Skin never moves faster than 1.7 V/ms, an open output at 50 µA moves 70 V/ms [E]. Both go with
# the current: of an output of 2 nF [S-21] the 4.4 µA that open the bleed make 2.2 V/ms. With less
# the bleed holds an open output, and a fall is the touch of skin that still holds its charge.
OPEN_SLEW_MV_PER_MS = const(5000)
OPEN_SLEW_SMALL_MV_PER_MS = const(1000)  # at setpoints from the bleed's and the divider's own ...
OPEN_SLEW_FROM_UA = const(5)
OPEN_SLEW_BELOW_UA = const(50)  # ... up to here
# 1.5 V at least: a resistor of 300 kΩ takes 1.2 V as the bleed opens, skin far less at once.
OPEN_SLEW_SMALL_US = const(1500)
OPEN_SLEW_US = const(500)  # and over 2.5 V at least, which no step of converter or current is
SETTLE_US = const(3000)  # after gate-on: K1's 2.5 ms at most, five times the dividers' 99 µs [E]
SKIN_MIN_OHM = const(1000)  # [S-06] a ring, a bridge of gel: refused whatever the product is for
# [S-06] Horny layer and hand, at the first contact; tools/proof/barrier.py shows where they lie.
BARRIER_MIN_OHM = const(3500)  # less than healthy skin has, wet and on 4 cm2: refused
BARRIER_LOW_OHM = const(18_000)  # may be skin without its barrier, and a hand: AFTER_PEEL_MAX_UA
# A voltage that follows so late is the hand's: 4 cm2 of roller have 80 nF, a grip's 15 have 300.
HAND_NF = const(100)
HAND_US = const(5000)  # beside: what hum makes of it, so that up to 40 kΩ it goes unseen
BARRIER_NEW_UC = const(1000)  # what a session may have given and still ask what skin it is
CONTACT_MAX_OHM = const(300_000)  # [F-03]
CONTACT_STABLE_MS = const(300)  # [F-03]
PROBE_NA = const(20_000)  # [F-03] 20 µA: an eighth of the lowest level, below perception [D]
PROBE_LOW_NA = const(7000)  # [S-06] to this it falls; above what the bleed and a lift ask for
AFTER_PEEL_MAX_UA = const(125)  # [S-06]

# --- time and charge -----------------------------------------------------------------------
OUTPUT_MAX_MS = const(900_000)  # [S-07] 15 min of output
SESSION_MAX_MS = const(1_200_000)  # [S-07] 20 min since arming
CHARGE_MAX_UC = const(300_000)  # [S-07] 5 mA·min
NO_CONTACT_MS = const(60_000)  # [F-07] without contact the session ends
REST_MS = const(1_800_000)  # skin is at a third of its recovery 30 min after current [E]
HEARTBEAT_MAX_US = const(100_000)  # [S-10] a main loop silent for longer is hung
PASS_MAX_US = const(3000)  # [S-10] a guard pass later than this: the dead-man has fallen already
DEAD_MAN_US = const(3000)  # [S-10] PIO and monostable both
WATCHDOG_MS = const(1000)  # [S-11]
PASSES_MISSING_MS = const(50)  # [S-11] no guard pass for so long: the guard is dead
SLEEP_AFTER_MS = const(180_000)  # [F-12]

# --- rates ---------------------------------------------------------------------------------
GUARD_US = const(500)  # from one pass of the guard to the next at most; 12 on the chip
TICK_MS = const(5)

# --- supply --------------------------------------------------------------------------------
BATTERY_START_MV = const(3500)  # [S-16] below: no start
CHARGER_MV = const(4400)  # more than a cell can have: the charger's, whatever its own pin says
BATTERY_END_MV = const(3300)  # [S-16] below: ramp down and end
RAIL_MIN_MV = const(25_600)  # 27.0 V ± 5 % [E]
RAIL_MAX_MV = const(28_400)

# --- products ------------------------------------------------------------------------------
LEVELS_UA = (125, 250, 350)  # [F-04] the three of the nearest commercial wand [D]
SETPOINT_MIN_UA = const(50)  # treatment range 50-500 µA [E]
CATALOGUE_MAX = const(16)  # [F-02]
