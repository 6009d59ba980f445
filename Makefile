# make run: set everything up and open the app. make test: the whole suite. make check: format, lint, types, layers.
PYTHON ?= python3
PORT ?= 8501
BIN = .venv/bin

.PHONY: run test check format texts catalogue benchmarks

run: .venv/app catalogue  ## set up and open http://localhost:8501
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/dev catalogue  ## everything, with the browser tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m opinion texts extract --check
	$(BIN)/python -m pytest -q tests/unit/test_layers.py

format: .venv/dev  ## put code into its form, and texts into the template for translators
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m opinion texts extract

catalogue: .venv/app  ## pack the catalogue of centres
	$(BIN)/python -m opinion centres build

benchmarks: .venv/dev catalogue  ## measure, and write docs/benchmarks.md
	$(BIN)/python -m pip install -q -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

# uv when it is on the path, plain pip otherwise
.venv/app: requirements.txt
	if command -v uv >/dev/null; then uv venv --seed --allow-existing .venv && uv pip install -p .venv -r requirements.txt; \
	else $(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q -r requirements.txt; fi
	touch $@

.venv/dev: requirements.txt requirements-dev.txt .venv/app
	if command -v uv >/dev/null; then uv pip install -p .venv -r requirements-dev.txt; \
	else $(BIN)/python -m pip install -q -r requirements-dev.txt; fi
	touch $@
