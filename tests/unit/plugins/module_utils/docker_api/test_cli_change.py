# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes as text: what is copied means the value and nothing else, to a shell. (YAML: see tests/unit/plugins/filter/test_run_in_compose.py.)"""

import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import (
    CHANGES_LIMIT,
    TEXT_LIMIT,
    RunChange,
    report,
)

HOSTILE = (
    "/etc:/x:ro",
    "/a b:/x",
    "/$(touch /tmp/pwned):/x",
    "/`id`:/${HOME}:ro",
    "/it's:/x",
    '/"a":/x',
    "/a\\:/x",
    "/a;reboot:/x",
    "/a\nreboot\n:/x",
    "/\x1b[31m!!$(id)'\t:/x",
    "/\u00e9\u202e\U0001f600\U000e0001:/x",
    "~/x:/y",
    "/a # b:/x",
    "- {a: b}:/x",
    "*:/x",
    "",
)


def describe_change(change):
    (text,) = report([change])["run"]
    return text


def by_a_shell(flag):
    """The words that a shell makes of it."""
    done = subprocess.run(
        ["bash", "--norc", "-c", "printf '%s\\0' " + flag],
        stdout=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
        check=True,
    )
    return done.stdout.decode("utf-8").split("\0")[:-1]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_flag_is_one_word_that_means_the_value(text):
    change = describe_change(RunChange("remove", "Binds", text))
    assert change["flag"].isprintable()
    assert by_a_shell(change["flag"]) == ["--volume=" + text]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_flag_of_fields_is_one_word_too(text):
    change = describe_change(RunChange("remove", "Mounts", {"Type": "bind", "Source": text + ',"', "Target": "/x"}))
    assert change["flag"].isprintable()
    quoted = '"source=%s,"""' % text.replace('"', '""')
    assert by_a_shell(change["flag"]) == ["--mount=type=bind,%s,target=/x" % quoted]


def test_what_is_no_string_is_none():
    change = describe_change(RunChange("remove", "Privileged", True))
    assert change == {"change": "remove", "flag": "--privileged", "compose": "privileged: true"}


def test_a_text_that_is_too_long_is_cut_and_says_so():
    change = describe_change(RunChange("remove", "Binds", "/" + "x" * 5000 + ":/y"))
    assert len(change["flag"]) < TEXT_LIMIT + 60 and len(change["compose"]) < TEXT_LIMIT + 60
    assert "(%d more characters)" % (5003 - TEXT_LIMIT + 1) in change["flag"]
    assert len(by_a_shell(change["flag"])) == 1


def test_a_mount_of_too_many_options_is_cut_and_says_so():
    options = {"k%02d" % n: "v" for n in range(500)}
    mount = {"Type": "volume", "Target": "/x", "VolumeOptions": {"DriverConfig": {"Options": options}}}
    change = describe_change(RunChange("remove", "Mounts", mount))
    assert len(change["flag"]) < 500 and "490 more" in change["flag"]


def test_too_many_changes_are_counted():
    fields = report([RunChange("remove", "Binds", "/%d:/%d" % (n, n)) for n in range(CHANGES_LIMIT + 7)])
    assert len(fields["run"]) == CHANGES_LIMIT and fields["run_more"] == 7


def test_the_same_twice_is_said_once():
    assert report([RunChange("remove", "CapAdd", name) for name in ("SYS_ADMIN", "CAP_SYS_ADMIN", "sys_admin")]) == {
        "run": [{"change": "remove", "flag": "--cap-add=SYS_ADMIN", "compose": "cap_add: [SYS_ADMIN]"}]
    }


@pytest.mark.parametrize("mask, text", [(0, "0000"), (0o22, "0022"), (0o77, "0077"), ("MASK", "MASK")])
def test_a_umask_is_written_as_people_read_it(mask, text):
    change = describe_change(RunChange("add", "Umask", mask))
    assert change["flag"] == f"--umask={text}"
    assert change["compose"] == ("umask: MASK" if mask == "MASK" else f'umask: "{text}"')


@pytest.mark.parametrize(
    "key, options, word",
    [
        ("NonRecursive", "bind-nonrecursive", "disabled"),
        ("ReadOnlyNonRecursive", "bind-recursive=writable", "writable"),
        ("ReadOnlyForceRecursive", "bind-recursive=readonly", "readonly"),
    ],
)
def test_how_deep_a_mount_goes_is_kept(key, options, word):
    bind = {key: True}
    change = describe_change(
        RunChange("add", "Mounts", {"Type": "bind", "Source": "/a", "Target": "/b", "BindOptions": bind})
    )
    assert change["flag"] == "--mount=type=bind,source=/a,target=/b," + options
    assert change["compose"].endswith("target: /b, bind: {recursive: %s}}]" % word)


@pytest.mark.parametrize(
    "request_, flag, compose",
    [
        ({"Count": 2, "Driver": "nvidia"}, "--gpus=driver=nvidia,count=2", "gpus: [{driver: nvidia, count: 2}]"),
        ({"DeviceIDs": ["0"]}, "--gpus=device=0", 'gpus: [{device_ids: ["0"]}]'),
    ],
)
def test_gpus(request_, flag, compose):
    change = describe_change(RunChange("remove", "DeviceRequests", request_))
    assert (change["flag"], change["compose"]) == (flag, compose)
