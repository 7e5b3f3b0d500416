# Needs make (3.81 or newer) and Python >= 3.11; everything else is installed into .venv* directories here.
# PYTHON=/path/to/python3 chooses the interpreter; ARGS="…" passes arguments: make test ARGS="-k totp"

ARGS =
DEV = .venv/.ready
# pytest takes longer to rewrite the assertions of all modules than to import them, in each of its processes: what it
# has made is kept, even where PYTHONDONTWRITEBYTECODE is set.
PYTEST = PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --workers auto
# Part of the set-up, so that the first run of the tests takes no longer than the next.
COMPILE_TESTS = PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --collect-only -p no:cacheprovider >/dev/null || true

# A virtual environment breaks when its directory is moved or its Python is removed: delete the stamps of broken ones.
$(shell for venv in .venv .venv-demo .venv-lock; do \
	if [ -e "$$venv/.ready" ] && ! { [ "$$(cat "$$venv/.ready")" = "$$(pwd -P)" ] && "$$venv/bin/python" -I -c pass; }; \
	then rm -f "$$venv/.ready"; fi; done 2>/dev/null)

.PHONY: help demo test test-long fire docs pictures lint types layers check format screenshots bench dist lock clean

help: ## shows this list
	@echo "make TARGET [ARGS=\"…\"] [PYTHON=/path/to/python3]"
	@sed -n 's/^\([a-z][a-z-]*\):.*## /  \1#/p' Makefile | while IFS='#' read -r name what; do \
		printf '%-14s%s\n' "$$name" "$$what"; done

# The terminal is checked before anything is set up. The recipe exits with 3, as every command of mfa-tui does when
# it would have to ask and cannot; make reports that as "Error 3" and itself exits with 2, as for any failed recipe.
demo: ## the interface on an embedded AWS with throwaway files; touches nothing of yours
	@if ! { [ -t 0 ] && [ -t 2 ]; }; then \
		echo "No terminal here: run 'make demo' in one, because it opens a terminal interface." >&2; exit 3; fi
	@$(MAKE) -s .venv-demo/.ready
	@.venv-demo/bin/python -m mfa_tui demo $(ARGS)

test: $(DEV) ## the quick tests; needs nothing but Python. ARGS go to pytest
	$(PYTEST) $(ARGS)

test-long: $(DEV) ## all tests in their long forms: every system call, every example; about a quarter of an hour
	$(PYTEST) --long $(ARGS)

fire: $(DEV) ## the fault-injection trials at full length: kills, other writers, full disks; about 20 minutes
	$(PYTEST) --fire tests/fire $(ARGS)

lint: $(DEV) ## ruff: rules and format
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .

types: $(DEV) ## mypy --strict
	.venv/bin/python -m mypy

layers: $(DEV) ## import-linter: which layer may import which
	.venv/bin/lint-imports

check: lint types layers test ## all of the above

format: $(DEV) ## fixes what ruff can fix
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

screenshots: $(DEV) ## draws screenshots/ again, from the real interface on the demo
	.venv/bin/python screenshots/make.py $(ARGS)
	.venv/bin/python screenshots/record.py

pictures: $(DEV) ## writes the pictures that the tests compare every screen with; look at what differs
	.venv/bin/python -m tests.pictures $(ARGS)

docs: $(DEV) ## writes the pages of docs/ that the program generates
	.venv/bin/python -m mfa_tui.core.problems > docs/problems.md
	.venv/bin/python -m mfa_tui.core.doctor > docs/trouble.md
	.venv/bin/python -m mfa_tui.core.settings > docs/settings.md

bench: $(DEV) ## the speed targets, measured on the built wheel; ARGS go to benchmarks/run.py
	.venv/bin/python benchmarks/run.py $(ARGS)

# The archive holds what requirements/archive.txt pins, some of it compiled: it runs on this platform and Python only.
dist: $(DEV) ## wheel, sdist, manual page and a single-file archive for this platform, in dist/
	rm -rf dist
	.venv/bin/python -m hatchling build -d dist
	.venv/bin/python -m mfa_tui.cli.manual > dist/mfa-tui.1
	.venv/bin/python .ci/archive.py dist

# The locks hold for every platform and Python >= 3.11. Pins stay as they are unless ARGS=--upgrade (or
# ARGS="--upgrade-package NAME"). demo.txt and archive.txt agree with dev.txt.
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

lock: .venv-lock/.ready ## updates requirements/*.txt from pyproject.toml; ARGS=--upgrade for new versions
	$(COMPILE) pyproject.toml --all-extras --group build --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml --all-extras --group build -c requirements/dev.txt -o requirements/demo.txt
	$(COMPILE) pyproject.toml --extra age --extra qr -c requirements/dev.txt -o requirements/archive.txt
	$(COMPILE) --group lock -o requirements/lock.txt
	$(COMPILE) --group peers -o requirements/peers.txt

clean: ## removes environments, caches and built files
	rm -rf .venv .venv-demo .venv-lock build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.ready: requirements/dev.txt pyproject.toml .ci/make-venv
	@sh .ci/make-venv .venv requirements/dev.txt
	@$(COMPILE_TESTS)

.venv-demo/.ready: requirements/demo.txt pyproject.toml .ci/make-venv
	@sh .ci/make-venv .venv-demo requirements/demo.txt

.venv-lock/.ready: requirements/lock.txt
	@sh .ci/make-venv .venv-lock requirements/lock.txt bare
