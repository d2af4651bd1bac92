# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the host's own files tell of a boot that is still to come."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.denials import records
from ansible_collections.containment.docker.plugins.module_utils.selinux import access
from ansible_collections.containment.docker.plugins.module_utils.selinux_report import report


@pytest.mark.parametrize("written, waits", [(999, False), (1001, True), (None, False)])
def test_a_configuration_waits_for_the_boot_that_follows_it(monkeypatch, tmp_path, written, waits):
    path = tmp_path / "config"
    if written:
        path.touch()
        os.utime(str(path), (written, written))
    monkeypatch.setattr(report, "_CONFIG", str(path))
    monkeypatch.setattr(records, "read_boot_time", lambda: 1000.0)
    assert report._files("", False).waits is waits


def test_the_engine_takes_containers_common_contexts_before_the_policys(tmp_path):
    common, policy = tmp_path / "usr/share/containers/selinux", tmp_path / "etc/selinux/targeted/contexts"
    for directory, domain in ((common, "container_t"), (policy, "svirt_lxc_net_t")):
        directory.mkdir(parents=True)
        name = "contexts" if directory == common else "lxc_contexts"
        (directory / name).write_text('process = "system_u:system_r:%s:s0"\n' % domain)
    assert report._label("targeted", str(tmp_path)) == "system_u:system_r:container_t:s0"
    (common / "contexts").unlink()
    assert report._label("targeted", str(tmp_path)) == "system_u:system_r:svirt_lxc_net_t:s0"
    assert report._label("mls", str(tmp_path)) == ""


@pytest.mark.parametrize("denied, wanted", [(("create",), "denied"), ((), "allowed"), (None, "unknown")])
def test_sockets_of_the_kernels_cryptography_are_asked_of_the_policy(denied, wanted):
    def ask(source, target, tclass, permissions):
        assert (source, tclass, permissions) == (target, "alg_socket", ("create",))
        if denied is None:
            raise access.Unanswered("the loaded policy has no class alg_socket")
        return access.Decision(denied, False)

    assert report._af_alg("system_u:system_r:container_t:s0", ask) == wanted
