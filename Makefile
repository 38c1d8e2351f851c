# Every command there is. `make` alone lists them.

NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p $(NEW_ENOUGH) && echo $$p && break; done)
RUN := .venv/bin/python
FAST := tests/unit tests/architecture

.DEFAULT_GOAL := help
.PHONY: help setup up down status logs demo test fuzz controls chaos bench browser screenshot check proto release fmt clean
# Folders are named proto and tests, and two commands on one stack would meet: one after the other.
.NOTPARALLEL:

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: ## install everything that the locks name into .venv (once)
	@"$(PYTHON)" $(NEW_ENOUGH) || { echo "Refused: Python 3.11 or newer is needed ($(or $(PYTHON),python3) is $$("$(or $(PYTHON),python3)" --version 2>/dev/null || echo missing))"; \
		echo "Do this: install one; if it has another name: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; }
	@"$(PYTHON)" deploy/install.py

up: setup ## start the stack and wait until all of it is healthy
	@$(RUN) -m deploy.local up

down: ## stop the stack; its data stays
	@if [ -x $(RUN) ]; then $(RUN) -m deploy.local down; else echo "Nothing was running."; fi

status: setup ## show every part: state, address, time, memory
	@$(RUN) -m deploy.local status

logs: setup ## follow the logs (one part: make logs p=intake)
	@$(RUN) -m deploy.local logs $(p)

demo: up ## start the stack and take three cases through it, live
	@$(RUN) -m deploy.demo

test: setup ## run every test on real parts of their own
	@$(RUN) -m pytest -n 2 --dist loadscope $(FAST) $(filter-out $(FAST) %__pycache__,$(patsubst %/,%,$(wildcard tests/*/))) $(args)

fuzz: setup ## send anything to every RPC for ten minutes (FUZZ_SECONDS=... FUZZ_SEED=... to repeat)
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} FUZZ_SEED=$${FUZZ_SEED:-0} $(RUN) -m pytest -q -s tests/guarantees/test_fuzz.py

controls: setup ## take out each guard in a copy: its test must fail (long; some: make controls of=log)
	@$(RUN) -m tests.guarantees.controls run $(of)

chaos: setup ## kill whatever can be killed while cases go on: nothing lost, nothing twice (long; SEED=, of=)
	@$(RUN) -m tests.chaos $(of) $(if $(SEED),--seed $(SEED))

bench: setup ## measure a case on a stack of its own, beside the floor of the same run (some: make bench of=lives)
	@$(RUN) -m bench $(if $(of),--only $(of))

browser: setup ## install Chromium, with which the pages are looked at (Debian, Ubuntu; as root)
	@$(RUN) -m deploy.browser install

screenshot: browser ## take the README's picture of a case again, on a stack of its own
	@$(RUN) -m deploy.browser screenshot docs/operations.png

check: setup ## format, lint, types, import rules, contract, fast tests
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@.venv/bin/lint-imports
	@$(RUN) proto/generate.py --image build/amends.binpb
	@.venv/bin/buf lint build/amends.binpb --config proto/buf.yaml
	@.venv/bin/buf breaking build/amends.binpb --against proto/released.binpb --config proto/buf.yaml
	@$(RUN) proto/generate.py --check
	@$(RUN) -m pytest -q $(FAST)

release: check ## promise the contract of today: what the version writes is recorded for ever
	@$(RUN) -m tests.guarantees.golden.record
	@$(RUN) -m tests.guarantees.released.record
	@$(RUN) proto/generate.py --release

proto: setup ## generate the Python code of the contract and the pages about it
	@$(RUN) proto/generate.py

fmt: setup ## format the code and mend what can be mended
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

clean: down ## stop the stack and remove its data and .venv
	@rm -rf .amends .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
