"""Stand-in for MicroPython's `rp2` on a PC: assembles the shipped PIO source into its words.

Knows the five instructions that hal/rp2/deadman.py uses, with a side-set of one pin, as the
RP2040 datasheet encodes them (3.4). The emulated chip's own assembler is asked for the same words
in tests/emulated.
"""


class PIO:
    OUT_LOW = 2


class _Word(int):
    def side(self, level):
        _Assembler.now.words[-1] |= level << 12  # one side-set bit: the highest
        return self


class _Assembler:
    now = None

    def __init__(self):
        self.words = []
        self.labels = {}
        self.jumps = []

    def add(self, word):
        self.words.append(word)
        return _Word(word)

    def label(self, name):
        self.labels[name] = len(self.words)

    def jmp(self, *args):
        conditions = {"pin": 6, "x_dec": 2}
        condition = conditions[args[0]] if len(args) == 2 else 0
        self.jumps.append((len(self.words), args[-1]))
        return self.add(condition << 5)

    def pull(self, blocking):
        return self.add(0x8080 | blocking << 5)

    def mov(self, to, source):
        return self.add(0xA000 | to << 5 | source)


def asm_pio(**settings):
    assert settings == {"sideset_init": PIO.OUT_LOW}, settings

    def assemble(function):
        _Assembler.now = assembler = _Assembler()
        function.__globals__.update(
            label=assembler.label, jmp=assembler.jmp, pull=assembler.pull, mov=assembler.mov,
            block=1, noblock=0, x=1, osr=7, pin="pin", x_dec="x_dec",
        )  # fmt: skip
        function()
        for at, name in assembler.jumps:
            assembler.words[at] |= assembler.labels[name]
        return [assembler.words]

    return assemble
