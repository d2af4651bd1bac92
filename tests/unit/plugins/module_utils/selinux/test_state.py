# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import os

import pytest

from ansible_collections.containment.docker.plugins.module_utils.selinux import state
from ansible_collections.containment.docker.plugins.module_utils.selinux.state import (
    CommandLine,
    Config,
    parse_command_line,
    parse_config,
    predict_mode,
    read_mode,
)

RHEL = """\
# This file controls the state of SELinux on the system.
# SELINUX= can take one of these three values:
#     enforcing - SELinux security policy is enforced.
SELINUX=enforcing
# SELINUXTYPE= can take one of these three values:
SELINUXTYPE=targeted
"""


def host(root, **files):
    """A directory that stands for /: proc__filesystems="…" makes proc/filesystems."""
    for name, text in files.items():
        path = os.path.join(str(root), name.replace("__", "/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as stream:
            stream.write(text)
    return str(root)


WITH = "nodev\tsysfs\nnodev\tselinuxfs\n\text4\n"


@pytest.mark.parametrize(
    "filesystems, enforce, wanted",
    [
        ("nodev\tsysfs\n\text4\n", None, None),
        ("nodev\tsysfs\n\text4\n", "1", None),  # a directory of that name is no selinuxfs
        (WITH, None, "disabled"),
        (WITH, "0", "permissive"),
        (WITH, "1", "enforcing"),
    ],
)
def test_mode(tmp_path, filesystems, enforce, wanted):
    files = {} if enforce is None else {"sys__fs__selinux__enforce": enforce}
    assert read_mode(host(tmp_path, proc__filesystems=filesystems, **files)) == wanted


def test_mode_without_proc_is_an_error(tmp_path):
    with pytest.raises(OSError):
        read_mode(str(tmp_path))


def test_all_of_an_enforcing_host(tmp_path):
    root = host(
        tmp_path,
        proc__filesystems=WITH,
        proc__cmdline="BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro security=selinux\n",
        sys__fs__selinux__enforce="1",
        sys__fs__selinux__policyvers="33",
        etc__selinux__config=RHEL,
    )
    assert state.read_state(root) == state.State(
        "enforcing", Config("enforcing", "targeted", ""), CommandLine(security="selinux"), 33
    )


@pytest.mark.parametrize("filesystems, wanted", [(WITH, None), ("\text4\n", False)])
def test_a_kernel_with_selinux_did_not_heed_selinux_0(tmp_path, filesystems, wanted):
    root = host(tmp_path, proc__filesystems=filesystems, proc__cmdline="selinux=0 enforcing=0\n")
    assert state.read_command_line(root) == CommandLine(selinux=wanted, enforcing=False)


def test_a_host_without_any(tmp_path):
    root = host(tmp_path, proc__filesystems="\text4\n", proc__cmdline="quiet\n")
    none = Config(None, None, "there is no /etc/selinux/config")
    assert state.read_state(root) == state.State(None, none, CommandLine(), None)


@pytest.mark.parametrize(
    "text, wanted",
    [
        (RHEL, ("enforcing", "targeted")),
        ("SELINUX=permissive\nSELINUXTYPE=default \t\n", ("permissive", "default")),
        ("SELINUX=  Disabled # for now\nSELINUXTYPE=mls\n", ("disabled", "mls")),  # libselinux looks at its beginning
        ("SELINUX=permissive\nSELINUX=enforcing\nSELINUXTYPE=a\n", ("permissive", "a")),  # the first that it knows
        ("SELINUX=on\nSELINUX=enforcing\nSELINUXTYPE=a\n", ("enforcing", "a")),
        ("SELINUX=enforcing\nSELINUXTYPE=a\n SELINUXTYPE=b\n", ("enforcing", "b")),  # the last
    ],
)
def test_config_as_libselinux_reads_it(text, wanted):
    assert parse_config(text) == Config(wanted[0], wanted[1], "")


@pytest.mark.parametrize(
    "text, config, error",
    [
        (" SELINUX=enforcing\nSELINUXTYPE=a\n", (None, "a"), "no line SELINUX="),
        ("#SELINUX=enforcing\nSELINUXTYPE=a\n", (None, "a"), "no line SELINUX="),
        ("SELINUX=on\nSELINUXTYPE=a\n", (None, "a"), "'on'"),
        ("SELINUX=enforcing\n", ("enforcing", None), "no line SELINUXTYPE="),
        ("SELINUX=enforcing\nSELINUXTYPE=../../tmp\n", ("enforcing", None), "names no policy"),
        ("SELINUX=enforcing\nSELINUXTYPE=\n", ("enforcing", None), "names no policy"),
    ],
)
def test_config_that_is_wrong(text, config, error):
    parsed = parse_config(text)
    assert parsed[:2] == config and error in parsed.error


def test_config_that_is_too_large(tmp_path):
    assert "larger" in state.read_config(host(tmp_path, etc__selinux__config="#" * (1 << 21))).error


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("root=/dev/vda1 ro quiet", CommandLine()),
        ("selinux=0", CommandLine(selinux=False)),
        ("selinux=0 selinux=1", CommandLine(selinux=True)),
        ("selinux=0x1 enforcing=00", CommandLine(selinux=True, enforcing=False)),
        ("selinux=off enforcing=", CommandLine()),  # no numbers
        ("myselinux=0 x.enforcing=0 enforcing", CommandLine()),
        (
            "security=selinux lsm=lockdown,yama,selinux",
            CommandLine(security="selinux", lsm=("lockdown", "yama", "selinux")),
        ),
    ],
)
def test_command_line(text, wanted):
    assert parse_command_line(text + "\n") == wanted


@pytest.mark.parametrize(
    "file, parameters, wanted",
    [
        ("enforcing", "", "enforcing"),
        ("enforcing", "enforcing=0", "permissive"),
        ("permissive", "enforcing=1", "enforcing"),
        ("disabled", "enforcing=1", "disabled"),
        ("enforcing", "selinux=0", None),
        ("enforcing", "security=apparmor", None),
        ("enforcing", "lsm=yama,apparmor", None),
        ("enforcing", "security=apparmor lsm=yama,selinux", "enforcing"),
        (None, "", "unknown"),
    ],
)
def test_next_boot(file, parameters, wanted):
    assert predict_mode(Config(file, "targeted", ""), parse_command_line(parameters)) == wanted


@pytest.mark.parametrize(
    "file, parameters, wanted",
    [
        ("enforcing", "", "enforcing after the next boot: SELINUX=enforcing in /etc/selinux/config"),
        ("enforcing", "enforcing=0", "permissive after the next boot: enforcing=0 on the kernel's command line"),
        ("disabled", "enforcing=1", "disabled after the next boot: SELINUX=disabled in /etc/selinux/config"),
        ("enforcing", "selinux=0 lsm=yama", "no SELinux after the next boot: selinux=0 on the kernel's command line"),
        ("enforcing", "lsm=yama", "no SELinux after the next boot: lsm= on the kernel's command line"),
        ("enforcing", "security=tomoyo", "no SELinux after the next boot: security= on the kernel's command line"),
    ],
)
def test_why(file, parameters, wanted):
    assert state.explain_mode(Config(file, "targeted", ""), parse_command_line(parameters)) == wanted
