# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's specification, read below the working directory of a real process."""

import json
import os
import subprocess

import pytest

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.evidence import runtime_spec

CONTAINER = "f00" + "0" * 61


@pytest.fixture(name="shim")
def _shim(tmp_path):
    """(pid, directory) of a process whose working directory is named as the container."""
    directory = tmp_path / CONTAINER
    directory.mkdir()
    process = subprocess.Popen(["sleep", "60"], cwd=str(directory))
    yield process.pid, directory
    process.kill()
    process.wait()


def test_reads_the_filter(shim):
    pid, directory = shim
    (directory / "config.json").write_text(json.dumps({"linux": {"seccomp": {"defaultAction": "SCMP_ACT_LOG"}}}))
    assert json.loads(runtime_spec.read(CONTAINER, pid).seccomp) == {"defaultAction": "SCMP_ACT_LOG"}


def test_no_filter(shim):
    pid, directory = shim
    (directory / "config.json").write_text('{"linux": {}}')
    assert runtime_spec.read(CONTAINER, pid).seccomp == "{}"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"linux": null}', '{"linux": 1}', "\xff"])
def test_what_is_no_specification(shim, text):
    pid, directory = shim
    (directory / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(Unreadable):
        runtime_spec.read(CONTAINER, pid)


def test_a_process_elsewhere_is_no_shim(shim):
    pid, directory = shim
    (directory / "config.json").write_text('{"linux": {}}')
    with pytest.raises(Unreadable, match="no shim"):
        runtime_spec.read("e" * 64, pid)


def test_a_link_is_not_followed_and_a_missing_file_has_a_reason(shim):
    pid, directory = shim
    with pytest.raises(Unreadable, match="No such file"):
        runtime_spec.read(CONTAINER, pid)
    os.symlink("/etc/passwd", str(directory / "config.json"))
    with pytest.raises(Unreadable, match="symbolic"):
        runtime_spec.read(CONTAINER, pid)


def test_a_process_that_ended(shim):
    process = subprocess.Popen(["true"])
    process.wait()
    with pytest.raises(Unreadable):
        runtime_spec.read(CONTAINER, process.pid)


def written(container, linux, annotations=None):
    """config.json as Go's encoder writes it, without spaces and with the part for Linux last."""
    document = {"hostname": container[:12], "annotations": annotations or {}, "linux": linux}
    return json.dumps(document, separators=(",", ":")).encode()


NODE = {"path": "/dev/sda", "type": "b", "major": 8, "minor": 0}
LINUX = {
    "resources": {"devices": [{"allow": True, "type": "c", "major": 1, "minor": 3, "access": "rwm"}]},
    "cgroupsPath": "/docker/ID",
    "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
}


def of(container, **changes):
    return json.loads(json.dumps(dict(LINUX, **changes)).replace("ID", container))


def test_alike_containers_are_decoded_once(monkeypatch):
    calls = []
    real = runtime_spec.foreign_json.decode
    monkeypatch.setattr(runtime_spec.foreign_json, "decode", lambda data: calls.append(data) or real(data))
    runtime_spec._decode_alike.cache_clear()
    results = {runtime_spec.decode(written(name * 64, of(name * 64)), name * 64).devices for name in "abcd"}
    assert len(results) == len(calls) == 1


def test_what_differs_in_one_byte_is_decoded_for_itself():
    data = written("a" * 64, of("a" * 64, devices=[NODE]))
    runtime_spec.decode(data, "a" * 64)
    start = data.index(b'"linux"') + 9
    for at in range(start, len(data)):
        for byte in (data[at] ^ 1, ord("0"), ord('"')):
            other = data[:at] + bytes((byte,)) + data[at + 1 :]
            try:
                plain = json.loads(other.decode())["linux"]
                expected = plain, tuple(runtime_spec.devices_of(plain))
            except (ValueError, LookupError, TypeError, AttributeError):
                with pytest.raises(ValueError):
                    runtime_spec.decode(other, "a" * 64)
                continue
            result = runtime_spec.decode(other, "a" * 64)
            assert json.dumps(result.linux) == json.dumps(expected[0]).replace("a" * 64, "?" * 64)
            assert result.devices == expected[1]


@pytest.mark.parametrize("mark", [',"linux":{"devices":[]},"x":{', '\\",\\"linux\\":{'])
def test_a_text_that_looks_like_the_part_for_linux_is_none(mark):
    data = written("a" * 64, of("a" * 64, devices=[NODE]), {"x": mark, "y" + mark: "z"})
    assert runtime_spec.decode(data, "a" * 64).devices[0].where == "/dev/sda (b 8:0)"


def test_another_container_s_id_in_a_device_is_no_own_one():
    devices = [dict(NODE, path="/dev/" + "b" * 64)]
    assert "b" * 64 in runtime_spec.decode(written("a" * 64, of("a" * 64, devices=devices)), "a" * 64).devices[0].where
    assert "?" * 64 in runtime_spec.decode(written("b" * 64, of("b" * 64, devices=devices)), "b" * 64).devices[0].where


@pytest.mark.parametrize("devices", [[{}], [3], {"a": 1}, [dict(NODE, major="x")], [dict(NODE, minor=None)]])
def test_devices_of_another_shape_are_refused(devices):
    with pytest.raises(ValueError, match="another shape|invalid literal"):
        runtime_spec.decode(written("a" * 64, of("a" * 64, devices=devices)), "a" * 64)
