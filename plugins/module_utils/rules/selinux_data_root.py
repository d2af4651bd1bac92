# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's data has the labels that the policy has for it."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.labels import demanded, without_policy


def _kernel(evidence: Evidence) -> Verdict:
    missing = demanded(evidence)
    if missing:
        return missing
    root = evidence["data_root_labels"]
    if root["verdict"] == "right":
        return Verdict(True, f"{root['path']} and what is in it are labelled as the policy has it")
    sentence = root["why"] + (f"; file contexts say {root['expected']}" if root["expected"] else "")
    return Verdict(False if root["verdict"] == "wrong" else None, sentence)


RULE = Rule(
    id="selinux-data-root",
    title="The engine's data is labelled as its own",
    severity="medium",
    weakness={"daemon": "the engine's data has not the labels that the policy gives it"},
    rationale=(
        "The policy keeps containers and confined programs of the host from the engine's data by its labels: images, "
        "secrets, other containers' files. A data root elsewhere than /var/lib/docker gets those of the directory "
        "that it was made in, which others may read, and containers may be denied what is theirs."
    ),
    remediation=(
        "Make the data root equivalent to Docker's own place and label it: `semanage fcontext -a -e /var/lib/docker "
        "ROOT` (only where it is elsewhere) and `restorecon -R ROOT`, but for ROOT/containerd/daemon (`-e`), for which "
        "there are no contexts; the role docker_selinux does so when asked. With the containerd store also "
        "/var/lib/containerd counts: `restorecon -R /var/lib/containerd`. Layers of dockerd's own containerd need a context "
        "before any relabel: selinux_info names it (`data_root.store_cure`)."
    ),
    references={
        "CIS 1.6": ("5.3",),
        "CIS 1.8": ("5.3",),
        "STIG": ("DKER-EE-001940",),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "daemon.data_root_labels",
        "daemon.state",
        "host.selinux",
        "policy",
    ),
    daemon={"kernel": _kernel},
    inapplicable=without_policy,
)
