# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mounted socket is judged by its file and by who serves it, by the answers of RHEL's policies."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.rules.shared.mount_labels import (
    Questions,
    judge_stopped,
)
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener
from ansible_collections.containment.docker.plugins.module_utils.selinux.path_label import Labelled, Located

from ...recorded_policy import policy
from ...rules.cases.selinux_mounts import bind

SHARED, OWN, OTHERS = "container_file_t:s0", "container_file_t:s0:c1,c2", "container_file_t:s0:c3,c4"
DOCKER = "container_var_run_t:s0"


def judge(domain, label, server, mode="", release="rhel9"):
    listeners = {Listener("system_u:system_r:%s:s0" % server, "unix_stream_socket")} if server else set()
    host = Questions(
        lambda path, device: Labelled("system_u:object_r:" + label, "socket", "8:1"),
        policy(release),
        lambda path: listeners if path == "/run/it.sock" else set(),
        lambda path: Located(path, None),
    )
    mounts = [("/run/it.sock", bind("/run/it.sock", mode))]
    (judged,) = judge_stopped(mounts, "system_u:system_r:%s:s0:c1,c2" % domain, host)
    return judged


@pytest.mark.parametrize("release", ["rhel9", "rhel10"])
@pytest.mark.parametrize(
    "domain, label, server, ok, works",
    [
        ("container_t", SHARED, "container_runtime_t", False, ""),  # what `:z` on docker.sock makes of it
        ("container_t", SHARED, "init_t", False, ""),
        ("container_t", SHARED, "spc_t", False, "all"),
        ("container_t", OWN, "spc_t", False, "all"),
        ("container_t", OTHERS, "spc_t", False, ""),
        ("container_t", SHARED, "syslogd_t", False, "all"),
        ("container_t", SHARED, "container_t", True, "all"),
        ("container_t", SHARED, "", None, ""),
        ("container_t", SHARED, "site_t", None, ""),
        ("container_t", DOCKER, "container_runtime_t", False, ""),
        ("container_t", DOCKER, "", False, ""),
        ("container_t", "devlog_t:s0", "syslogd_t", False, "all"),
        ("container_t", "devlog_t:s0", "", False, "all"),
        ("container_kvm_t", DOCKER, "container_runtime_t", False, "all"),
        ("container_kvm_t", DOCKER, "", None, ""),
        ("container_kvm_t", SHARED, "init_t", False, ""),
    ],
)
def test_by_its_file_and_by_who_serves_it(domain, label, server, ok, works, release):
    judged = judge(domain, label, server, release=release)
    assert (judged.ok, judged.works) == (ok, works), judged.seen


@pytest.mark.parametrize(
    "server, ok", [("container_runtime_t", False), ("spc_t", False), ("container_t", True), ("", None)]
)
@pytest.mark.parametrize("mode", ["z", "ro,Z"])
def test_a_relabel_decides_over_its_file_only(server, ok, mode):
    assert judge("container_t", DOCKER, server, mode).ok is ok


def test_no_answer_is_a_pass_unless_the_server_is_known_and_a_containers():
    for label in (SHARED, OWN, OTHERS, DOCKER, "devlog_t:s0", "var_run_t:s0", "usr_t:s0", "etc_t:s0"):
        for domain in ("container_t", "container_init_t", "container_kvm_t", "container_engine_t"):
            for server in ("", "init_t", "kernel_t", "syslogd_t", "spc_t", "container_runtime_t"):
                assert judge(domain, label, server).ok is not True, (domain, label, server)
