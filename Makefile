# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help
.PHONY: help demo test bench rule rules changelog site vm clean env lab pins

LAB = python3 lab/lab.py

# uv brings authorities of its own, and knows none that a site has added to the system's
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export SSL_CERT_FILE ?= /etc/ssl/certs/ca-certificates.crt
endif

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: env ## audit, harden and audit again a disposable Docker host (KEEP=1 keeps it)
	@build/venv/bin/python tests/demo/demo.py

test: env ## everything that CI runs
	@build/venv/bin/python tools/run_tests.py

bench: env ## what an audit costs, beside its peers
	@build/venv/bin/python tests/bench/bench.py

rule: ## the three files of a new rule, to be filled in: make rule ID=read-only-root [KIND=daemon]
	@python3 tools/new_rule.py "$(ID)" $(KIND)

rules: env ## render what follows from the rules: the catalogue, docs/rules.md, docs/attempts.md
	@for name in catalogue rules attempts; do \
	  PYTHONPATH=build/collections build/venv/bin/python -m ansible_collections.containment.docker.tools.render_$$name || exit; \
	done

changelog: env ## render CHANGELOG.md and CHANGELOG.rst from changelogs/fragments
	@build/venv/bin/nox --session changelog

site: env ## the documentation site in build/site
	@build/venv/bin/nox --session docs

vm: lab ## a shell in a virtual machine with SELinux enforcing (KEEP=1 keeps it)
	@$(LAB) vm ssh mine; status=$$?; [ -n "$(KEEP)" ] || $(LAB) vm down mine; exit $$status

clean: ## remove everything that the others made (installed packages aside)
	@$(LAB) clean
	@rm -rf build .nox .ansible tests/output

# Debian's packages and Python's come at once; where Python lacks venv, its own part waits for Debian's.
env:
	@$(LAB) setup & lab=$$!; python3 tools/environment.py unless-impossible; made=$$?; \
	wait $$lab && [ $$made = 0 ] && python3 tools/environment.py

lab:
	@$(LAB) setup

pins: env ## work out the pinned versions in tests/requirements anew
	@python3 tools/environment.py pins
