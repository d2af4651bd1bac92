# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a path of the host is: real links, sockets and devices."""

import os
import socket

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked, Place, look

NONE = frozenset()


@pytest.fixture(name="root")
def _root(tmp_path):
    for name in ("run", "srv/data", "etc"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_links_lead_where_the_engine_would_go(root):
    (root / "srv" / "a").symlink_to("/run")
    (root / "srv" / "data" / "b").symlink_to("../a/../etc")
    (root / "etc" / "shadow").touch()
    place = look("/srv/data/b/shadow", NONE, str(root))
    assert (place.path, place.kind) == ("/etc/shadow", "file")


def test_dots_go_up_from_where_a_link_led(root):
    (root / "srv" / "data" / "up").symlink_to("/run/deep")
    (root / "run" / "deep").mkdir()
    assert look("/srv/data/up/..", NONE, str(root)).path == "/run"
    assert look("/../..", NONE, str(root)).path == "/"


def test_two_names_of_a_socket_are_one(root):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "run" / "docker.sock"))
        os.link(str(root / "run" / "docker.sock"), str(root / "srv" / "innocent"))
        one, other = look("/run/docker.sock", NONE, str(root)), look("/srv/innocent", NONE, str(root))
    assert one.kind == "socket"
    assert one.identity == other.identity
    assert (one.names, other.names) == (2, 2)


def test_a_device_has_its_numbers():
    assert look("/dev/null", NONE)[1:4:2] == ("char", (1, 3))


def test_nothing_there_is_where_the_engine_would_make_it(root):
    (root / "srv" / "a").symlink_to("/etc")
    assert look("/srv/a/new/er", NONE, str(root)) == Place("/etc/new/er", "")


def test_a_link_that_others_may_exchange_is_named(root):
    (root / "srv" / "data").chmod(0o777)
    (root / "srv" / "data" / "b").symlink_to("/etc")
    (root / "srv" / "a").symlink_to("/etc")
    assert look("/srv/data/b", NONE, str(root)).loose == "/srv/data/b"
    if os.geteuid() == 0:
        assert look("/srv/a", NONE, str(root)).loose == ""


def test_what_may_keep_us_waiting_is_not_entered(root):
    (root / "srv" / "a").symlink_to("/srv/data/b")
    with pytest.raises(NotLooked, match="/srv/data is on a network's"):
        look("/srv/a", frozenset(("/srv/data",)), str(root))


def test_a_circle_ends(root):
    (root / "srv" / "a").symlink_to("b")
    (root / "srv" / "b").symlink_to("a")
    with pytest.raises(NotLooked, match="Too many levels"):
        look("/srv/a", NONE, str(root))


def test_a_file_in_the_middle(root):
    (root / "etc" / "shadow").touch()
    with pytest.raises(NotLooked, match="Not a directory"):
        look("/etc/shadow/x", NONE, str(root))


def test_a_link_of_proc_is_not_taken_for_a_path():
    assert look("/proc/self/root/etc/shadow", NONE).path in (
        "/proc/self/root/etc/shadow",
        "/proc/%d/root/etc/shadow" % os.getpid(),
    )
