"""`python -m ionwand`: the same as the command `ionwand`."""

from ionwand.cli import main

main()
