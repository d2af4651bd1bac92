# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which runtimes make a container of its HostConfig alone."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.runtimes import doubt

RUNC = {"path": "runc", "status": {}}
INFO = {"DefaultRuntime": "runc", "Runtimes": {"runc": RUNC, "io.containerd.runc.v2": RUNC}}


def info(default="runc", **runtimes):
    return {"DefaultRuntime": default, "Runtimes": dict(INFO["Runtimes"], **runtimes)}


@pytest.mark.parametrize(
    "runtime, engine_info",
    [
        ("runc", INFO),
        ("", INFO),
        (None, {}),
        ("io.containerd.runc.v2", INFO),
        ("crun", info(crun={"path": "/usr/bin/crun"})),
        ("small", info(small={"runtimeType": "io.containerd.runc.v2", "options": {"BinaryName": "/usr/bin/crun"}})),
    ],
)
def test_plain(runtime, engine_info):
    assert doubt({"Runtime": runtime}, engine_info, {}) == ""


@pytest.mark.parametrize(
    "runtime, engine_info, words",
    [
        ("nvidia", info(nvidia={"path": "nvidia-container-runtime"}), "nvidia (nvidia-container-runtime)"),
        ("", info("nvidia", nvidia={"path": "nvidia-container-runtime"}), "nvidia"),
        ("sysbox-runc", info(**{"sysbox-runc": {"path": "/usr/bin/sysbox-runc"}}), "sysbox-runc"),
        ("runc", {"Runtimes": {"runc": {"path": "/opt/wrap/runc"}}}, "/opt/wrap/runc"),
        ("kata", info(kata={"runtimeType": "io.containerd.kata.v2"}), "io.containerd.kata.v2"),
        ("gone", INFO, "gone"),
    ],
)
def test_another(runtime, engine_info, words):
    assert words in doubt({"Runtime": runtime}, engine_info, {})


def test_nri_and_a_default_that_only_the_settings_know():
    assert "NRI" in doubt({"Runtime": "runc"}, INFO, {"nri-opts": {"enable": True}})
    assert doubt({"Runtime": "runc"}, INFO, {"nri-opts": {"enable": False}}) == ""
    assert "other" in doubt({}, {}, {"default-runtime": "other"})
