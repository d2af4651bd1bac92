# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the engine is not asked, as asking would start it."""

from collections import namedtuple

import pytest

from ansible_collections.containment.docker.plugins.module_utils import daemon_evidence, daemon_process, systemd
from ansible_collections.containment.docker.plugins.module_utils.engine import Engine
from ansible_collections.containment.docker.plugins.module_utils.rule import Evidence, Unreadable

Shown = namedtuple("Shown", "load active main_pid")


@pytest.fixture
def look(monkeypatch):
    """look(path, active, held): the reason for which the engine was not asked, or "asked"."""

    def look(path, active, held):
        def serves(pid, _path):
            if isinstance(held, OSError):
                raise held
            return held and pid == 1

        monkeypatch.setattr(systemd, "state", lambda unit: Shown("loaded", active, 0))
        monkeypatch.setattr(daemon_process, "serves", serves)
        monkeypatch.setattr(daemon_evidence, "_process", lambda engine, pid: Unreadable("no process"))
        monkeypatch.setattr(daemon_evidence, "_ask", lambda engine, evidence: Evidence(state="running", info="asked"))
        try:
            return daemon_evidence.collect(Engine("unix://" + path, 5), "docker.service")["info"]
        except Unreadable as reason:
            return str(reason)

    return look


@pytest.mark.parametrize("active", ["inactive", "failed", "deactivating"])
def test_a_stopped_daemon_is_not_asked(look, active):
    assert look("/run/docker.sock", active, False) == "docker.service is %s; looking does not start it" % active


def test_one_that_runs_is_asked(look):
    assert look("/run/docker.sock", "active", True) == "asked"


def test_another_socket_that_systemd_does_not_hold_is_asked(look):
    assert look("/run/other.sock", "inactive", False) == "asked"


@pytest.mark.parametrize("held", [True, PermissionError()])
def test_what_stands_behind_another_socket_may_be_something_else(look, held):
    reason = look("/run/podman/podman.sock", "inactive", held)
    assert reason.startswith("systemd may start what stands behind /run/podman/podman.sock, so it is not asked")
