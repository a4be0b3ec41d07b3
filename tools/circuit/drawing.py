def pages(wand):
    return {}
