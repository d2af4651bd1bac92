# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a program in the sandbox has of the host."""

import fnmatch
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.migration import sandbox


@pytest.fixture(autouse=True)
def run_directory(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "RUN", str(tmp_path))
    return tmp_path


@pytest.fixture
def properties(monkeypatch):
    """Of the unit in which cp works, by name."""
    commands = []
    monkeypatch.setattr(sandbox, "run", lambda argv: commands.append(list(argv)) or "")
    sandbox.between("/var/lib/docker/volumes/a b/_data", "/srv/50%:x", ["cp", "/from/.", "/to"])
    (command,) = commands
    assert command[0] == "systemd-run"
    assert command[command.index("--") + 1 :] == sandbox.bounded(["cp", "/from/.", "/to"])
    pairs = [text[len("--property=") :].split("=", 1) for text in command if text.startswith("--property=")]
    return dict(pairs)


def test_there_is_nothing_but_programs_and_the_source_which_can_not_be_written(properties):
    """Neither /etc nor /root; and nothing that makes cp believe in SELinux, as labels are copied as attributes."""
    assert properties["TemporaryFileSystem"] == "/:ro"
    assert properties["BindReadOnlyPaths"] == (
        "-/usr -/bin -/sbin -/lib -/lib64 /var/lib/docker/volumes/a\\ b/_data:/from:norbind"
    )
    assert properties["BindPaths"] == "/srv/50%%\\:x:/to:norbind"


def test_units_of_copies_have_names_of_their_own_that_one_pattern_matches(monkeypatch):
    commands = []
    monkeypatch.setattr(sandbox, "run", lambda argv: commands.append(list(argv)) or "")
    for _copy in range(2):
        sandbox.between("/a", "/b", ["cp"])
    names = [text[len("--unit=") :] for command in commands for text in command if text.startswith("--unit=")]
    assert len(set(names)) == 2 and fnmatch.filter(names, sandbox.COPY_UNITS) == names


def test_it_may_keep_labels_that_the_policy_does_not_know(properties):
    assert {"CAP_SYS_ADMIN", "CAP_MAC_ADMIN"} <= set(properties["CapabilityBoundingSet"].split())
    assert "CAP_SYS_PTRACE" not in properties["CapabilityBoundingSet"]


def test_no_pipe_is_handed_over_by_dbus(properties, run_directory):
    """SELinux denies it in Debian's policy. What the program says, systemd writes to a file that is gone afterwards."""
    assert properties["StandardOutput"] == "null"
    assert properties["StandardError"].startswith(f"file:{run_directory}/") and not list(run_directory.iterdir())


@pytest.mark.parametrize(
    "words, expected",
    [
        (b"first\ncp: /from/a: \x1b[31mdenied\n", "cp failed with status 1: cp: /from/a: \\x1b[31mdenied"),
        (b"x\n" * 9000 + b"last\n", "cp failed with status 1: last"),
        (None, "systemd-run's own words"),
    ],
)
def test_a_copy_that_fails_is_told_with_the_last_words_of_its_program(monkeypatch, words, expected):
    def fail(argv):
        (path,) = [text.split("file:")[1] for text in argv if "StandardError=" in text]
        if words is not None:
            with open(path, "wb") as stream:
                stream.write(words)
        raise sandbox.CommandError("systemd-run's own words", 1)

    monkeypatch.setattr(sandbox, "run", fail)
    with pytest.raises(sandbox.CommandError) as error:
        sandbox.between("/a", "/b", ["cp"])
    assert str(error.value) == expected and error.value.status == 1


@pytest.mark.parametrize(
    "script, status, errors",
    [
        ("echo output; echo first >&2; echo last >&2", 0, b"first\nlast\n"),
        ("echo denied >&2; exit 24", 24, b"denied\n"),
        ("seq 1000000 1100000 >&2; exit 1", 1, b"".join(b"%d\n" % n for n in range(1099489, 1100001))),
        ('printf "%s" "$1" >&2', 0, b"a  b * $HOME"),
        ("exit 23", 23, b""),
    ],
)
def test_of_what_a_program_says_only_the_end_is_written_and_its_status_stays(script, status, errors):
    """A file in /run is memory, and cp has a line for each file that it can't copy."""
    done = subprocess.run(
        sandbox.bounded(["sh", "-c", script, "sh", "a  b * $HOME"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert (done.returncode, done.stderr) == (status, errors)
    assert done.stdout == (b"output\n" if "output" in script else b"")


def test_the_program_of_a_unit_that_can_not_be_started_is_named(monkeypatch):
    done = subprocess.CompletedProcess([], 1, b"", b"Failed to start transient service unit: denied\n")
    monkeypatch.setattr(sandbox.subprocess, "run", lambda argv, **options: done)
    with pytest.raises(sandbox.CommandError, match="^rsync failed with status 1: Failed to start transient"):
        sandbox.between("/a", "/b", ["rsync", "--archive"])
    with pytest.raises(sandbox.CommandError, match="^dockerd failed with status 1: Failed to start transient"):
        sandbox.start_service("second", {}, ["dockerd", "--debug"])


def test_a_program_without_a_unit_is_named():
    with pytest.raises(sandbox.CommandError, match="^sh failed with status 3: last"):
        sandbox.run(["sh", "-c", "echo last >&2; exit 3"])
