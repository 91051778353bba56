# The project's commands; each one first makes sure that its environment (.venv) is there and up to date.
.DEFAULT_GOAL := aide
.PHONY: aide bench demo demo-neuve test check format env verrou propre

# The system's own first, where it can make an environment: better compiled than most (a tenth less time for the same work).
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo /usr/bin/python3 || echo python3)
V := .venv/bin

aide:  ## Dit ce que fait chaque commande
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 — /p' Makefile

demo:  ## Démarre la démonstration (COLLECTIVITE=… PORT=9000 pour une seule) ; Ctrl-C arrête tout
	@$(PYTHON) outils/environnement.py base
	@$(V)/python outils/demo.py $(if $(COLLECTIVITE),--collectivite $(COLLECTIVITE)) $(if $(PORT),--port $(PORT))

demo-neuve:  ## Efface les données de la démonstration et la démarre
	@$(PYTHON) outils/environnement.py base
	@$(V)/python outils/demo.py --neuve $(if $(COLLECTIVITE),--collectivite $(COLLECTIVITE)) $(if $(PORT),--port $(PORT))

test:  ## Lance tous les essais sur SQLite, puis ceux de la base sur PostgreSQL
	@$(PYTHON) outils/environnement.py dev
	@$(V)/python outils/essais.py $(if $(TOUT_EXIGER),--tout-exiger)

check:  ## Vérifie le style, les types, les couches, les migrations et les gabarits
	@$(PYTHON) outils/environnement.py dev
	@$(V)/python outils/controles.py

bench:  ## Mesure vitesse, requêtes, octets et mémoire sur les deux bases (RAPIDE=1 pour un aperçu)
	@$(PYTHON) outils/environnement.py dev
	@$(V)/python -m bench $(if $(RAPIDE),--rapide)

format:  ## Met le code en forme
	@$(PYTHON) outils/environnement.py dev
	@$(V)/ruff check --fix-only --quiet . && $(V)/ruff format .

env:  ## Prépare l'environnement de développement dans .venv
	@$(PYTHON) outils/environnement.py dev

verrou:  ## Fige à nouveau les dépendances, avec leurs empreintes, après un changement de requirements/*.in
	@$(PYTHON) outils/environnement.py dev
	@for nom in uv base dev; do $(V)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header requirements/$$nom.in --output-file requirements/$$nom.txt || exit 1; done

propre:  ## Efface l'environnement et les caches (les données de var/ restent)
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
