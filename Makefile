# Everything from a fresh clone with Python 3.11, git and make:
#   make run    a whole treatment on the simulated board, with a plot of it
#   make test   linters and all tests
#   make virtual  the wand in a browser: writes dist/virtual-wand.html (needs npm once)
# The first call makes .venv and installs the pinned dependencies; later ones don't touch the net.

# 3.11 is what the pins were tried with; a newer one is taken where it is all there is.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS := pyproject.toml tools/constraints.txt

.PHONY: help run virtual plot test device-test build lint types coverage bench proof sessions mutants circuit setup clean

help:
	@sed -n 's/^#   //p' Makefile
	@echo 'also: make plot | build | device-test PORT=... | bench | lint | types | coverage | proof |' \
		'mutants | sessions | circuit | setup | clean'

run: $(BIN)/.stamp-run
	@mkdir -p out
	$(BIN)/ionwand simulate --script tools/scenarios/normal.toml --plot out/normal.png \
		--trace out/normal.csv

plot: out/normal.csv
	$(BIN)/ionwand plot out/normal.csv out/normal.png

out/normal.csv: | $(BIN)/.stamp-run
	@mkdir -p out
	$(BIN)/ionwand simulate --trace $@

virtual: $(BIN)/.stamp-run
	$(BIN)/ionwand virtual --build

# Every branch of firmware/, errors included, or it fails. Whole simulated wands are slow when they
# are traced and reach no branch that the parts don't: `make test` runs them apart.
WHOLE := tests/firmware/test_app.py tests/firmware/test_logbook.py
PARTS := $(filter-out $(WHOLE),$(wildcard tests/firmware/test_*.py))

test: lint types coverage
	$(BIN)/pytest -n 2 --dist worksteal $(addprefix --ignore=,$(PARTS))

lint: $(BIN)/.stamp-dev
	$(BIN)/ruff check
	$(BIN)/python -m pages.borders
	$(BIN)/mypy

# The wand's own code against MicroPython's stubs; apart from the venv, which must not see them.
types: $(BIN)/.stamp-types
	$(BIN)/mypy --config-file tools/wand-types.ini

$(BIN)/.stamp-types: Makefile | $(BIN)/.stamp-dev
	$(PIP) install --no-compile --upgrade --target .venv/wand-stubs micropython-rp2-rpi-pico-stubs==1.29.0.post1 \
		micropython-stdlib-stubs==1.29.0.post2
	@touch $@

# What a wand at the end of a cable can be asked; `ionwand emulate --pty` gives an emulated one.
device-test: $(BIN)/.stamp-dev
	@test -n "$(PORT)" || { echo "make: say which wand: make device-test PORT=/dev/ttyACM0" >&2; \
		exit 1; }
	$(BIN)/pytest tests/device --device $(PORT) -k "not unix" -v

build: $(BIN)/.stamp-run
	$(BIN)/ionwand build

coverage: $(BIN)/.stamp-dev
	$(BIN)/pytest -n 2 --dist worksteal $(PARTS) --cov --cov-report=term-missing:skip-covered --cov-fail-under=100

bench: $(BIN)/.stamp-dev
	$(BIN)/ionwand bench
	$(BIN)/ionwand emulate --bench 500

# Guard by z3, every fault at 20 instants of every state (about 10 minutes), what stays latent.
proof: $(BIN)/.stamp-dev
	$(BIN)/python tools/proof/guard_smt.py
	$(BIN)/python tools/proof/campaign.py
	$(BIN)/python tools/proof/latent.py

# 1,000 random sessions, about 25 minutes on two idle cores. A night's worth: --minutes 480
sessions: $(BIN)/.stamp-dev
	$(BIN)/python tools/proof/random_sessions.py

# Every small change to the safety core, about 5 minutes; writes docs/mutants.md.
mutants: $(BIN)/.stamp-dev
	$(BIN)/python tools/proof/mutants.py --jobs 2 --write

# Rules, parts list, failure modes, KiCad's files, pin table. The corners need ngspice (Debian's).
circuit: $(BIN)/.stamp-dev
	PYTHONPATH=tools $(BIN)/python -m circuit

setup: $(BIN)/.stamp-dev

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer was found" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "make: $(PYTHON) cannot make a venv (Debian: apt-get install python3-venv)" >&2; \
		exit 1; }

$(BIN)/.stamp-run: $(PINS) | $(BIN)/python
	$(PIP) install --no-compile -c tools/constraints.txt -e .
	@touch $@

$(BIN)/.stamp-dev: $(PINS) | $(BIN)/python
	$(PIP) install --no-compile -c tools/constraints.txt -e '.[dev]'
	@touch $@ $(BIN)/.stamp-run

clean:
	rm -rf .venv out build dist .coverage .hypothesis .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
