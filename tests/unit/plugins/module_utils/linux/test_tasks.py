# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The namespaces of a thread, by links as /proc has them."""

import os

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
