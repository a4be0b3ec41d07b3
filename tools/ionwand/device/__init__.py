"""The wand at the end of a cable, and its sources in this checkout: link, memory, names, light.

Lowest of the rooms: everybody may use it; it uses the files below the rooms alone. guest/ runs on
a wand's interpreter; a simulated wand at a simulated cable has simulation/guest on its path.
"""
