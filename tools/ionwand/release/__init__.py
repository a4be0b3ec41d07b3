"""From repository to wand: build, image, flash.

For emulation/, virtual/ and cli.py; uses registry/ and device/.
"""
