# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's specification, read below the working directory of a real process."""

import json
import os
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.evidence import runtime_spec

CONTAINER = "f00" + "0" * 61


@pytest.fixture(name="shim")
def _shim(tmp_path):
    """(pid, directory) of a process whose working directory is named as the container."""
    directory = tmp_path / CONTAINER
    directory.mkdir()
    process = subprocess.Popen(["sleep", "60"], cwd=str(directory))
    yield process.pid, directory
    process.kill()
    process.wait()


def test_reads_the_filter(shim):
    pid, directory = shim
    (directory / "config.json").write_text(json.dumps({"linux": {"seccomp": {"defaultAction": "SCMP_ACT_LOG"}}}))
    assert json.loads(runtime_spec.seccomp(CONTAINER, pid)) == {"defaultAction": "SCMP_ACT_LOG"}


def test_no_filter(shim):
    pid, directory = shim
    (directory / "config.json").write_text('{"linux": {}}')
    assert runtime_spec.seccomp(CONTAINER, pid) == "{}"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"linux": null}', '{"linux": 1}', "\xff"])
def test_what_is_no_specification(shim, text):
    pid, directory = shim
    (directory / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(Unreadable):
        runtime_spec.seccomp(CONTAINER, pid)


def test_a_process_elsewhere_is_no_shim(shim):
    pid, directory = shim
    (directory / "config.json").write_text('{"linux": {}}')
    with pytest.raises(Unreadable, match="no shim"):
        runtime_spec.seccomp("e" * 64, pid)


def test_a_link_is_not_followed_and_a_missing_file_has_a_reason(shim):
    pid, directory = shim
    with pytest.raises(Unreadable, match="No such file"):
        runtime_spec.seccomp(CONTAINER, pid)
    os.symlink("/etc/passwd", str(directory / "config.json"))
    with pytest.raises(Unreadable, match="symbolic"):
        runtime_spec.seccomp(CONTAINER, pid)


def test_a_process_that_ended(shim):
    process = subprocess.Popen(["true"])
    process.wait()
    with pytest.raises(Unreadable):
        runtime_spec.seccomp(CONTAINER, process.pid)
