# Everything here sets itself up from nothing but Python 3.11 or newer and make.

PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
READY = .venv/.ready
ARGS ?=

# How many processes test at once.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo install test check fmt lint types bench messages screenshots clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | \
	while IFS='|' read -r target words; do printf '%-20s%s\n' "$$target" "$$words"; done

demo: $(READY) ## Run three made-up businesses on http://127.0.0.1:8000/
	@echo "Starting the demonstration. Ctrl-C ends it."
	@$(BIN)/regulars demo $(ARGS)

install: $(READY) ## Fetch what Regulars needs; the command is then .venv/bin/regulars
	@echo "The command is $(CURDIR)/$(BIN)/regulars."

test: $(READY) ## Run the tests; pass options with ARGS="-k refund"
	@echo "Testing on a throw-away PostgreSQL$(if $(DATABASE_URL), named by DATABASE_URL)."
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: lint types test ## Everything that must pass before a change goes in

lint: $(READY) ## Check format, style, templates and the order of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet regulars
	$(BIN)/lint-imports

types: $(READY) ## Check the types
	$(BIN)/mypy

fmt: $(READY) ## Put the code in its usual form
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

bench: $(READY) ## Measure speed against floors taken in the same run
	@$(BIN)/python -m benchmarks $(ARGS)

messages: $(READY) ## Collect the texts people see, for the translators
	@$(BIN)/regulars messages

screenshots: $(READY) ## Take pictures of the pages, into .build/screenshots
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

clean: ## Remove what the other targets made; data directories stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Regulars needs Python 3.11 or newer; name one with PYTHON=/path/to/python3."; exit 1; }
	@test -x $(BIN)/uv || { echo "Making a virtual environment in .venv."; \
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check \
	uv==$(UV_VERSION); }
	@echo "Installing the locked dependencies."
	@$(BIN)/uv sync --frozen --quiet --system-certs --python $(BIN)/python
	@touch $@
