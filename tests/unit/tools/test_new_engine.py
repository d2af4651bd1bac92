# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new dockerd knows and the table doesn't is printed, and a program that says nothing is no engine without news."""

import pathlib
import re
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import READ_AT, SETTINGS
from ansible_collections.containment.docker.tools import new_engine

HELP = """
Usage:  dockerd [OPTIONS]

Options:
      --add-runtime runtime                   Register an additional OCI
                                              compatible runtime --no-flag
  -b, --bridge string                         Attach containers to a network bridge
      --default-address-pool pool-options     Default address pools
      --icc                                   Enable inter-container communication
  -v, --version                               Print version
"""
REFUSED = "unable to configure: the following directives don't match any configuration option: icc, mtu\n"


def test_flags_are_read_with_letter_and_type():
    assert new_engine.parse_help(HELP) == {
        "add-runtime": ("", "runtime"),
        "bridge": ("b", "string"),
        "default-address-pool": ("", "pool-options"),
        "icc": ("", ""),
        "version": ("v", ""),
    }


def test_keys_that_the_engine_refuses_are_read():
    assert new_engine.parse_refused_keys(REFUSED) == {"icc", "mtu"}
    assert new_engine.parse_refused_keys("configuration OK") == set()


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("--icc  ", "--ucc  ", "new flag      --ucc bool"),
        ("-b, --bridge", "-z, --bridge", "other letter  --bridge has -z"),
        ("--bridge string", "--bridge       ", "other type    --bridge takes bool"),
    ],
)
def test_each_difference_is_a_line(old, new, words):
    assert new_engine.compare("29.7.2", new_engine.parse_help(HELP), set()) == []
    assert old in HELP
    (line,) = new_engine.compare("29.7.2", new_engine.parse_help(HELP.replace(old, new)), set())
    assert line.startswith(words)
    assert new_engine.compare("29.7.2", {}, {"icc"}) == ["key is gone   icc: set its until"]


def test_every_setting_has_an_example():
    for setting in SETTINGS:
        assert new_engine.example(setting)


@pytest.mark.parametrize("flag, status", [("--icc", 0), ("--ucc", 1), ("", 2)])
def test_the_program_s_status_says_what_it_saw(tmp_path, capsys, flag, status):
    program = tmp_path / "dockerd"
    text = "#!/bin/sh\ncase $1 in --version) echo Docker version 29.8.0, build x;; --help) echo '  %s  text';; esac\n"
    program.write_text(text % (f"    {flag}" if flag else "nothing"), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert new_engine.main([str(program)]) == status
    assert ("--ucc" in capsys.readouterr().out) == (status == 1)


def test_the_page_names_the_release_of_the_table_and_files_that_are_there():
    root = pathlib.Path(__file__).parents[3]
    text = (root / "docs/new-engine.md").read_text(encoding="utf-8")
    assert "was read at Docker {}.{}\n".format(*READ_AT) in text
    ours = re.findall(r"`((?:plugins|tools|dockerd|docker_api|linux|rules)/[a-z_/]+\.py)`", text)
    assert len(ours) >= 8
    for name in ours:
        assert (root / name).exists() or (root / "plugins/module_utils" / name).exists(), name
