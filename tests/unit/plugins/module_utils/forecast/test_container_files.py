# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of a container's layers and volumes: what it sees, searched once, within the budget."""

import os
import stat

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.forecast import (
    container_files,
    container_layers,
    program_names,
)
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

ID = "f00" + "0" * 61


@pytest.fixture(name="layers")
def _layers(tmp_path):
    """(upper, lower) directories of a container."""
    paths = tmp_path / "upper", tmp_path / "lower"
    for path in paths:
        path.mkdir()
    return paths


def write(place, text="", mode=0o755):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(mode)


def inspect_of(layers, **changes):
    driver = {"Name": "overlay2", "Data": {"UpperDir": str(layers[0]), "LowerDir": str(layers[1])}}
    inspect = {
        "Path": "sh",
        "Args": [],
        "Config": {"User": "app"},
        "HostConfig": {},
        "GraphDriver": driver,
        "Mounts": [],
        "State": {"Pid": 0},
    }
    inspect.update(changes)
    return inspect


def collected(inspect, budget=None, mounts=None):
    return container_files.collect(ID, inspect, mounts, [], budget or Budget(60, 10000))


def words_of(files, where):
    return [set(source.words) for source in files.sources if source.where == where]


def test_files_that_the_container_sees_are_listed(layers):
    write(layers[1] / "usr/bin/su", mode=0o4755)
    write(layers[1] / "usr/bin/mount", mode=0o4755)
    write(layers[1] / "usr/bin/passwd", mode=0o4755)
    write(layers[0] / "usr/bin/mount", mode=0o755)  # its bit was taken away
    os.mknod(str(layers[0] / "usr/bin/passwd"), stat.S_IFCHR, 0)
    files = collected(inspect_of(layers))
    assert [file.path for file in files.privileged] == ["/usr/bin/su"]
    assert files.obstacle == ""


def test_files_below_a_mount_do_not_count(layers):
    write(layers[1] / "opt/su", mode=0o4755)
    mounts = [{"Type": "bind", "Source": "", "Destination": "/opt", "RW": True}]
    assert collected(inspect_of(layers, Mounts=mounts)).privileged == ()
    assert collected(inspect_of(layers, HostConfig={"Tmpfs": {"/opt": ""}})).privileged == ()


def test_a_shared_layer_is_searched_once(layers, tmp_path):
    for number in range(5):
        write(layers[1] / str(number))
    budget = Budget(60, 7)  # twice would be more
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert collected(inspect_of((tmp_path / name, layers[1])), budget).obstacle == ""


def test_a_budget_that_ends_is_the_obstacle_of_the_containers_that_it_concerns(layers, tmp_path):
    for number in range(300):
        write(layers[1] / str(number))
    (tmp_path / "empty").mkdir()
    budget = Budget(60, 200)
    assert collected(inspect_of((tmp_path / "empty", tmp_path / "empty")), budget).obstacle == ""
    assert collected(inspect_of(layers), budget).obstacle == "the search ended after 200 files (option search_files)"
    assert collected(inspect_of((tmp_path / "empty", tmp_path / "empty")), budget).obstacle == ""


def test_a_volume_from_which_programs_run_is_searched(layers, tmp_path):
    write(tmp_path / "volume/bin/tool", mode=0o4755)
    mount = {"Type": "bind", "Source": str(tmp_path / "volume"), "Destination": "/srv", "RW": True}
    assert collected(inspect_of(layers, Mounts=[mount])).privileged == ()
    config = {"User": "app", "Env": ["PATH=/srv/bin:/bin"]}
    (file,) = collected(inspect_of(layers, Mounts=[mount], Config=config)).privileged
    assert file.path == "/srv/bin/tool"


def test_a_volume_behind_a_link_is_not_searched(layers, tmp_path):
    write(tmp_path / "host/tool", mode=0o4755)
    (tmp_path / "link").symlink_to("host")
    mount = {"Type": "bind", "Source": str(tmp_path / "link"), "Destination": "/bin", "RW": True}
    assert collected(inspect_of(layers, Mounts=[mount])).privileged == ()


