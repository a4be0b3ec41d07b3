"""The shipped files on the emulated chip: the assembler's words, a whole short treatment."""

import pytest

USERS = [0x600D0000 + number for number in range(4)]


@pytest.mark.req("S-10")
def test_the_chips_assembler_gives_the_same_words(uf2):
    """As tests/hal/pio_asm.py, on which the PIO tests stand."""
    from ionwand.emulation import figures

    chip = figures.console(uf2)
    text = chip.execute("from hal.rp2 import deadman\nprint(list(deadman.program[0]))")
    assert text.strip() == str([0x80A0, 0xA027, 0x10C6, 0x9080, 0xB027, 0x1042, 0x0006])


def test_no_image_has_romfs(uf2):
    """Were there one, docs/flashing.md would have to say something else."""
    from ionwand.emulation import figures

    said = figures.console(uf2).execute("import vfs\nprint('VfsRom' in dir(vfs))")
    assert said.strip() == "False"


@pytest.mark.req("S-15", "F-03", "P-07")
def test_short_treatment(uf2, shared):
    """From power-on through self-test, proof, contact and ramp to the button that stops it."""
    from ionwand.device import source
    from ionwand.emulation import session
    from ionwand.simulation import script, simulate

    def make():
        rows = []
        chosen = script.load(source.SCENARIOS / "emulated.toml")
        wand = session.wand(uf2, simulate.make_job(chosen), rows.append)
        wand.chip.mcu.watchdog.scratch_data[:4] = USERS
        summary = session.finish(wand)
        kept = wand.chip.mcu.watchdog.scratch_data[:4] == USERS
        return {"summary": summary, "rows": rows, "expect": chosen.expect_end, "kept": kept}

    result = shared("short_treatment", make)
    summary = result["summary"]
    assert summary["end"] == result["expect"] and summary["fault"] == ""
    states = []
    for row in result["rows"][1:]:
        state = row.split(",")[1]
        if not states or states[-1] != state:
            states.append(state)
    order = ["selftest", "ready", "proving", "contact", "ramping", "stopping", "done"]
    assert [state for state in states if state != "treating"] == order
    assert result["kept"], "scratch words 0 to 3 are machine.mem_backup's"
    assert summary["peak_ua"] <= 140
    assert abs(summary["dose_uc"] - summary["true_charge_uc"]) <= 3 + 0.02 * summary["dose_uc"]
