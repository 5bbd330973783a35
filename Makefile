# `make compile` writes generated/; `make test` is everything that CI runs.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := $(wildcard tests tools benchmarks lambdas)

.PHONY: compile test lint types pytest checkov cdk bench format clean python
.DEFAULT_GOAL := compile

compile: .venv/.stamp
	$(BIN)/lenie-compile

# Cheap checks first. Checkov and mypy of the CDK app are long single processes, so they run beside the tests.
test: lint types
	$(MAKE) --no-print-directory -j2 pytest checkov cdk

lint: .venv/.stamp-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.stamp-dev build/typed/.stamp
	$(BIN)/mypy build/typed/lenie $(SOURCES)

pytest: .venv/.stamp-dev .venv-cdk/.stamp .venv-checkov/.stamp
	$(BIN)/pytest -q -n 2 -m "not slow"
	$(BIN)/pytest -q -n 2 -m slow

# Of Terraform, the whole architecture is looked at, and not only what generated/ has of it.
CHECKOV := .venv-checkov/bin/python -W ignore -m checkov.main --quiet --compact --skip-download
checkov: .venv/.stamp .venv-checkov/.stamp
	@test -d generated/cfn || { echo "generated/cfn is missing: run 'make compile'" >&2; exit 1; }
	$(CHECKOV) --directory generated/cfn --framework cloudformation
	$(BIN)/lenie-compile --target tf --scope all --out build/whole
	$(CHECKOV) --directory build/whole/tf --framework terraform --download-external-modules false
	.venv-checkov/bin/python -W ignore tools/extract_checks.py --check

# The generated CDK app, by the settings in its own pyproject.toml. What it synthesizes is compared in the tests.
cdk: .venv/.stamp-dev .venv-cdk/.stamp
	@test -d generated/cdk || { echo "generated/cdk is missing: run 'make compile'" >&2; exit 1; }
	cd generated/cdk && ../../$(BIN)/ruff check --no-cache && ../../$(BIN)/ruff format --no-cache --check
	cd generated/cdk && ../../.venv-cdk/bin/mypy --cache-dir ../../.mypy_cache/cdk .

bench: .venv/.stamp-dev .venv-cdk/.stamp
	@set -e; for file in benchmarks/*.py; do $(BIN)/python "$$file"; done

# Starts the VPN server, and points its name to it: INSTANCE_ID, HOSTED_ZONE_ID and DOMAIN_NAME from .env or the environment.
.PHONY: aws-start-openvpn
aws-start-openvpn: .venv/.stamp
	$(BIN)/lenie ec2-dns

format: .venv/.stamp-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv .venv-checkov .venv-cdk build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# mypy finds `lenie.compiler` by its directory, so it gets one of that name.
build/typed/.stamp: Makefile
	mkdir -p build/typed/lenie
	ln -sfn ../../../compiler build/typed/lenie/compiler
	ln -sfn ../../../targets build/typed/lenie/targets
	@touch $@

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1)" >&2; exit 1; }

.venv/.stamp: pyproject.toml setup.py | python
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[database]'
	@touch $@

.venv/.stamp-dev: .venv/.stamp
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

.venv-checkov/.stamp: tools/checkov-requirements.txt | python
	$(PYTHON) -m venv .venv-checkov
	.venv-checkov/bin/pip install --quiet --requirement tools/checkov-requirements.txt
	@touch $@

# Node comes from a package, so that a machine needs none; its npm fetches the command line of CDK, by the lock file.
.venv-cdk/.stamp: tools/cdk/requirements.txt tools/cdk/package-lock.json generated/cdk/requirements.txt | python
	$(PYTHON) -m venv .venv-cdk
	.venv-cdk/bin/pip install --quiet --requirement tools/cdk/requirements.txt
	mkdir -p .venv-cdk/cli
	cp tools/cdk/package.json tools/cdk/package-lock.json .venv-cdk/cli
	PATH="$(CURDIR)/.venv-cdk/bin:$$PATH" .venv-cdk/bin/npm ci --prefix .venv-cdk/cli --no-audit --no-fund --loglevel=error
	@touch $@
