# make serve   build the book and serve it on this machine      (PORT=8000)
# make test    everything that must hold, in one run
# make lite-test  run every chapter in the lab of the site, some 20 minutes
# make lab     open the chapters in JupyterLab, with live sliders
# make site    build the book into _build/site
# make notebooks  run the chapters and store their outputs in them   (NAMES="ridge lasso")
# make picture  draw the README's picture
# make chapter NAME=trees  write the skeleton of a new chapter
# make lighthouse  measure the pages as a phone would load them, some 20 minutes (PAGES="ridge ledger")
# make figures  measure what a reader waits for: code in the page, the lab, playgrounds  (WHAT="live drags")
# make newest  build the book with the newest Sphinx and theme, and test its pages
# make bench   race mlcore against scikit-learn and PyTorch, some minutes on a quiet machine (WORDS="ridge lasso")
# make clean   remove what was built;  make distclean  the Python environment too
#
# All of it lives in this folder. PYTHON=/path/to/python3.12 chooses the Python that the environment is made with.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# What makes pages of notebooks, in its newest versions for `make newest`, and where.
NEWEST := _build/newest
MAKERS := docutils jupyter-cache markdown-it-py mdit-py-plugins myst-nb myst-parser numpydoc pydata-sphinx-theme \
    pygments sphinx sphinx-book-theme sphinx-copybutton sphinx-design sphinx-exercise sphinx-external-toc \
    sphinx-jupyterbook-latex sphinx-multitoc-numbering sphinx-togglebutton sphinxcontrib-bibtex

# One thread for linear algebra: the last digits then don't depend on the number of cores. And the kernels are ours.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export JUPYTER_PREFER_ENV_PATH := 1

# What Python compiles is kept, whatever the shell says: the book starts some fifty Pythons, and each would else
# compile a thousand modules. It lies beside the packages, not among them and not in the tree.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test lite-test lab site notebooks picture chapter lighthouse figures newest bench browser clean distclean

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

serve: site
	@$(BIN)/python book/_tools/site.py serve

site: $(READY)
	@$(BIN)/python book/_tools/site.py build

# A browser is fetched while the site is built. That has just run every chapter; one is run again, as a reader would,
# with live sliders.
test: $(READY)
	@$(MAKE) --no-print-directory -j 2 browser site
	@$(BIN)/python -m pytest -n 2 --dist loadscope --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg \
	    tests book/explorers.ipynb

lite-test: $(READY) browser site
	@LITE=all $(BIN)/python -m pytest -n 2 tests/test_lite.py

lab: $(READY)
	@cd book && exec ../$(BIN)/jupyter lab `[ "$$(id -u)" != 0 ] || echo --allow-root`

notebooks: $(READY)
	@$(BIN)/python book/_tools/notebooks.py $(NAMES)

picture: $(READY)
	@$(BIN)/python book/_tools/picture.py

chapter: $(READY)
	@$(BIN)/python book/_tools/chapter.py "$(NAME)"

lighthouse: $(READY) browser site
	@$(BIN)/python book/_tools/lighthouse.py $(PAGES)

figures: $(READY) browser site
	@$(BIN)/python book/_tools/figures.py $(WHAT)

# Jupyter Book holds on to Sphinx 7, and pip says so; that the book does not is what this shows.
newest: $(READY) browser
	@$(PYTHON) -m venv --clear $(NEWEST)/venv
	@$(NEWEST)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	@$(NEWEST)/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(NEWEST)/venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade $(MAKERS)
	@$(NEWEST)/venv/bin/python -m pip list --disable-pip-version-check | grep -iE '^(sphinx|myst|pydata|docutils)'
	@$(NEWEST)/venv/bin/python book/_tools/site.py build --into $(NEWEST)
	@MLCORE_SITE=$(NEWEST)/site $(NEWEST)/venv/bin/python -m pytest -n 2 --dist loadscope \
	    tests/test_site.py tests/test_stylesheet.py tests/test_ledger.py tests/test_build.py \
	    --deselect tests/test_build.py::test_requirements_are_exact_and_installed

bench: $(READY)
	@$(BIN)/python -m benchmarks $(WORDS)

browser: $(READY)
	@$(BIN)/python tests/browser.py

clean:
	rm -rf _build build *.egg-info .pytest_cache .hypothesis
	find . -name .venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)

# Written last, so that an installation that was cut short is taken up again.
$(READY): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer, or name" \
	    "one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed;" \
	    "$(PYTHON) is `$(PYTHON) --version`. Name another: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments." \
	    "On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || { echo "Making the environment $(VENV)"; $(PYTHON) -m venv --clear $(VENV); }
	@rm -f $@
	@echo "Installing the packages of requirements.txt (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
	    -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check --disable-pip-version-check >$@.part || { cat $@.part >&2; exit 1; }
	@mv $@.part $@
