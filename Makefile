# Everything a newcomer needs: `make run`, `make test`. What is missing is installed first.
PYTHON ?= python3
WORKERS ?= 3
# Journeys wait for a slow line most of the time.
ACCEPTANCE_WORKERS ?= 4
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests setup-audit run demo test acceptance lint format types contracts bench bench-catalogue screenshots look audit-pages

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: ## Install what is missing (a second time it takes a moment)
	@$(PYTHON) tools/setup.py run

setup-tests:
	@$(PYTHON) tools/setup.py tests

setup-audit:
	@$(PYTHON) tools/setup.py audit

run: setup ## Start the platform; PORT and DATA_DIR may be set
	@exec $(BIN)/python -m web.serving

demo: setup ## Fill the desks of the demonstration with a few hundred invented cases
	$(BIN)/flask --app wsgi demo load

test: setup-tests ## Run all tests
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

acceptance: setup-tests ## Go through five long forms in six languages, interrupted on every page
	$(BIN)/pytest tests/browser/test_acceptance.py -m acceptance -n $(ACCEPTANCE_WORKERS) --dist worksteal --durations=0

lint: setup-tests ## Check style of Python and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --lint --quiet web/templates documents/templates

format: setup-tests ## Bring Python into its style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup-tests ## Check types
	$(BIN)/mypy --strict .

contracts: setup-tests ## Check that imports point one way
	$(BIN)/lint-imports

bench: setup-tests ## Measure whole journeys on SQLite and PostgreSQL beside a bare application
	$(BIN)/python -m tools.bench

bench-catalogue: setup-tests ## Measure a catalogue of 28,000 procedures
	$(BIN)/python -m tools.bench.catalogue

screenshots: setup-tests ## Take the pictures of the README
	$(BIN)/python -m tools.screenshots

look: setup-tests ## Take every page, phone and desk, light and dark, into build/look/index.html
	$(BIN)/python -m tools.look

audit-pages: setup-audit ## Weigh pages, see whether they jump, and let Lighthouse judge them
	$(BIN)/python -m tools.audit_pages