def test_a_script_is_read_through_the_path_and_links_of_the_container(layers):
    write(layers[1] / "usr/local/bin/start.sh", "#!/bin/sh\nexec sudo /opt/tool\n")
    (layers[0] / "entry").symlink_to("/usr/local/bin/start.sh")
    for path, place in (("start.sh", "/usr/local/bin/start.sh"), ("/entry", "/entry"), ("./entry", "/./entry")):
        (words,) = words_of(collected(inspect_of(layers, Path=path)), f"script {place}")
        assert {"sudo", "/opt/tool"} <= words


def test_programs_are_no_scripts(layers):
    write(layers[1] / "bin/sh", "\x7fELF\0 su\n")
    assert len(collected(inspect_of(layers)).sources) == 1


def test_a_health_check_and_the_command_name_programs(layers):
    config = {"Healthcheck": {"Test": ["CMD", "ping", "-c1"]}}
    files = collected(inspect_of(layers, Args=["-c", "su root -c x; /bin/mount"], Config=config))
    assert {"su", "/bin/mount"} <= words_of(files, "its command")[0]
    assert "ping" in words_of(files, "its health check")[0]


def test_crontabs_name_programs_and_their_users(layers):
    write(layers[1] / "var/spool/cron/crontabs/app", "# su\n* * * * * ping host\n")
    write(layers[1] / "etc/crontab", "SHELL=/bin/sh\n17 * * * * root cd / && run-parts x\n@daily app  mount -a\n")
    sources = [source for source in collected(inspect_of(layers)).sources if source.user]
    assert [(source.user, bool(source.words & {"ping", "run-parts", "mount"})) for source in sources] == [
        ("app", True),
        ("root", True),
        ("app", True),
    ]
    assert not any("su" in source.words for source in sources)


def test_users_are_those_of_the_container(layers):
    write(layers[1] / "etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:\napp:x:0:0::/:\nbad:x:y:0::/:\n")
    assert collected(inspect_of(layers)).users == {"root": 0, "app": 1000}


def test_a_passwd_that_leads_out_of_the_container_is_not_read(layers):
    (layers[0] / "etc").symlink_to("/../../../../etc")
    assert collected(inspect_of(layers)).users == {}


def test_what_is_no_text_in_the_inspect_names_nothing(layers):
    config = {"User": "app", "Env": [None, 1], "WorkingDir": 5, "Healthcheck": {"Test": 7}}
    assert collected(inspect_of(layers, Path=None, Args=[1, None], Config=config)).obstacle == ""


def test_layers_that_are_gone_are_an_obstacle(layers):
    layers[1].rmdir()
    assert collected(inspect_of(layers)).obstacle.endswith("No such file or directory")


def mountinfo(options, fstype="overlay"):
    return parse_mountinfo(f"1 0 0:60 / / rw - {fstype} x {options}\n".encode())


def test_layers_of_containerd_come_from_the_mount():
    inspect = {"GraphDriver": None, "State": {"Pid": 5}}
    base = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots"
    options = f"rw,lowerdir={base}/2/fs:{base}/1/fs,upperdir={base}/3/fs,workdir={base}/3/work"
    expected = tuple(f"{base}/{number}/fs" for number in (3, 2, 1))
    assert container_layers.directories(inspect, mountinfo(options)) == expected


@pytest.mark.parametrize(
    "mounts, reason",
    [
        (None, "only known while it runs"),
        (mountinfo("rw,lowerdir=/etc:/root,upperdir=/a/snapshots/1/fs"), "the engine didn't make"),
        (mountinfo("rw", "fuse.overlayfs"), "may keep one who looks waiting"),
        (mountinfo("rw"), "name no directories"),
        ([], "no root mount"),
    ],
)
def test_layers_that_are_not_known_are_unreadable(mounts, reason):
    with pytest.raises(Unreadable, match=reason):
        container_layers.directories({"State": {"Pid": 5}}, mounts)


def test_other_drivers_are_searched_through_the_containers_root():
    assert container_layers.directories({"State": {"Pid": 5}}, mountinfo("rw", "ext4")) == ("/proc/5/root/",)


def test_a_link_to_usr_does_not_hide_a_name():
    source = program_names.Source("x", frozenset(["su"]), None)
    assert program_names.names(source, "/usr/bin/su", ["/bin"])
    assert not program_names.names(source, "/opt/su", ["/bin"])
