# Everything starts from python3 and make; see README.md.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced

.PHONY: help setup up demo test check bench docs
help: ## say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(STAMP): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@UV_PROJECT_ENVIRONMENT=$(VENV) VIRTUAL_ENV= $(BIN)/uv sync --frozen --inexact --quiet --python $(BIN)/python
	@touch $@

setup: $(STAMP) ## make .venv and install the locked dependencies

up: setup ## run the product with demonstration data on PORT (default 8000)
	@$(BIN)/jiezhen up --demo --port $(PORT)

demo: setup ## build the demonstration office anew
	@$(BIN)/jiezhen demo

test: setup ## run the tests on SQLite; no service is needed
	@$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not browser and not slow"

check: setup ## lint, types, import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy src/jiezhen
	@$(BIN)/lint-imports

bench: setup ## run the benchmarks
	@$(BIN)/python -m bench

docs: setup ## regenerate the generated parts of the documentation
	@$(BIN)/python docs/generate.py
