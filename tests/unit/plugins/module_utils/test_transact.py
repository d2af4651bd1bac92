# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before a host is looked at. The whole way is proven by the Molecule scenarios harden and rollback."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils import transact, transaction_evidence
from ansible_collections.containment.docker.plugins.module_utils.activate import Target
from ansible_collections.containment.docker.plugins.module_utils.transaction_evidence import Refused

NO_UNIT = "containment-no-such-unit.service"


def options(config=None, absent=(), **more):
    return transact.Options(config or {}, absent, more.pop("target", Target(NO_UNIT)), check=True, **more)


@pytest.mark.parametrize(
    "config, absent, settings, keys",
    [
        ({"icc": False}, [], {}, ["icc"]),
        ({"icc": False}, ["log-opts.max-size"], {"log-opts": {"max-size": "5m"}}, ["icc", "log-opts"]),
        ({}, ["log-opts.max-size", "log-opts.tag"], {}, ["log-opts"]),
        ({"log-opts": {"tag": "x"}}, ["log-opts.max-size"], {}, ["log-opts"]),
        ({}, ["a.b"], {"a.b": 1}, ["a.b"]),  # a name that is itself a key
    ],
)
def test_wanted_keys(config, absent, settings, keys):
    assert transact.wanted_keys(options(config, absent), settings) == keys


def test_a_host_without_such_a_unit_is_refused():
    with pytest.raises(Refused):
        transact.run(options({"icc": False}))


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:2375", "ssh://host", "fd://"])
def test_only_an_engine_of_this_host_is_changed(address):
    with pytest.raises(Refused, match="address"):
        transaction_evidence.find(Target(NO_UNIT, address), None)


def test_others_than_root_are_refused(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Refused, match="only root"):
        transact.run(options({"icc": False}))


@pytest.mark.parametrize(
    "paths, holds",
    [
        ([], False),
        (["containers/0123/config.v2.json"], True),
        (["volumes/data/_data/file"], True),
        (["volumes/metadata.db"], False),
        (["image/overlay2/imagedb/content/sha256/0123"], True),
        (["image/overlay2/repositories.json"], False),
    ],
)
def test_what_counts_as_data_of_a_stopped_engine(tmp_path, paths, holds):
    root = tmp_path / "a [strange] root"
    root.mkdir()
    for path in paths:
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text("")
    assert transaction_evidence.holds_data(str(root)) is holds
