"""A technician's console on the emulated chip: current flows only through a bench's own call.

What `ionwand calibrate` does at each point, without the hours that a whole calibration takes:
tests/emulated/bench_on_chip.py. Six emulated seconds, five minutes of a processor: only with
IONWAND_SLOW=1.
"""

import os

import pytest

if os.environ.get("IONWAND_SLOW") != "1":
    pytest.skip("takes minutes: set IONWAND_SLOW=1", allow_module_level=True)



@pytest.mark.req("S-12", "S-14", "F-13")
def test_a_console_gives_current_after_boot_py_has_run_once_more(uf2, monkeypatch):
    import emulated_link

    from hal.rp2 import pins
    from hal.sim import world as sim
    from ionwand.emulation import disk
    from ionwand.emulation.wand_on_chip import Wand

    world = sim.World()
    world.vbus = True
    # A sweep is silent while the button is held and the current rises.
    monkeypatch.setattr(emulated_link, "_SILENCE_MS", 20_000)
    wand = Wand(uf2, world, disk.compiled())
    wand.chip.drive(pins.VBUS, 1)
    wand.run(1500)
    link = emulated_link.connect(wand.chip)
    switches = (pins.K1_ENABLE, pins.M2_ENABLE, pins.RAIL, pins.GATE)
    assert [wand.chip.level(pin) for pin in switches] == [0, 0, 0, 0]
    world.touch("resistor:2200")
    world.plan({"at_s": world.now_us / 1e6 + 0.6, "press_s": 1.9})
    link.run("from firmware import console")
    before_uc = world.plant.skin_charge_c * 1e6
    said = link.run("console.sweep(2200, (1,), (50,), lambda: '+')").split()
    assert said[:3] == ["ready", "1", "50"] and said[3:6] == ["point", "1", "50"]
    frames, sum_na = int(said[6]), int(said[8])
    assert abs(sum_na / frames / 1000 - 50) < 1
    assert world.plant.skin_charge_c * 1e6 - before_uc > 10  # 50 µA for 0.4 s and the ramps
    assert not wand.enabled and link.ask("board.read_dac()") == 0
