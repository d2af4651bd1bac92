# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file whose settings count is the one that this dockerd reads, where it sees it."""

import time

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.evidence import daemon_config
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import NextStart

LATER = time.time() + 1000


@pytest.fixture(name="root")
def _root(tmp_path):
    """A root directory with a file in the usual place and one in a user's."""
    for folder, text in (("etc/docker", '{"icc": false}'), ("home/a/.config/docker", '{"icc": true, "debug": true}')):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "daemon.json").write_bytes(text.encode("ascii"))
    return str(tmp_path) + "/"


def rootless(root, *flags, **fields):
    default = fields.pop("default", "/home/a/.config/docker/daemon.json")
    return DaemonProcess(7, ("dockerd",) + flags, LATER, "/", root, default)


def test_a_rootless_dockerd_reads_the_users_file(root):
    process = rootless(root)
    for settings in (daemon_config.running(process), daemon_config.next_start(None, process)):
        assert settings["icc"] is True and settings["debug"] is True
    assert not daemon_config.changed(None, process).file


def test_a_flag_names_another_file_where_the_process_sees_it(root):
    assert daemon_config.running(rootless(root, "--config-file=/etc/docker/daemon.json"))["icc"] is False


def test_where_the_environment_does_not_tell_nothing_is_known(root):
    for ask in (daemon_config.running, lambda process: daemon_config.next_start(None, process)):
        with pytest.raises(Unreadable, match="environment doesn't tell"):
            ask(rootless(root, default=None))


def test_without_a_file_the_defaults_hold(root):
    assert daemon_config.running(rootless(root, default="/home/b/.config/docker/daemon.json"))["icc"] is True


def test_a_file_that_is_younger_than_the_daemon_is_no_proof(root):
    with pytest.raises(Unreadable, match="changed after the daemon started"):
        daemon_config.running(rootless(root)._replace(started=1))


def test_the_seccomp_profile_is_read_where_the_process_sees_it(root, tmp_path):
    (tmp_path / "etc" / "p.json").write_bytes(b"{}")
    process = rootless(root)
    evidence = {
        "info": {"SecurityOptions": ["name=seccomp,profile=/etc/p.json"]},
        "configured": {"seccomp-profile": "etc/p.json"},
    }
    assert daemon_config.seccomp_in_force(evidence, process) == daemon_config.seccomp_next(evidence, process) == "{}"


def test_flags_that_only_a_newer_dockerd_knows_hide_nothing(root, monkeypatch):
    process = rootless(root, "--extension-dir", "/x", "--icc=false", default="/home/b/daemon.json")
    assert daemon_config.running(process)["icc"] is False
    start = NextStart(("/usr/bin/dockerd",) + process.argv[1:], "", True)
    for version, words in (("29.8.0", ""), ("29.7.2", "unknown flag"), (None, "unknown flag")):
        monkeypatch.setattr(daemon_config.program, "version", lambda path, version=version: version)
        if words:
            with pytest.raises(Unreadable, match=words):
                daemon_config.next_start(lambda: start, process)
        else:
            assert daemon_config.next_start(lambda: start, process)["icc"] is False
            (sentence,) = daemon_config.newer(lambda: start, process, "29.8.0")
            assert "--extension-dir" in sentence and daemon_config.newer(lambda: start, process, "29.7.2") == []


def test_dockerds_environment_wins_over_file_and_flags(root, monkeypatch):
    process = rootless(root, "--storage-driver=overlay2")._replace(environment={"DOCKER_DRIVER": "vfs"})
    assert daemon_config.running(process)["storage-driver"] == "vfs"
    assert daemon_config.next_start(None, process)["storage-driver"] == "vfs"
    start = NextStart(["/usr/bin/dockerd"], "", True, {"DOCKER_DRIVER": "btrfs"})
    assert daemon_config.next_start(lambda: start, process)["storage-driver"] == "btrfs"
    with pytest.raises(Unreadable, match="environment can't be read"):
        daemon_config.running(process._replace(environment=None))


def test_systemd_is_asked_once_for_all_that_follows_from_the_next_start(root, monkeypatch):
    process, questions = rootless(root), []

    def ask(unit, known):
        questions.append((unit, known))
        return NextStart(["/usr/bin/dockerd"], "", True, {"DOCKER_DRIVER": "btrfs"})

    monkeypatch.setattr(daemon_config.systemctl, "next_start", ask)
    start = daemon_config.start_of_unit("docker.service", None)
    assert daemon_config.next_start(start, process)["storage-driver"] == "btrfs"
    assert daemon_config.next_environment(start, process) == {"DOCKER_DRIVER": "btrfs"}
    daemon_config.changed(start, process)
    assert questions == [("docker.service", None)]
