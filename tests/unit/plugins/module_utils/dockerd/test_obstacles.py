# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sentence where a host is nothing to audit or to harden."""

import datetime
import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import audit
from ansible_collections.containment.docker.plugins.module_utils.dockerd import obstacles
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import preflight
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import Refused


def engine(state="running", version="26.1.5", reason=""):
    return {"address": "unix:///var/run/docker.sock", "state": state, "version": version, "reason": reason}


@pytest.mark.parametrize(
    "evidence, uid, words",
    [
        (engine(), 0, ""),
        (engine(), 1000, "user id 1000: set become"),
        (engine("unreachable", None, "Permission denied"), 1000, "user id 1000: set become"),
        (
            engine("unreachable", None, "No such file or directory"),
            0,
            "(No such file or directory): install or start Docker",
        ),
        (
            engine("unreachable", None, "Podman answers on this socket"),
            0,
            "Podman answers on this socket: leave this host out",
        ),
        (engine("stopped", None, "docker.service is inactive"), 0, ""),
        (engine("stopped", None, "docker.service is inactive"), 1000, "set become"),
        (engine("remote"), 1000, ""),
        (engine("remote", None, "timed out"), 1000, "(timed out): install or start Docker"),
    ],
)
def test_an_audit_that_sees_next_to_nothing_says_why_in_one_sentence(evidence, uid, words):
    sentences = obstacles.of_audit(evidence, uid)
    assert len(sentences) == bool(words) and words in "".join(sentences)
    assert all(sentence.count(". ") == 0 and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize(
    "reason, words",
    [
        ("docker.service is not-found", "docker.service is not-found: install Docker"),
        ("systemd does not run here", "systemd does not run here, and only an engine that systemd runs"),
    ],
)
def test_a_host_without_docker_or_systemd_is_refused_with_a_way_forward(monkeypatch, reason, words):
    monkeypatch.setattr(systemctl, "next_start", lambda unit: systemctl.NextStart(None, reason, False))
    with pytest.raises(Refused, match=words):
        preflight.find(Host(), None)


@pytest.mark.parametrize("uid", [0, 1000])
def test_where_nothing_is_seen_no_record_is_written(tmp_path, monkeypatch, uid):
    record = tmp_path / "kept" / "audit.json"
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    fields = {"unit": "containment-no-such.service", "timeout": 5, "record": str(record), "rules": ["privileged"]}
    options = audit.parse_options(RULES, fields, "unix://%s/none.sock" % tmp_path)
    result = audit.audit(options, datetime.datetime(2026, 1, 1))
    assert len(result["obstacles"]) == 1
    assert not record.parent.exists()
