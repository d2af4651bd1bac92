# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of the recorded samples, for what a rule must show of each.

A cases file may have two tables, each by the container's name in a sample; a container that is not there must pass.
RECORDED: of samples/docker-*.json (tools/capture.py) -> the changes that the failing finding tells, as "add --flag=VALUE".
CREATED: of rules/samples/created-26.1.json (tools/created.py) -> the same as (change, flag, key and value of a compose file).
"""

import importlib
import json
import os

HERE = os.path.dirname(__file__)
# docker-29.8 is a dockerd built from moby's sources of August 2026, after 29.7.2, with the containerd store, its default
ENGINES = ("docker-20.10", "docker-26.1", "docker-28.5", "docker-29.8")


def load(*path):
    with open(os.path.join(HERE, *path), "rb") as stream:
        return json.loads(stream.read().decode("utf-8"))


def load_engine(name):
    return load("..", "samples", name + ".json")


CREATED = load("samples", "created-26.1.json")
EVERY_CREATED = tuple(sorted(CREATED))
EVERY_RECORDED = tuple(sorted(load_engine(ENGINES[0])["containers"]))


def cases_module(rule):
    """The cases file of a rule; a rule without one fails here."""
    name = "%s.cases.%s" % (__name__.rpartition(".")[0], rule.id.replace("-", "_"))
    return importlib.import_module(name)


def table(rules, name):
    """{container: {rule's id: changes}} of the rules' tables of this name."""
    rows = {}
    for rule in rules:
        for container, changes in getattr(cases_module(rule), name, {}).items():
            rows.setdefault(container, {})[rule.id] = changes
    return rows
