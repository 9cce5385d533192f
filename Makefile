# Commands for the whole life of a checkout; `make` alone lists them.
# CORES: processor cores of `make run`, all by default.  TIMES: kills of `make crash-test`.
# PYTHON: the Python of .venv; by default the first suitable one.

CORES ?= all
TIMES ?= 25
PYTHON ?=
LOCK = uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --no-emit-index-url --no-annotate \
	--no-header --generate-hashes --quiet

.PHONY: help setup run test test-all test-release release-workflows release-modules test-fast test-slurm test-slow test-workflows test-slow-modules coverage crash-test bench docs pictures lint audit lock clean

help:
	@echo "make run         run the pipeline on config.yaml (CORES=4 limits it to four cores)"
	@echo "make test        run all tests but the slow proofs of a release"
	@echo "make test-all    run all tests (make test-release: only those that make test leaves out)"
	@echo "make test-slurm  run only the tests that start a Slurm cluster here (needs Debian's packages: see .ci/run)"
	@echo "make coverage    run the fast tests and show which lines of the package they run"
	@echo "make crash-test  kill the default run at 25 moments and complete it each time, half an hour"
	@echo "make bench       compare speed, memory and AUROC with plain Keras, half an hour on an idle machine"
	@echo "make docs        write docs/configuration.md and the tree in ARCHITECTURE.md from the code"
	@echo "make pictures    draw the pictures of docs/tutorial.md (PEAKS=... GENOME=... of its section 7)"
	@echo "make lint        check style, types and workflow"
	@echo "make audit       report known security holes of the locked packages (asks pypi.org)"
	@echo "make setup       install everything into .venv (the other commands do this when needed)"
	@echo "make lock        renew requirements.lock from pyproject.toml (needs uv)"
	@echo "make clean       remove .venv and caches; results stay"

setup: .venv/ready

# The stamp is written last and the folder removed first: an interrupted set-up starts again.
.venv/ready: requirements.lock pyproject.toml
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break; \
		python=; \
	done; \
	if [ -z "$$python" ] && { [ -n "$(PYTHON)" ] || ! command -v uv >/dev/null; }; then \
		echo "deepprune needs Python 3.11, 3.12 or 3.13, but $(or $(PYTHON),python3) is not one:" \
			"install one and name it (make setup PYTHON=/path/to/python3.11), or install uv" >&2; \
		exit 1; \
	fi; \
	rm -rf .venv; \
	if command -v uv >/dev/null; then \
		echo "Setting up .venv with uv ..." && \
		uv venv --quiet --no-project --python "$${python:->=3.11,<3.14}" .venv && \
		uv pip install --quiet --compile-bytecode --python .venv/bin/python -r requirements.lock && \
		uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .; \
	else \
		echo "Setting up .venv with $$python and pip, a few minutes ..." && \
		"$$python" -m venv .venv && \
		.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps -r requirements.lock && \
		.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@echo "Compiling, a minute ..." && .venv/bin/deepprune compile
	@touch $@

run: setup
	@.venv/bin/snakemake --cores $(CORES)

# In parallel: a cluster mostly waits, and a workflow often uses one core.
test: setup
	@$(MAKE) --no-print-directory -j 3 test-fast test-slurm test-workflows test-slow-modules

test-slurm: setup
	@.venv/bin/pytest -q -m "slurm and not release" tests/slurm

test-fast: setup
	@.venv/bin/pytest -m "not slow and not slurm and not release"

test-slow: test-workflows test-slow-modules

test-all: test test-release

test-release: setup
	@$(MAKE) --no-print-directory -j 2 release-workflows release-modules

release-workflows: setup
	@.venv/bin/pytest -m release tests/test_*.py

release-modules: setup
	@.venv/bin/pytest -m release $(wildcard tests/*/)

# Slow tests of the whole, and of modules
test-workflows: setup
	@.venv/bin/pytest -m "slow and not slurm and not release" tests/test_*.py

test-slow-modules: setup
	@.venv/bin/pytest -m "slow and not slurm and not release" $(wildcard tests/*/)

# Of the fast tests, with the processes that they start
coverage: setup
	@.venv/bin/coverage run -m pytest -q -m "not slow and not slurm and not release"
	@.venv/bin/coverage combine -q && .venv/bin/coverage report --skip-covered --sort cover

crash-test: setup
	@.venv/bin/python tests/crash.py --times $(TIMES)

bench: setup
	@mkdir -p results/bench
	@for part in throughput job agreement; do \
		.venv/bin/python benchmarks/$$part.py --output results/bench/$$part.tsv || exit 1; \
	done

docs: setup
	@.venv/bin/python tests/docs.py

# The sequence of the second picture is one of the strongest.
pictures: setup
	@.venv/bin/deepprune run $(PEAKS) --genome $(GENOME) -o results/tutorial --name REST
	@for part in "explained.png --top 5" "mutagenesis.png --mutagenesis chrX:36514-36996"; do \
		.venv/bin/deepprune explain results/tutorial/model.npz results/tutorial/windows.bed \
			--genome results/tutorial/work/results/genomes/*.fa --figure docs/images/$$part >/dev/null || exit 1; \
	done

lint: setup
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/snakefmt --check Snakefile rules
	.venv/bin/snakemake --lint

audit: setup
	@.venv/bin/python .ci/audit.py requirements.lock

# Keeps the versions that still fit; `rm requirements.lock` first to renew them all.
lock:
	@$(LOCK) --output-file requirements.lock

clean:
	rm -rf .venv .snakemake/conda *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
