# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths of the host by components, not by characters."""

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean, sensitive


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/etc/../etc", "/etc"),
        ("//etc", "/etc"),
        ("///", "/"),
        ("/", "/"),
        ("/..", "/"),
        ("/etc/", "/etc"),
        ("/var/run", "/run"),
        ("/var/run/docker.sock", "/run/docker.sock"),
        ("/var/running", "/var/running"),
        ("/var/lib/../run/x", "/run/x"),
        ("/run/../var/run/..", "/var"),
        ("/a b/\n", "/a b/\n"),
    ],
)
def test_clean(path, expected):
    assert clean(path) == expected


@pytest.mark.parametrize(
    "path, directory, expected",
    [
        ("/etc", "/etc", True),
        ("/etc/ssl", "/etc", True),
        ("/etcetera", "/etc", False),
        ("/", "/etc", False),
        ("/anything", "/", True),
        ("/", "/", True),
    ],
)
def test_below(path, directory, expected):
    assert below(path, directory) is expected


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/var",
        "/var/lib",
        "/etc",
        "/etc/ssl",
        "/home",
        "/home/ann",
        "/home/ann/.ssh",
        "/home/ann/.ssh/id",
        "/dev/sda",
        "/usr/local/bin",
        "/lib64",
        "/opt",
        "/var/log/auth.log",
        "/srv/engine",
        "/srv/engine/overlay2",
        "/srv",
    ],
)
def test_sensitive(path):
    assert sensitive(path, "/srv/engine", ())


@pytest.mark.parametrize(
    "path",
    [
        "/srv/www",
        "/home/ann/project",
        "/home/ann/project/.git",
        "/mnt/data",
        "/opt/app",
        "/var/lib/postgresql",
        "/library",
    ],
)
def test_harmless(path):
    assert sensitive(path, "/srv/engine", ()) is None


def test_allowed_is_compared_by_components():
    assert sensitive("/etc/ssl/certs", None, ("/etc/ssl",)) is None
    assert sensitive("/etc/ssl-private", None, ("/etc/ssl",))
    assert sensitive("/etc", None, ("/etc/ssl",))
    assert sensitive("/etc", None, ("/",)) is None
