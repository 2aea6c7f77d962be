# Every command of the project, one line each. `make up` and `make test` are the two that a newcomer needs.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN = $(UV) run
MEMBERS = proto $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml services/*/pyproject.toml))
export UV_PYTHON_DOWNLOADS = never
.DEFAULT_GOAL := help

.PHONY: help install up test quick lint format types lock proto messages assets bench docs screenshots image image-test cluster cluster-test clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(UV):
	@sh tools/bootstrap-uv $(PYTHON)

.venv/.synced: requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS)) | $(UV)
	@UV=$(UV) sh tools/sync $(PYTHON)

install: .venv/.synced assets ## make the environment from requirements.lock and build the front end

assets: .venv/.synced
	@$(RUN) python -m tools.assets

up: install ## start everything on this machine; ARGS="--port 8080 --home DIR"
	@exec $(RUN) viche up $(ARGS)

test: install ## install what the tests need and run every test; ARGS=… goes to pytest
	@sh tools/test $(ARGS)

quick: install ## unit and contract tests, under a minute
	@PYTHONDONTWRITEBYTECODE= $(RUN) pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile tests/unit tests/contract plugins $(ARGS)

lint: install ## style, import contracts, proto lint, generated code, catalogues
	@sh tools/lint

format: install ## put the code into the house's format
	@$(RUN) ruff format . && $(RUN) ruff check --fix .

types: install ## check the types
	@$(RUN) basedpyright

lock: | $(UV) ## resolve the dependencies anew into requirements.lock
	@UV=$(UV) sh tools/lock $(ARGS)

proto: .venv/.synced ## generate the code of the contracts
	@$(RUN) sh tools/proto

messages: install ## extract and update the catalogues of the four languages
	@$(RUN) python -m tools.messages update

bench: install ## measure this machine; one JSON object a line
	@$(RUN) viche bench $(ARGS)

docs: install ## write what follows from the code: tables in pages, dashboards
	@$(RUN) python -m tools.docs

screenshots: install ## pictures of the main pages into screenshots/
	@$(RUN) python -m tools.screenshots $(ARGS)

image: ## build the images of all services; SERVICES, REGISTRY, TAG, BASE, BUILD_FLAGS, ARGS="--base-from-debian"
	@$(PYTHON) -m tools.images $(ARGS)

image-test: install ## look at the built images, then run them with engines outside and walk through the portal
	@$(RUN) python -m tools.images.trial $(ARGS)

cluster: install ## start a Kubernetes of one node on this machine, as root; ARGS=down ends it
	@$(RUN) python -m tools.cluster $(or $(ARGS),up)

cluster-test: install ## try the chart on the cluster of KUBECONFIG; ARGS="--registry R --tag T --keep"
	@$(RUN) python -m tools.cluster_test $(ARGS)

clean: ## forget the environment and what was built
	rm -rf .venv .tools services/gateway/node_modules services/gateway/viche_gateway/static/built
