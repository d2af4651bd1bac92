# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which other finding is the cause of a failing container's. Pure.

Fifty containers without a seccomp filter, as the daemon gives none, are fifty findings and one cause. A cause is named
only where the container's own configuration is not at fault.
"""

from typing import AbstractSet, Dict, Iterable, Mapping, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import Assessment
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule

DAEMON = "daemon"


def rules_by_field(rules: Iterable[Rule]) -> Dict[str, str]:
    """The field of HostConfig -> the id of the rule that explains findings which ask for its change."""
    return {field: rule.id for rule in rules for field in rule.explains}


def name_cause(
    rule: Rule,
    subject: str,
    assessment: Assessment,
    changes: Sequence[RunChange],
    fields: Mapping[str, str],
    failing: Mapping[str, AbstractSet[str]],
) -> Optional[Dict[str, str]]:
    """{rule, subject} of the cause; None where the container itself is it, or nothing shows another.

    subject: the container's. changes: see `finding.changes_of`. fields: see `rules_by_field`. failing: the ids of the
    rules that fail, waived or not, by subject: of the daemon and of this container.
    """
    if assessment.status != "fail":
        return None
    explaining = {fields.get(change.field) for change in changes}
    if len(explaining) == 1:
        (other,) = explaining
        for where in (subject, DAEMON):
            if other and other != rule.id and other in failing.get(where, ()):
                return {"rule": other, "subject": where}
    configured = assessment.verdicts.get("configured")
    own_fault = configured is not None and configured.ok is False
    if own_fault or any(change.change == "remove" for change in changes):
        return None
    return {"rule": rule.id, "subject": DAEMON} if rule.id in failing.get(DAEMON, ()) else None
