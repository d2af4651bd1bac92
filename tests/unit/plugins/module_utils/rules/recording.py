# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evidence that records which of its keys are read."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.evidence_keys import (
    BY_SUBJECT,
    DAEMON,
    HOST,
    SHARED,
)
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import KINDS, ask

from .subjects import Case, changed


class Recording(Evidence):
    """A subject's evidence; `keys` gets `container.inspect`, `daemon.info`, `policy` for what is read of it."""

    def __init__(self, subject, evidence, keys):
        dict.__init__(self, evidence)  # pylint: disable=non-parent-init-called,super-init-not-called
        self.subject, self.keys_read = subject, keys
        for other in (HOST, DAEMON):
            if isinstance(dict.get(evidence, other), Evidence):
                dict.__setitem__(self, other, Recording(other, dict.get(evidence, other), keys))

    def record(self, key):
        if key in (HOST, DAEMON):
            return
        if key in SHARED:
            self.keys_read.add(key)
        elif key in BY_SUBJECT[self.subject] or not any(key in keys for keys in BY_SUBJECT.values()):
            self.keys_read.add("%s.%s" % (self.subject, key))
        # else it is a key of another kind of subject: rules ask for it to learn which kind this is

    def __getitem__(self, key):
        self.record(key)
        return Evidence.__getitem__(self, key)

    def get(self, key, default=None):
        self.record(key)
        return dict.get(self, key, default)

    def __contains__(self, key):
        self.record(key)
        return dict.__contains__(self, key)


def reads_of(rule, cases):
    """All keys that a rule itself reads, over the good subjects and its cases."""
    keys = set()
    for case in [Case(kind, "pass", "") for kind in KINDS if getattr(rule, kind)] + list(cases):
        evidence = changed(case)
        fails = judge(rule, case.kind, case.kind, evidence)["status"] == "fail"
        recording = Recording(case.kind, evidence, keys)
        for function in functions_of(rule, case.kind, fails):
            ask(function, recording)
    return keys


def functions_of(rule, kind, fails):
    """All that a rule may be asked about a subject of this kind that fails it, or does not."""
    functions = list(getattr(rule, kind).values()) + [rule.inapplicable]
    if fails:
        functions += {"container": [rule.run, rule.mounts_at_fault, rule.caused_by], "daemon": [rule.obstacle]}.get(
            kind, []
        )
    return [function for function in functions if function]
