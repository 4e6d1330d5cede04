# The road in five words: setup, reproduce, test, lab, clean. Everything runs inside .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export PYTHONHASHSEED := 0
export MPLBACKEND ?= Agg

.DEFAULT_GOAL := help
.PHONY: help setup reproduce test lab notebooks lint types layers unit clean

help:  ## show what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(STAMP)  ## create .venv with the exact versions of requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "cxlab needs Python 3.11 or later. Install it, or name it: make setup PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11; name another: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python cannot create a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing the locked packages into $(VENV) (once; about two minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

reproduce: setup  ## run the curated notebooks and write reports/
	@$(BIN)/cxlab reproduce

test: setup lint types layers unit  ## lint, types, import layers and tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/python -m pytest -n 2

lab: setup  ## open JupyterLab on notebooks/ (this machine only, token on)
	$(BIN)/cxlab lab

notebooks: setup  ## write notebooks/*.ipynb from the sources people edit
	$(BIN)/cxlab notebooks

clean:  ## remove what a run wrote, not the environment
	find reports -mindepth 1 -maxdepth 1 ! -name README.md ! -name example -exec rm -rf {} +
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
