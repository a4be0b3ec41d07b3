"""The wand at the end of a cable, and its sources in this checkout: link, memory, names, light.

Lowest of the rooms: everybody may use it; it uses errors.py alone.
"""
