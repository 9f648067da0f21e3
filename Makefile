# Two commands do all the set-up: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Test files run beside one another: most of their time is engine processes that import torch.
WORKERS ?= 2

.PHONY: help install run test lint soak bench pictures train-upscaler clean

help: ## What can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

install: .venv/.installed ## The virtual environment with everything that runs.

# torch comes first and by its exact name: its index then chooses the build that fits this machine.
.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: install ## Start the bot and its page; tokens come from the environment or a file .env.
	@exec $(BIN)/uso-bot run

test: .venv/.installed-dev ## Everything that CI checks.
	@tests/system-packages
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations=20

lint: .venv/.installed-dev ## Style, types and import rules.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: .venv/.installed-dev ## The long proofs in full, printed and written to benchmarks/results.
	@tests/system-packages
	$(BIN)/python -m tests.soak.kill
	$(BIN)/python -m tests.soak.kill --postgres
	$(BIN)/python -m tests.soak.engine
	$(BIN)/python -m tests.soak.interface
	$(BIN)/python -m tests.soak.install

# PEER=DIR, a checkout of github.com/bytedance/USO, adds the published code to the engine's benchmarks.
bench: .venv/.installed-dev ## What is measured, printed and written to benchmarks/results; PEER=DIR adds the published code.
	$(BIN)/python -m benchmarks.first_start
	$(BIN)/python -m benchmarks.event_loop
	$(BIN)/python -m benchmarks.fairness
	$(BIN)/python -m benchmarks.history
	$(BIN)/python -m benchmarks.discord_burst
	$(BIN)/python -m benchmarks.telegram_burst
	$(BIN)/python -m benchmarks.engine_cpu $(if $(PEER),--peer $(PEER))
	$(BIN)/python -m benchmarks.engine_gpu $(if $(PEER),--peer $(PEER))

pictures: .venv/.installed-dev ## The pictures of cards in the guide, from a bot that runs against the test servers.
	@tests/system-packages
	$(BIN)/python -m tests.pictures docs/pictures

train-upscaler: .venv/.installed ## The small upscaler that ships with the package; ten minutes on one thread.
	$(BIN)/python -m uso.training.upscaler

clean: ## Remove the virtual environment and caches; data stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
