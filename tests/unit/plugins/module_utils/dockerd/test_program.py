# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd itself says; programs that answer as real ones did stand for it (texts of 26.1.5 and 28.5.2)."""

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd import program as dockerd_program

SCRIPT = """#!/bin/sh
case "$1" in --version) echo "Docker version {version}, build 411e817"; exit 0;; esac
{then}
"""


def program(tmp_path, version, then="exit 9"):
    path = tmp_path / "dockerd"
    path.write_text(SCRIPT.format(version=version, then=then))
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "26.1.5+dfsg1", "29.0.0-rc.1"])
def test_version(tmp_path, version):
    assert dockerd_program.version(program(tmp_path, version)) == version


def test_no_version(tmp_path):
    assert dockerd_program.version(str(tmp_path / "none")) is None
    assert dockerd_program.version("/bin/true") is None


@pytest.mark.parametrize(
    "version, able", [(None, False), ("dev", False), ("20.10.24", False), ("23.0.0", True), ("29.1.0", True)]
)
def test_can_validate(version, able):
    assert dockerd_program.can_validate(version) is able


def test_an_old_one_is_not_asked(tmp_path):
    assert (
        dockerd_program.problem([program(tmp_path, "20.10.24", "touch '%s/asked'; exit 1" % tmp_path)], b"{}") is None
    )
    assert not os.path.exists(str(tmp_path / "asked"))


def test_it_gets_the_flags_and_the_text(tmp_path):
    then = "echo \"$@\" > '{0}/argv'; cat > '{0}/text'; exit 0".format(tmp_path)
    argv = [program(tmp_path, "26.1.5", then), "-H", "fd://", "--config-file=/etc/docker/daemon.json"]
    assert dockerd_program.problem(argv, b'{"a": 1}') is None
    assert (tmp_path / "argv").read_text() == (
        "-H fd:// --config-file=/etc/docker/daemon.json --validate --config-file=/dev/stdin\n"
    )
    assert (tmp_path / "text").read_bytes() == b'{"a": 1}'


@pytest.mark.parametrize(
    "data, passed_on",
    [
        (b'{"userns-remap": "default", "icc": false}', b'{"icc": false}'),
        (b'{"userns-remap": "someone"}', b'{"userns-remap": "someone"}'),
    ],
)
def test_it_is_not_made_to_create_a_user(tmp_path, data, passed_on):
    then = "cat > '{0}/text'; exit 0".format(tmp_path)
    assert dockerd_program.problem([program(tmp_path, "26.1.5", then)], data) is None
    assert (tmp_path / "text").read_bytes() == passed_on


@pytest.mark.parametrize(
    "output, sentence",
    [
        (
            "unable to configure the Docker daemon with file /dev/stdin: the following directives don't match any configuration option: a",
            "the following directives don't match any configuration option: a",
        ),
        (
            'time="now" level=warning msg=x\nError during uid lookup for "nosuch": getent unable to find entry',
            'Error during uid lookup for "nosuch": getent unable to find entry',
        ),
        ("Status: unknown flag: --nope\nSee 'dockerd --help'., Code: 125", "unknown flag: --nope"),
        (
            "Status: unknown flag: --nope\n\nUsage:  dockerd [OPTIONS]\n  -v, --version\n, Code: 125",
            "unknown flag: --nope",
        ),
        ("bad \033[2J", "bad \\x1b[2J"),
        ("", "exit status 1"),
    ],
)
def test_its_refusal_is_one_sentence(tmp_path, output, sentence):
    then = "cat > /dev/null; cat >&2 <<'END'\n%s\nEND\nexit 1" % output
    assert dockerd_program.problem([program(tmp_path, "26.1.5", then)], b"{}") == "dockerd refuses it: " + sentence


def test_one_that_hangs_is_a_problem(tmp_path):
    hangs = program(tmp_path, "26.1.5", "exec sleep 60")
    assert "could not be run within 0.2 s" in dockerd_program.problem([hangs], b"{}", "26.1.5", timeout=0.2)
