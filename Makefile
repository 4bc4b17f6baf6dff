# newsletter: the commands that must always work. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: newsletter test test-full preview bench lint screenshots clean

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group test --group lint --group bench
	@touch $@

newsletter: $(VENV)/ready
	$(BIN)/newsletter build 2017-09
