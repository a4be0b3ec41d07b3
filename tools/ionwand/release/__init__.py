"""From repository to wand: build, image, flash.

For emulation/, virtual/ and cli.py; uses registry/, instruments/ (options) and device/.
"""
