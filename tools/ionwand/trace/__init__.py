"""What a session did, row by row, drawn and judged by rules that don't know the firmware.

For simulation/ and above, and for the proofs; uses device/ (names and nothing else).
"""
