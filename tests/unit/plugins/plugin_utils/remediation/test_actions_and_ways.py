# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audit says to do and what a remediation would do are the same, for each rule and kind of subject."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import actions
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import CURES, KINDS
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES
from ansible_collections.containment.docker.plugins.plugin_utils.remediation import ways
from ansible_collections.containment.docker.plugins.plugin_utils.remediation.options import Options

EVERYTHING = Options(memory=1 << 30, pids_limit=100, restart_policy="no", accept_new_data_root=True)
HOST = ways.Host("running", {"web": [{"name": "web", "id": "a" * 64, "state": "running"}]}, {})
SAME = {
    ways.DAEMON: (actions.RESTART_DAEMON, actions.RELOAD_DAEMON),
    ways.UPDATE: (actions.UPDATE,),
    ways.RECREATE: (actions.RECREATE,),
    ways.RESTART: (actions.RESTART_CONTAINERS,),
}
CASES = [(rule, kind) for rule in RULES for kind in KINDS if getattr(rule, kind) and kind != "host"]


def test_a_remediation_does_not_set_what_the_engine_would_not_start_with():
    finding = {"rule": "userns-remap", "subject": "daemon", "status": "fail", "severity": "high", "seen": "it is"}
    assert ways.choose_way(finding, HOST, EVERYTHING).way == ways.DAEMON
    choice = ways.choose_way(dict(finding, obstacle="take the store out first"), HOST, EVERYTHING)
    assert (choice.way, choice.reason) == (ways.NONE, "take the store out first")


@pytest.mark.parametrize("rule, kind", CASES, ids=[f"{rule.id} of a {kind}" for rule, kind in CASES])
def test_an_action_is_what_a_remediation_does(rule, kind):
    finding = {"rule": rule.id, "subject": kind, "status": "fail", "severity": rule.severity, "seen": "it is"}
    if kind == "container":
        finding.update(subject="container:web", cure=CURES[rule.frozen])
    (action,) = actions.list_actions([finding], BY_ID)
    choice = ways.choose_way(finding, HOST, EVERYTHING).way
    assert action["kind"] in SAME.get(choice, (actions.NOBODY,))
