# `make` or `make help` lists what there is.
#
# Everything runs in .venv, which is made on first use. The lock last installed is kept there as
# a copy, so that nothing is installed again until the lock changes.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask --app wsgi
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
RUNTIME_STAMP := $(VENV)/requirements.installed
DEV_STAMP := $(VENV)/requirements-dev.installed
NPM_STAMP := node_modules/package-lock.installed
# What the type checker and the linters look at, as far as it is there.
TYPED := $(wildcard app config.py wsgi.py deploy/gunicorn.conf.py)
TEMPLATES := $(shell find app -name '*.html' -print -quit 2> /dev/null)
LINT_IMPORTS := $(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
TRANSLATIONS := app/translations
# Two workers suit a small machine: `make test WORKERS=8` on a larger one.
WORKERS ?= 2
# More for pytest: `make test PYTEST_ARGS="-k attention"`.
PYTEST_ARGS ?=

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: runtime ## Install, migrate, import the plan and serve it with demo accounts (PORT=5000)
	@exec $(FLASK) demo

.PHONY: serve
serve: runtime ## Bring the database up to date and serve with the production server (PORT=8000)
	@$(FLASK) db upgrade
	@exec $(PY) -m gunicorn -c deploy/gunicorn.conf.py

.PHONY: dev-serve
dev-serve: runtime ## Serve what is there with the development server, reloading on change (PORT=5000)
	@exec $(FLASK) run --debug --port "$${PORT:-5000}"

.PHONY: test
test: tools check ## Run the linters, the type checker and all tests (PYTEST_ARGS, WORKERS)
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

.PHONY: check
check: dev ## Run the linters and the type checker only
	@echo "ruff check";    $(PY) -m ruff check --quiet --output-format concise .
	@echo "ruff format";   $(PY) -m ruff format --check --quiet --output-format concise . || \
		{ echo "Not formatted: run 'make format'." >&2; exit 1; }
	@echo "mypy";          $(PY) -m mypy --no-error-summary $(TYPED)
	@echo "import-linter"; report=$$($(LINT_IMPORTS) 2>&1) || { echo "$$report" >&2; exit 1; }
	@if [ -n "$(TEMPLATES)" ]; then echo "djlint"; $(PY) -m djlint app --lint --quiet; fi

.PHONY: format
format: dev ## Format the code and mend what the linter can mend
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

.PHONY: coverage
coverage: dev ## Run the tests and say which lines and branches of app/ they reach
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest -q -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

.PHONY: bench
bench: dev ## Measure every page against a floor (SIZES="S L XL"; SERVER=postgresql+psycopg://...)
	@$(PY) -m bench.run $(or $(SIZES),S L) $(if $(SERVER),--server $(SERVER))
	@$(if $(SERVER),true,$(PY) -m bench.work L && $(PY) -m bench.importing)

.PHONY: faults
faults: dev ## Break things around the server, 10,000 updates each time, and count what is lost (POSTS)
	@FAULT_POSTS=$(or $(POSTS),10000) $(PY) -m pytest -s -n 0 tests/faults/test_under_load.py \
		tests/faults/test_postgres_restarts.py tests/faults/test_storage.py $(PYTEST_ARGS)

.PHONY: soak
soak: dev ## Mixed load at 50 readers and 5 writers (MINUTES=30)
	@$(PY) -m bench.soak --minutes $(or $(MINUTES),30)

.PHONY: screenshot
screenshot: dev ## Take the picture in the README anew, with headless Chromium
	@$(PY) -m bench.screenshot docs/overview.png

.PHONY: lock
lock: dev ## Compile requirements*.in to requirements*.txt (UPGRADE=1 takes newer releases)
	@$(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
		--output-file requirements.txt requirements.in
	@$(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
		--constraints requirements.txt --output-file requirements-dev.txt requirements-dev.in

.PHONY: migration
migration: dev ## Write a migration from the models: make migration m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="add a due day"' >&2; exit 2; }
	@$(FLASK) db migrate -m "$(m)"
	@$(PY) -m ruff check --fix --quiet migrations && $(PY) -m ruff format --quiet migrations

.PHONY: translations
translations: dev ## Collect the texts, bring every catalogue up to date and compile it
	@mkdir -p $(TRANSLATIONS)
	@$(PY) -m babel.messages.frontend -q extract -F pyproject.toml -k _l -k lazy_gettext \
		--sort-by-file --no-location --omit-header -o $(TRANSLATIONS)/messages.pot app
	@if compgen -G "$(TRANSLATIONS)/*/LC_MESSAGES/messages.po" > /dev/null; then \
		$(PY) -m babel.messages.frontend -q update -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS); \
		$(PY) -m babel.messages.frontend -q compile -d $(TRANSLATIONS); \
	else \
		echo "No language yet: pybabel init -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS) -l fr"; \
	fi

.PHONY: clean
clean: ## Remove what tools left behind; keeps .venv, node_modules and instance/
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage \
		.coverage.* htmlcov test-results
	@find . \( -path ./$(VENV) -o -path ./node_modules \) -prune -o -name __pycache__ -type d \
		-exec rm -rf {} +

# --- What the targets above stand on ---------------------------------------------------------

# A .venv whose interpreter is gone (Python upgraded, folder copied) is made anew.
.PHONY: venv
venv:
	@if ! $(PY) -c "" 2> /dev/null; then \
		python=""; \
		for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
			if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
				python=$$candidate; break; \
			fi; \
		done; \
		if [ -z "$$python" ]; then \
			echo "Python 3.11 or newer is needed, and none was found:" \
				"install it, or name one: make run PYTHON=/path/to/python3" >&2; \
			exit 1; \
		fi; \
		if ! "$$python" -c "import ensurepip, venv" 2> /dev/null; then \
			echo "$$python cannot make virtual environments." \
				"On Debian and Ubuntu: apt install python3-venv" >&2; \
			exit 1; \
		fi; \
		rm -rf $(VENV); \
		"$$python" -m venv $(VENV); \
	fi

# Each install puts the other's stamp right, so that going back to an older lock is noticed.
.PHONY: runtime
runtime: venv
	@if ! cmp -s requirements.txt $(RUNTIME_STAMP); then \
		echo "Installing requirements.txt"; \
		rm -f $(RUNTIME_STAMP) $(DEV_STAMP); \
		$(PIP_INSTALL) -r requirements.txt; \
		cp requirements.txt $(RUNTIME_STAMP); \
	fi

.PHONY: dev
dev: venv
	@if ! cmp -s requirements-dev.txt $(DEV_STAMP); then \
		echo "Installing requirements-dev.txt"; \
		rm -f $(RUNTIME_STAMP) $(DEV_STAMP); \
		$(PIP_INSTALL) -r requirements-dev.txt; \
		cp requirements.txt $(RUNTIME_STAMP); \
		cp requirements-dev.txt $(DEV_STAMP); \
	fi

.PHONY: tools
tools:
	@if ! command -v npm > /dev/null; then \
		echo "npm is not installed: the accessibility tests, which need axe-core, will be skipped."; \
	elif ! cmp -s package-lock.json $(NPM_STAMP); then \
		echo "Installing package-lock.json"; \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; \
		cp package-lock.json $(NPM_STAMP); \
	fi
