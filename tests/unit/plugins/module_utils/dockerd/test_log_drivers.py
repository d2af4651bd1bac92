# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A log driver that the engine does not know: it starts, and creates no container."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import log_drivers
from ansible_collections.containment.docker.plugins.module_utils.transaction.plan import plan
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.transaction.test_plan import situation

INFO = {"Plugins": {"Log": ["json-file", "journald", "local"]}}


class FakeEngine:
    def __init__(self, *names):
        self.names, self.paths = names, []

    def get(self, path):
        self.paths.append(path)
        return [{"Name": name, "Enabled": True} for name in self.names]


def test_drivers_of_the_engine_its_plugins_and_the_host(monkeypatch):
    monkeypatch.setattr(
        log_drivers.glob, "glob", lambda pattern: ["/run/docker/plugins/old.sock"] if "run" in pattern else []
    )
    engine = FakeEngine("grafana/loki-docker-driver:latest", "loki:2")
    assert log_drivers.known(engine, INFO) == [
        "grafana/loki-docker-driver",
        "grafana/loki-docker-driver:latest",
        "journald",
        "json-file",
        "local",
        "loki:2",
        "none",
        "old",
    ]
    assert engine.paths[0].encode("ascii") and '"' not in engine.paths[0]


@pytest.mark.parametrize("driver, words", [("json-file", ""), ("none", ""), ("jsonfile", "no log driver jsonfile")])
def test_a_running_engine(driver, words):
    known = log_drivers.known(FakeEngine(), INFO)
    decision = plan(situation({"log-driver": driver}, log_drivers=known))
    assert words in decision.refusal and bool(words) is bool(decision.refusal)


def test_what_is_not_wanted_is_not_judged():
    assert plan(situation({"icc": False}, before={"log-driver": "gone"}, containers=())).refusal == ""


def test_a_stopped_engine(tmp_path):
    names = log_drivers.known_while_stopped(str(tmp_path))
    assert "journald" in names and "would create no container" in log_drivers.refusal("jsonfile", names)
    (tmp_path / "plugins" / ("a" * 64)).mkdir(parents=True)
    (tmp_path / "plugins" / ("a" * 64) / "config.json").write_text("{}")
    assert log_drivers.refusal("loki", log_drivers.known_while_stopped(str(tmp_path))) == ""
