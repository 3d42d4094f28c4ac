# What people type: `make demo` to try the toolkit, `make test` to check it. Both may be run again at any time.
.DELETE_ON_ERROR:
.PHONY: demo test bench checkers lint styles pins setup clean

PORT ?= 8000
PYTHON := $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
MODULES := node_modules
BUILD := static/build
NOTO := $(MODULES)/@fontsource
STYLES := $(shell find static/styles -type f)

# The tools in node_modules start `node`: the one in .venv comes first, so that a machine without Node can do this too.
export PATH := $(CURDIR)/$(BIN):$(PATH)

demo: export TOOLKIT_ENV ?= demo
demo: export SITE_URL ?= http://127.0.0.1:$(PORT)
demo: $(VENV)/.application $(VENV)/.pango $(BUILD)/.made
	@test "$$TOOLKIT_ENV" != production || { echo "TOOLKIT_ENV: the demo does not run on production settings." >&2; exit 1; }
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo
	@echo "Stop with Ctrl+C."
	@exec $(BIN)/gunicorn toolkit.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

test: setup
	$(BIN)/python -m pytest -n auto $(ARGS)

bench: setup
	$(BIN)/python -m tests.benchmarks

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: $(VENV)/.tests $(VENV)/.pango $(BUILD)/.made

styles: $(BUILD)/.made

checkers: $(MODULES)/.checkers

# Newer versions within the bounds of the .in files. Read what changed before you commit it.
pins: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --generate-hashes --no-emit-find-links --no-emit-index-url \
		--strip-extras --output-file=requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --generate-hashes --no-emit-find-links --no-emit-index-url \
		--strip-extras --output-file=requirements-dev.txt requirements-dev.in
	$(BIN)/npm update --save --ignore-scripts

clean:
	rm -rf $(VENV) $(MODULES) $(BUILD) public

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Install Python 3.11 or newer, with its venv module." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Install Python's venv module (on Debian: apt install python3-venv)." >&2; exit 1; }

$(VENV)/.application: requirements.txt | $(BIN)/python
	@echo "Installing what the toolkit runs on"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt $(VENV)/.application
	@echo "Installing what the tests need"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.pango: $(VENV)/.application
	@$(BIN)/python -c "import weasyprint" >/dev/null 2>&1 || { echo "Install Pango, which draws the PDF" \
		"(on Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; on macOS: brew install pango)." >&2; exit 1; }
	@$(BIN)/python -c "import sys; from weasyprint.text.ffi import harfbuzz_subset; sys.exit(not harfbuzz_subset)" 2>/dev/null || \
		echo "PDFs are made faster with HarfBuzz-Subset (on Debian: apt install libharfbuzz-subset0)." >&2
	@touch $@

$(MODULES)/.made: package.json package-lock.json .npmrc | $(VENV)/.application
	@echo "Installing the design system and the fonts"
	@$(BIN)/npm ci --ignore-scripts --omit=dev --loglevel=error
	@touch $@

# The page checkers are large, and only the browser tests need them.
$(MODULES)/.checkers: package.json package-lock.json .npmrc | $(VENV)/.application
	@$(BIN)/npm ci --ignore-scripts --loglevel=error
	@touch $(MODULES)/.made $@

$(BUILD)/.made: $(STYLES) $(MODULES)/.made worksheets/report/typefaces.py
	@echo "Building the styles"
	@rm -rf $(BUILD) && mkdir -p $(BUILD)/images $(BUILD)/fonts
	@$(MODULES)/.bin/sass --no-source-map --style=compressed --no-charset --load-path=$(MODULES) --quiet-deps static/styles:$(BUILD)
	@cp static/styles/icon.svg $(BUILD)/
	@cp $(MODULES)/nhsuk-frontend/dist/nhsuk/assets/images/nhsuk-icon-*.svg $(BUILD)/images/
	@sed '/^\/\/# sourceMappingURL/d; s/\/\/# sourceMappingURL=.*$$//' \
		$(MODULES)/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.js > $(BUILD)/nhsuk-frontend.min.js
	@$(BIN)/python -m worksheets.report.typefaces $(NOTO) $(BUILD)/fonts
	@touch $@
