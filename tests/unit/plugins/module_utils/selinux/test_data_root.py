# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of dockerd's own containerd, which a relabel would take from the containers."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import data_root, file_contexts

from .. import recorded_policy

ROOT_TYPE, LAYERS = "system_u:object_r:container_var_lib_t:s0", "system_u:object_r:container_file_t:s0"
OWN = "/containerd/daemon"
OWN_SNAPSHOTS = OWN + "/io.containerd.snapshotter.v1.overlayfs/snapshots"
# What the policies have: RHEL's container-selinux, and what Debian's selinux-policy-default 2.20250213 has of it.
OF_RHEL = b"""/var/lib(/.*)?\tsystem_u:object_r:var_lib_t:s0
/var/lib/docker(/.*)?\tsystem_u:object_r:container_var_lib_t:s0
/var/lib/docker/overlay2(/.*)?\tsystem_u:object_r:container_ro_file_t:s0
/var/lib/containerd(/.*)?\tsystem_u:object_r:container_var_lib_t:s0
/var/lib/containerd/[^/]*/snapshots(/.*)?\tsystem_u:object_r:container_file_t:s0
"""
OF_DEBIAN = OF_RHEL.replace(
    b"[^/]*/snapshots(/.*)?\tsystem_u:object_r:container_file_t",
    b"[^/]+/snapshots(/.*)?\tsystem_u:object_r:container_ro_file_t",
)
CURE = "semanage fcontext -a -t %s '/var/lib/docker/containerd/daemon/[^/]+/snapshots(/.*)?'"


def judged_with_own_containerd(policy, root="/var/lib/docker", local=b"", subs=b"", label=LAYERS, store=True):
    contexts = file_contexts.parse([policy, local], subs)
    labels = {root: ROOT_TYPE, root + OWN: ROOT_TYPE, root + OWN_SNAPSHOTS: label}
    return data_root.judge_root(root, contexts.lookup, labels.get, store)


@pytest.mark.parametrize("policy, kind", [(OF_RHEL, "container_file_t"), (OF_DEBIAN, "container_ro_file_t")])
def test_layers_of_dockerds_own_containerd_are_named_where_the_policy_has_no_context_for_them(policy, kind):
    report = judged_with_own_containerd(policy)
    assert report["verdict"] == "right"
    assert (report["store"], report["store_cure"]) == ("/var/lib/docker/containerd/daemon", CURE % kind)


@pytest.mark.parametrize("root, subs", [("/var/lib/docker", b""), ("/data/docker", b"/data/docker /var/lib/docker\n")])
def test_the_cure_gives_them_a_context_that_containers_may_read_wherever_the_data_root_is(root, subs):
    report = judged_with_own_containerd(OF_RHEL, root, subs=subs)
    assert report["store"] == root + OWN
    _semanage, _fcontext, _add, _type, kind, pattern = report["store_cure"].split()
    local = f"{pattern[1:-1]} system_u:object_r:{kind}:s0\n".encode()
    assert judged_with_own_containerd(OF_RHEL, root, local, subs)["store"] == ""


def test_without_the_containerd_store_nothing_there_is_of_containers():
    assert judged_with_own_containerd(OF_RHEL, store=False)["store"] == ""


def test_layers_that_a_relabel_has_taken_are_wrong_and_a_relabel_alone_is_no_cure():
    report = judged_with_own_containerd(OF_RHEL, label=ROOT_TYPE)
    assert report["verdict"] == "wrong" and "which no container may read" in report["why"]
    assert report["path"] == report["store"] == "/var/lib/docker/containerd/daemon"
    assert report["cure"] == CURE % "container_file_t" + "; restorecon -R /var/lib/docker/containerd/daemon"
    local = b"/var/lib/docker/containerd/daemon/[^/]+/snapshots(/.*)? system_u:object_r:container_file_t:s0\n"
    report = judged_with_own_containerd(OF_RHEL, local=local, label=ROOT_TYPE)
    assert report["cure"] == "restorecon -R /var/lib/docker/containerd/daemon" and report["store"] == ""


@pytest.mark.parametrize("release", ["rhel9", "rhel10"])
def test_the_policies_let_no_container_read_what_a_relabel_would_give_the_layers(release):
    """Why it is refused at all: by the recorded answers of RHEL's policies."""
    ask = recorded_policy.policy(release)
    container = "system_u:system_r:container_t:s0:c1,c2"
    assert "read" in ask(container, ROOT_TYPE, "file", ("read", "open")).denied
    for kind in ("container_file_t", "container_ro_file_t"):
        assert not ask(container, f"u:r:{kind}:s0", "file", ("read", "open")).denied
