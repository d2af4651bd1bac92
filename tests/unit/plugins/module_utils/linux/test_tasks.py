# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The namespaces and the label of a thread, by files as /proc has them."""

import errno
import os
import re
from pathlib import Path

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import tasks


@pytest.fixture(name="directory")
def _directory(tmp_path):
    """(a process's directory, opened; its links by name)."""
    (tmp_path / "ns").mkdir()
    links = {name: f"{name}:[40265318{number}]" for number, name in enumerate(tasks.NAMESPACES, 35)}
    for name, link in links.items():
        (tmp_path / "ns" / name).symlink_to(link)
    descriptor = os.open(str(tmp_path), os.O_RDONLY | os.O_DIRECTORY)
    yield tmp_path, descriptor, links
    os.close(descriptor)


def test_kernels_before_5_6_have_no_time_namespace(directory):
    _path, descriptor, links = directory
    assert tasks.namespaces("", descriptor) == links


def test_the_time_namespace_that_docker_gives_from_29_5_on_is_one_more(directory):
    path, descriptor, links = directory
    (path / "ns/time").symlink_to("time:[4026539999]")
    assert tasks.namespaces("", descriptor) == dict(links, time="time:[4026539999]")


def test_without_one_of_the_others_none_is_known(directory):
    path, descriptor, _links = directory
    (path / "ns/user").unlink()
    assert tasks.namespaces("", descriptor) == {}


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ESRCH, errno.EACCES, errno.EPERM])
def test_of_one_that_has_ended_or_only_root_may_see_none_is_known(monkeypatch, directory, number):
    monkeypatch.setattr(tasks.os, "readlink", refuse(number))
    assert tasks.namespaces("", directory[1]) == {}


def test_a_link_that_can_not_be_read_for_another_reason_is_told(monkeypatch, directory):
    monkeypatch.setattr(tasks.os, "readlink", refuse(errno.EIO))
    with pytest.raises(OSError):
        tasks.namespaces("", directory[1])


@pytest.mark.parametrize(
    "data, expected",
    [
        (b"system_u:system_r:container_t:s0:c1,c2\0", "system_u:system_r:container_t:s0:c1,c2"),
        (b"docker-default (enforce)\n", "docker-default (enforce)"),
        (b"\n", None),
    ],
)
def test_a_label_without_its_end(directory, data, expected):
    path, descriptor, _links = directory
    (path / "attr").mkdir()
    (path / "attr/current").write_bytes(data)
    assert tasks.label_of("", descriptor) == expected


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOENT])
def test_without_a_labelling_module_there_is_no_label(monkeypatch, directory, number):
    monkeypatch.setattr(tasks.bounded_file, "read", refuse(number))
    assert tasks.label_of("", directory[1]) is None


def test_a_label_that_may_not_be_read_is_not_taken_for_none(monkeypatch, directory):
    monkeypatch.setattr(tasks.bounded_file, "read", refuse(errno.EACCES))
    with pytest.raises(PermissionError):
        tasks.label_of("", directory[1])


@pytest.fixture(name="process")
def _process(tmp_path):
    """The descriptor of a process with three threads of which the first has ended; the last differs."""
    for thread, state, bounding in ((50, "Z (zombie)", 0), (51, "S (sleeping)", 0), (52, "R (running)", 1)):
        folder = tmp_path / "task" / str(thread)
        (folder / "ns").mkdir(parents=True)
        status = Path("/proc/self/status").read_text()
        status = re.sub("(?m)^State:.*$", f"State:\\t{state}", status)
        (folder / "status").write_text(re.sub("(?m)^CapBnd:.*$", f"CapBnd:\\t{bounding:016x}", status))
        for name in tasks.NAMESPACES if thread != 50 else ():
            (folder / "ns" / name).symlink_to(f"{name}:[1]")
    descriptor = os.open(str(tmp_path), os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_threads_that_differ_without_one_that_has_ended(process):
    before = len(os.listdir("/proc/self/fd"))
    threads, looked_at = tasks.distinct(50, process, 9)
    assert ([thread.id for thread in threads], looked_at) == ([51, 52], 3)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("limit, ids, expected", [(1, [], 2), (2, [51], 3), (3, [51, 52], 3)])
def test_no_more_threads_are_looked_at_than_the_limit_and_one_more_is_counted(process, limit, ids, expected):
    threads, looked_at = tasks.distinct(50, process, limit)
    assert ([thread.id for thread in threads], looked_at) == (ids, expected)


def test_namespaces_that_were_read_just_now_are_not_read_again(process):
    known = {51: {"net": "net:[7]"}, 50: {"net": "net:[8]"}}
    threads, _count = tasks.distinct(50, process, 2, known)
    assert [(thread.id, thread.links) for thread in threads] == [(51, known[51])]


def refuse(number):
    def read(*arguments, **options):
        raise OSError(number, os.strerror(number))

    return read
