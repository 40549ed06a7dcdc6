# The commands of this repository. `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
SECONDS ?= 3
ORDERS ?= 100000
FIRST ?= 0
SEEDS ?= 10000
STEPS ?= 2000
WORKERS ?= auto

BIN := .venv/bin
# The tests share nothing, so they run side by side; WORKERS=0 runs one after the other.
PYTEST := $(BIN)/pytest -q -n $(WORKERS) --dist worksteal
# A test that only waited too long, as happens on a machine that stalls, runs once more and is named
# at the end (-rfER). Whatever was asserted and found wrong is a failure at once.
PATIENT := --reruns 1 -rfER --only-rerun '(Timeout|DatabaseAway)\b|TimeoutError|with timeout [0-9]+ms'
PINNED := requirements/uv.txt tools/make_venv.sh $(wildcard packages/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help demo demo-orca install test test-long check fix bench plans simulate docs words screenshots clean venv pins vendor static-checks

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.run: requirements/run.txt $(PINNED)
	@PYTHON="$(PYTHON)" tools/make_venv.sh run

.venv/.dev: requirements/dev.txt requirements/run.txt $(PINNED)
	@PYTHON="$(PYTHON)" tools/make_venv.sh dev

install: .venv/.run ## make .venv with what the product runs on

venv: .venv/.dev ## make .venv with everything a developer needs

demo: .venv/.run ## a living restaurant on one port: make demo PORT=8000 DATA=var
	@$(BIN)/kitchenasty demo --port "$(PORT)" --data "$(DATA)"

demo-orca: PORT = 8090
demo-orca: .venv/.dev ## Orca on this machine, two nodes behind a proxy, as root: make demo-orca PORT=8090
	@tools/system_packages.sh engine
	@exec $(BIN)/python -m orca.demo --port "$(PORT)"

static-checks: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

check: static-checks ## the fast part of the tests, for every few minutes of work
	$(PYTEST) --ignore=tests/reliability -m "not (long or browser or postgres or clone)"

test: .venv/.dev ## everything but the long tests, on SQLite and PostgreSQL, with a browser
	@tools/system_packages.sh
	@$(MAKE) --no-print-directory static-checks
	$(PYTEST) $(PATIENT) --postgres -m "not long"

test-long: .venv/.dev ## everything, the long tests included
	@tools/system_packages.sh
	@$(MAKE) --no-print-directory static-checks
	$(PYTEST) --postgres

fix: .venv/.dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## print how quick the real server is: make bench SECONDS=3 ORDERS=100000
	@BENCH_SECONDS="$(SECONDS)" BENCH_ORDERS="$(ORDERS)" $(BIN)/python -m benchmarks

simulate: .venv/.dev ## play Orca's plan against faults, one history a seed: make simulate SEEDS=10000 STEPS=2000
	@$(BIN)/python -m orca.simulation $(FIRST) --count $(SEEDS) --steps $(STEPS)

plans: .venv/.dev ## print how both databases answer the hot statements
	@BENCH_ORDERS="$(ORDERS)" $(BIN)/python -m benchmarks plans

docs: .venv/.dev ## make the parts of docs/ that come from the code, and check the links
	$(BIN)/python -m tools.docs

words: .venv/.dev ## collect the words that people see, and renew the catalogues of other languages
	$(BIN)/python -m tools.words

screenshots: .venv/.dev ## take the pictures that README.md and docs/users show, of a real demo house
	$(BIN)/python -m tools.screenshots

pins: .venv/.dev ## choose the newest versions of all dependencies and write them with hashes
	tools/pin.sh

vendor: .venv/.dev ## fetch the browser's libraries again, as named in tools/vendor.py
	$(BIN)/python -m tools.vendor

clean: ## forget .venv and all caches; data under var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
