"""The wand's circuit, once: `make circuit` writes everything that is drawn, bought or compared."""
