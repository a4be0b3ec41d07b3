"""What a folder needs as main.py for PtyBoard to start a wand that has treated once, and waits."""

MAIN = """
import sys
sys.path.insert(0, %r)
from firmware import journal, products, ring
class Board:
    files = {}
    def read(self, name): return self.files.get(name)
    def write(self, name, data): self.files[name] = bytes(data)
    def output_off(self): pass
    def stop_watchdog(self): pass
board = Board()
record = journal.Record()
record.begin(products.DEFAULT[0], 3900)
for i in range(20):
    record.highest(249)
    record.sample(250, 249, 50000)
record.end("complete", 5000, 20000, 21000, 3890)
kept = ring.Ring(board.read, board.write)
kept.open()
kept.append(record)
print("waiting")
"""
