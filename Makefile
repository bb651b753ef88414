# Jiebang. `make help` lists the commands; `make run` and `make test` are the two that matter.

PYTHON ?=
BIN := .venv/bin
# One thread for numpy's linear algebra: small matrices, and results that do not depend on the machine.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-services test-slow test-faults test-moments test-races lint types format bench bench-scoring audit \
        demo-reset screens inventory strings lock clean check-system check-system-test

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make run honours HOST PORT DEMO DATABASE_URL REDIS_URL STORAGE_URL MAIL_URL (docs/OPERATIONS.md)"

# --- set-up: each step leaves a stamp under .make/ and is repeated only when what it depends on has changed ---------

check-system:
	@python=$$(sh tools/find_python.sh "$(PYTHON)") && "$$python" tools/check_system.py run

check-system-test:
	@python=$$(sh tools/find_python.sh "$(PYTHON)") && "$$python" tools/check_system.py test

.make/runtime: requirements.lock requirements-uv.lock tools/install.py | check-system
	@mkdir -p .make
	@python=$$(sh tools/find_python.sh "$(PYTHON)") && "$$python" tools/install.py requirements.lock
	@touch $@

.make/development: requirements-dev.lock tools/install.py .make/runtime
	@python=$$(sh tools/find_python.sh "$(PYTHON)") && "$$python" tools/install.py requirements-dev.lock
	@touch $@

.make/assets: package-lock.json tools/fetch_assets.py .make/runtime
	@$(BIN)/python tools/fetch_assets.py
	@touch $@

.make/assets-test: package-lock.json tools/fetch_assets.py .make/runtime
	@$(BIN)/python tools/fetch_assets.py --dev
	@touch $@

CATALOGUES := $(shell find app -name '*.po' -path '*/LC_MESSAGES/*' 2>/dev/null)

.make/catalogues: $(CATALOGUES) tools/strings.py .make/runtime
	@$(BIN)/python tools/strings.py compile
	@touch $@

READY := .make/runtime .make/assets .make/catalogues
READY_TEST := .make/development .make/assets-test .make/catalogues

# --- using it -------------------------------------------------------------------------------------------------------

run: check-system $(READY) ## install what is missing, migrate, load the demo on first start, serve until Ctrl-C
	@exec $(BIN)/python -m app.serve

demo-reset: $(READY) ## throw var/ away except its secrets, and load the demo anew (only the default SQLite set-up)
	@test -z "$(DATABASE_URL)$(STORAGE_URL)" || { echo "demo-reset only touches the default set-up under var/."; exit 1; }
	@rm -rf var/jiebang.db* var/jobs.db* var/files
	@$(BIN)/flask --app wsgi db upgrade
	@$(BIN)/flask --app wsgi demo load

# --- checking it ----------------------------------------------------------------------------------------------------

test: check-system-test $(READY_TEST) ## install what is missing, then lint, types, import contracts and the fast tests
	@failed=; \
	$(MAKE) --no-print-directory lint || failed="$$failed lint"; \
	$(MAKE) --no-print-directory types || failed="$$failed types"; \
	$(BIN)/python -m pytest -n 2 || failed="$$failed tests"; \
	[ -z "$$failed" ] || { echo "Not passed:$$failed"; exit 1; }

test-services: check-system-test $(READY_TEST) ## the same tests on PostgreSQL, Redis and an S3-compatible store
	$(BIN)/python tools/test_services.py -n 2

test-slow: $(READY_TEST) ## the long simulations and properties as well
	$(BIN)/python -m pytest -n 2 -m "slow or not slow"

test-faults: $(READY_TEST) ## kill real processes while people save, and count what was lost (SABOTAGE=1 must fail)
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.disk
	$(BIN)/python -m tests.faults.uploads
	$(BIN)/python -m tests.faults.flushing
	$(BIN)/python -m tests.faults.services
	$(BIN)/python -m tests.faults.timetable

test-moments: $(READY_TEST) ## many requests at one moment, at the deadline, and while the clock is set; prints the figures
	$(BIN)/python -m tests.faults.moments

test-races: $(READY_TEST) ## twenty client processes want the one thing there is, many times; prints the figures (SABOTAGE=1 must fail)
	$(BIN)/python -m tests.faults.races

lint: .make/development ## ruff, bandit, import contracts, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit -q -ll -r app scoring
	$(BIN)/lint-imports
	$(BIN)/python tools/strings.py check

types: .make/development ## mypy
	$(BIN)/mypy

audit: .make/runtime ## compare the locks with the public list of known weaknesses (needs the index and osv.dev)
	@for list in requirements.lock requirements-dev.lock; do \
	  $(BIN)/uv tool run pip-audit --require-hashes --disable-pip --vulnerability-service osv -r $$list \
	  || { echo "$$list: weaknesses found, or osv.dev could not be asked"; exit 1; }; done

format: .make/development ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY_TEST) ## p50, p95, CPU, SQL and bytes of the main pages for 600 and 5,000 entries, beside the floor
	$(BIN)/python -m tests.load.bench

bench-scoring: $(READY_TEST) ## the scoring engine alone
	$(BIN)/python -m tests.load.bench_scoring

# --- looking after it -----------------------------------------------------------------------------------------------

screens: check-system-test $(READY_TEST) ## screenshots of the main pages into docs/
	$(BIN)/python tools/screens.py

inventory: .make/development ## write the data inventory under docs/ anew
	$(BIN)/flask --app wsgi privacy inventory --write

strings: .make/development ## collect new texts into every feature's catalogue, then compile
	$(BIN)/python tools/strings.py update
	$(BIN)/python tools/strings.py compile

lock: .make/development ## resolve the dependencies of pyproject.toml and package.json again
	$(BIN)/python tools/lock.py

clean: ## remove what was built; data under var/ stays
	rm -rf .venv .make app/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find app -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
