# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No directory of the host that matters is mounted in a container, not even read-only or in part."""

from typing import AbstractSet, Iterable, List, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import every
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.mounts import sources


def _verdict(evidence: Evidence, mounts: Iterable[Tuple[str, str, bool]]) -> Verdict:
    """mounts: as container_mounts.sources."""
    wrong = container_mounts.sensitivity(evidence)
    return container_mounts.judged(mounts, wrong, "no sensitive directory of the host is mounted")


def _configured(evidence: Evidence) -> Verdict:
    return container_mounts.by_configuration(evidence, lambda mounts: _verdict(evidence, sources(mounts)))


def _effective(evidence: Evidence) -> Optional[Verdict]:
    return container_mounts.by_engine(evidence, lambda mounts: _verdict(evidence, sources(mounts)))


def _kernel(evidence: Evidence) -> Verdict:
    mounts = ((path, mount.point, "ro" in mount.options) for mount, path in container_mounts.list_shown(evidence))
    return _verdict(evidence, mounts)


def _run(evidence: Evidence) -> List[RunChange]:
    return container_mounts.without(evidence, container_mounts.points(evidence, container_mounts.sensitivity(evidence)))


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    return container_mounts.blamed(evidence, container_mounts.points(evidence, container_mounts.sensitivity(evidence)))


RULE = Rule(
    id="sensitive-mounts",
    title="No sensitive directory of the host is mounted",
    severity="high",
    weakness={"container": "sensitive directories of the host are mounted in it"},
    rationale=(
        "A container that has the host's /etc, /usr, /dev, /run or the engine's own data can add accounts, units and "
        "programs that the host's root runs, or read keys, passwords and other containers' files where the mount is "
        "read-only. A directory below, or one that contains it, is as good; so is one behind a link or another mount of "
        "the host, one from inside of which the host has bound something onto such a place, and a volume of a kernel "
        "filesystem. The host's time zone read-only is none."
    ),
    remediation=(
        "Recreate the container with a named volume, a config or a secret, or with a directory made for it, in the "
        "place of the host's directory. What a site needs can be listed in allowed_mounts, as narrow as possible."
    ),
    references={
        "CIS 1.6": ("5.6",),
        "CIS 1.8": ("5.6",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.mounts",
        "container.views",
        "daemon.info",
        "daemon.process",
        "daemon.running",
        "daemon.state",
        "daemon.volumes",
        "host.mounts",
        "host.place_at",
        "policy",
    ),
    container={"configured": _configured, "effective": _effective, "kernel": every.of_namespaces(_kernel)},
    frozen="create",
    run=_run,
    judges_mounts=True,
    mounts_at_fault=_mounts_at_fault,
)
