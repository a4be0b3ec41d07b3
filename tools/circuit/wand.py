"""The whole wand as SKiDL code: its blocks, built anew at each call."""

import os

from circuit import sheet, symbols
from circuit.blocks import (
    bridge,
    comparator,
    enable,
    high_side,
    low_side,
    output,
    panel,
    pico,
    senses,
    setpoint,
    supply,
    timer,
)
from circuit.quiet import FOLDER, Elsewhere, skidl

# In the order of the pages. Each serves what its file opens with.
BLOCKS = (supply, high_side, bridge, output, low_side, setpoint, senses, comparator, enable, timer,
          pico, panel)  # fmt: skip
# Nets that a supply drives; ERC wants one on each supply pin.
SUPPLIES = ("GND", "3V3", "VSYS", "VBUS", "RAIL", "BAT")


class Wand:
    """`records`: ref to Record; `nets`: name to [(ref, pin's name)]; `circuit`: SKiDL's own."""

    def __init__(self, blocks=BLOCKS):
        FOLDER.mkdir(exist_ok=True)
        library = FOLDER / sheet.LIBRARY
        text = symbols.text()
        if not library.exists() or library.read_text(encoding="utf-8") != text:
            whole = library.with_suffix(f".{os.getpid()}")  # two tests may write it at once
            whole.write_text(text, encoding="utf-8")
            whole.replace(library)
        skidl.set_default_tool(skidl.KICAD9)
        skidl.lib_search_paths[skidl.KICAD9] = [str(FOLDER)]
        self.circuit = skidl.Circuit()
        self.nowhere = self.circuit.NC
        self.records, self.blocks, self._nets = {}, {}, {}
        for block in blocks:
            name = block.__name__.rpartition(".")[2]
            words = block.__doc__
            with skidl.SubCircuit(name, tag=name, circuit=self.circuit):
                block.build(sheet.Sheet(self, name, words))

    def net(self, name):
        """SKiDL's net of this name, made at its first use."""
        if name not in self._nets:
            self._nets[name] = skidl.Net(name, circuit=self.circuit)
            if name in SUPPLIES:
                self._nets[name].drive = skidl.POWER
        return self._nets[name]

    @property
    def nets(self):
        found = {}
        for record in self.records.values():
            for pin, net in record.nets.items():
                found.setdefault(net, []).append((record.ref, pin))
        return found

    def erc(self):
        """SKiDL's electrical rules: (errors, warnings)."""
        log = skidl.erc_logger
        log.error.reset()
        log.warning.reset()
        with Elsewhere():
            self.circuit.ERC()
        return log.error.count, log.warning.count

    def value(self, ref):
        """Nominal value of a resistor (Ω) or capacitor (F)."""
        return self.records[ref].nominal
