# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's files by its layers: what the container sees, and never a file outside of them."""

import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.linux import overlay


@pytest.fixture(name="layers")
def _layers(tmp_path):
    """Three layers, the uppermost first, and a directory outside of them."""
    paths = [tmp_path / name for name in ("upper", "middle", "lower", "outside")]
    for path in paths:
        path.mkdir()
    (paths[3] / "secret").write_text("of the host")
    return paths


def write(layer, path, text="x"):
    place = layer / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def opened(layers):
    return overlay.Overlay([str(path) for path in layers[:3]])


def layer_of(layers, path, follow=True):
    with opened(layers) as container:
        entry = container.look(path, follow)
        return None if entry is None else entry.layer


def test_the_uppermost_file_decides(layers):
    write(layers[2], "usr/bin/su")
    write(layers[2], "usr/bin/ping")
    write(layers[0], "usr/bin/su")
    assert layer_of(layers, "/usr/bin/su") == 0
    assert layer_of(layers, "/usr/bin/ping") == 2
    assert layer_of(layers, "/usr/bin/absent") is None


def test_a_whiteout_hides_a_file_of_a_lower_layer(layers):
    write(layers[2], "usr/bin/su")
    (layers[1] / "usr/bin").mkdir(parents=True)
    os.mknod(str(layers[1] / "usr/bin/su"), stat.S_IFCHR, 0)
    assert layer_of(layers, "/usr/bin/su") is None


def test_a_whiteout_hides_a_directory(layers):
    write(layers[2], "usr/bin/su")
    os.mknod(str(layers[1] / "usr"), stat.S_IFCHR, 0)
    assert layer_of(layers, "/usr/bin/su") is None


def test_a_file_in_place_of_a_directory_hides_it(layers):
    write(layers[2], "usr/bin/su")
    write(layers[0], "usr")
    assert layer_of(layers, "/usr/bin/su") is None


def test_an_opaque_directory_hides_what_lies_below_it(layers, monkeypatch):
    write(layers[2], "usr/bin/su")
    write(layers[1], "usr/bin/other")
    opaque = os.stat(str(layers[1] / "usr/bin"))

    def getxattr(descriptor, name):
        if os.path.samestat(os.fstat(descriptor), opaque) and name == "trusted.overlay.opaque":
            return b"y"
        raise OSError(61, "No data available")

    monkeypatch.setattr(os, "getxattr", getxattr)
    assert layer_of(layers, "/usr/bin/other") == 1
    assert layer_of(layers, "/usr/bin/su") is None


@pytest.mark.parametrize("target", ["/../{outside}/secret", "../../../../../../..{outside}/secret", "{outside}/secret"])
def test_a_link_out_of_the_layers_leads_nowhere(layers, target):
    (layers[0] / "link").symlink_to(target.format(outside=layers[3]))
    with opened(layers) as container:
        assert container.read("/link", 100) == b""


def test_a_directory_that_is_a_link_is_followed_inside(layers):
    write(layers[2], "usr/bin/sh", "in the image")
    (layers[0] / "bin").symlink_to("/usr/bin")
    (layers[1] / "entry").symlink_to("bin/sh")
    with opened(layers) as container:
        assert container.read("/entry", 100) == b"in the image"
        assert container.look("/entry").path == "/usr/bin/sh"
        assert container.look("/bin/sh", follow=False) is None


def test_links_in_a_circle_are_an_error(layers):
    (layers[0] / "a").symlink_to("b")
    (layers[0] / "b").symlink_to("a")
    with opened(layers) as container:
        with pytest.raises(OSError, match="too many links"):
            container.look("/a")


def test_a_pipe_is_not_read(layers):
    os.mkfifo(str(layers[0] / "pipe"))
    with opened(layers) as container:
        assert container.read("/pipe", 100) == b""


def test_names_of_all_layers_are_listed_up_to_a_limit(layers):
    write(layers[0], "etc/cron.d/one")
    write(layers[2], "etc/cron.d/two")
    (layers[1] / "etc").symlink_to(str(layers[3]))
    with opened(layers) as container:
        assert container.names("/etc/cron.d", 10) == ["one", "two"]
        assert len(container.names("/etc/cron.d", 1)) == 1
        assert container.names("/absent", 10) == []


def test_nothing_stays_open(layers):
    write(layers[2], "usr/bin/su")
    (layers[0] / "bin").symlink_to("/usr/bin")
    before = len(os.listdir("/proc/self/fd"))
    with opened(layers) as container:
        for path in ("/bin/su", "/usr/bin/../../usr/bin/su", "/absent/x", "/usr/bin/su/x"):
            container.look(path)
        container.read("/bin/su", 10)
        container.names("/usr/bin", 10)
    with pytest.raises(OSError):
        overlay.Overlay([str(layers[0]), "/nonexistent"])
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "options, directories",
    [
        ("rw,lowerdir=/a/2/fs:/a/1/fs,upperdir=/a/3/fs,workdir=/a/3/work", ("/a/3/fs", "/a/2/fs", "/a/1/fs")),
        ("rw,lowerdir=2/fs:1/fs,upperdir=/a/3/fs,workdir=/a/3/work", ("/a/3/fs", "/a/2/fs", "/a/1/fs")),
        ("ro,lowerdir+=/a/2,lowerdir+=/a/1,index=off", ("/a/2", "/a/1")),
        (r"ro,lowerdir=/a\:b:/c\,d:/e\\f", ("/a:b", "/c,d", r"/e\f")),
    ],
)
def test_directories_of_an_overlay(options, directories):
    assert overlay.parse_directories(options) == directories


@pytest.mark.parametrize("options", ["rw", "rw,upperdir=/a", "ro,lowerdir=1/fs:2/fs", "rw,lowerdir="])
def test_options_without_directories_are_refused(options):
    with pytest.raises(ValueError):
        overlay.parse_directories(options)
