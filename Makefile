# newsletter: the commands that must always work, on a fresh machine with Python 3.11+ and make.
# Everything lives in .venv; nothing is set up twice while pyproject.toml stays as it is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
PYTEST := $(BIN)/python -m pytest -n auto
SAMPLE := 2017-09

.PHONY: help newsletter test test-full preview bench lint screenshots gallery clean

help:
	@echo "make newsletter    set up and build the sample issue ($(SAMPLE))"
	@echo "make preview       show it in the browser, and follow every edit"
	@echo "make test          all tests, in a real browser too (test-full: all counts, and real HTML checkers)"
	@echo "make lint          ruff, mypy, import-linter"
	@echo "make bench         speed and size beside npm mjml + juice"
	@echo "make screenshots   the pictures of docs/images"
	@echo "make gallery       the pictures of docs/gallery: every theme and layout"
	@echo "make clean         remove what is generated"

# A venv does not survive being moved or copied: it is made anew unless this folder is the one it was made in.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed; if you have it by another name: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "Python comes without venv here; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "setting up $(VENV) …" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --editable . --group test --group lint --group bench
	@echo "$(CURDIR)" > $@

newsletter: $(READY)
	@$(BIN)/newsletter build $(SAMPLE)

preview: $(READY)
	@$(BIN)/newsletter preview $(SAMPLE)

test: $(READY)
	@sh tests/setup.sh browser
	@$(PYTEST)

test-full: $(READY)
	@sh tests/setup.sh browser checkers
	@$(PYTEST) -m "full or not full" --hypothesis-profile=full

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python bench/run.py

screenshots: $(READY)
	@sh tests/setup.sh browser
	@$(BIN)/python docs/make_screenshots.py

gallery: $(READY)
	@sh tests/setup.sh browser
	@$(BIN)/python docs/make_gallery.py

clean:
	rm -rf build dist .newsletter .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
