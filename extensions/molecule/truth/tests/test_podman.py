# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Podman at Docker's address: said in one sentence, nothing passes, nothing is touched. Only one host has it."""

import json
import os
from pathlib import Path

import pytest

HOST = "molecule-bookworm"
pytestmark = pytest.mark.skipif(bool(os.environ.get("HOST_IMAGE")), reason="only the lab's own bookworm has Podman")
PODMAN = "Podman answers on this socket, and these rules judge dockerd"


@pytest.fixture(scope="module")
def results():
    """All that was recorded on that host."""
    path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], f"{HOST}.converge.results.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def others(results):
    """What the other modules and the role said, and what is true."""
    return results["podman_others"]


@pytest.fixture(scope="module", params=["/var/run/docker.sock", "/run/podman/podman.sock"])
def posture(request, results, others):
    """The audit at Docker's own address, and at the one that DOCKER_HOST names."""
    answer = results["podman"]["posture"] if "docker" in request.param else others["named"]
    assert answer["engine"]["address"] == f"unix://{request.param}"
    return answer


def test_it_is_podman_with_an_open_container_that_stays_open(others):
    """Or else this proves nothing: there is much to find, and to close."""
    truth = others["truth"].split("\n")
    assert truth[0].startswith("podman version") and truth[1].startswith("open Up")
    (capabilities,) = (int(line.split()[1], 16) for line in truth if line.startswith("CapEff"))
    assert capabilities >> 21 & 1  # CAP_SYS_ADMIN
    assert not [line for line in truth if " /proc/sys " in line]


def test_it_is_said_and_nothing_passes(posture):
    assert posture["engine"]["reason"] == PODMAN and posture["engine"]["version"] is None
    assert {f["status"] for f in posture["findings"]} <= {"unknown", "not_applicable"}
    assert {f["subject"] for f in posture["findings"]} == {"host", "daemon", "container:*"}
    unknown = [f for f in posture["findings"] if f["subject"] == "container:*" and f["status"] == "unknown"]
    assert unknown and {f["seen"] for f in unknown} == {PODMAN}


def test_what_would_change_something_refuses(others):
    assert others["closed"] == PODMAN
    assert others["changed"].startswith("docker.service is not-found: install Docker here")


def test_a_file_for_a_docker_to_come_is_written(others):
    assert others["written"]["changed"] and others["written"]["certain"] is False
    assert others["truth"].split("\n")[-1] == '{"live-restore":true}'


def test_the_role_fails_with_one_sentence_and_no_findings(others):
    """In which words depends on whether its service, which ends when it is idle, runs at that moment."""
    assert others["decided"].endswith("leave this host out.")
    assert others["decided"].startswith((PODMAN, "No Docker engine answers here"))
