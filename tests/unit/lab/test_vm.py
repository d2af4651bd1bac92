# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's virtual machines are built from and how QEMU is called."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.tools import junit

LAB = Path(junit.__file__).parents[1] / "lab"
NAMES = ("paths", "process", "vm_source", "vm_qemu", "vm")


@pytest.fixture
def lab(monkeypatch, tmp_path):
    """The lab's modules, with folders of their own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("VM_IMAGE", raising=False)
    monkeypatch.delenv("VM_ACCELERATOR", raising=False)
    monkeypatch.syspath_prepend(str(LAB))
    known = set(sys.modules)
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.fixture
def source(lab, tmp_path):
    boot = ("-kernel", "k", "-initrd", "i", "-append", lab.vm_source.APPEND)
    return lab.vm_source.Source(tmp_path / "debian", "raw", boot, "restrict=on", "true", 100)


@pytest.fixture
def files(lab, tmp_path):
    return lab.vm_qemu.Files(tmp_path / "run", tmp_path / "data")


def option(argv, name):
    return [argv[index + 1] for index, item in enumerate(argv) if item == name]


def test_ssh_is_reached_on_this_computer_only_and_the_machine_reaches_nothing(lab, source, files):
    argv = lab.vm_qemu.command(source, "tcg", "/disk", 4022, files)
    assert option(argv, "-netdev") == ["user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:4022-:22"]


def test_a_restored_machine_leaves_the_kept_disk_as_it_is(lab, source, files):
    first = lab.vm_qemu.command(source, "tcg", "/disk", 4022, files)
    again = lab.vm_qemu.command(source, "tcg", "/disk", 4022, files, state="/folder of/state")
    assert "-snapshot" not in first
    assert again == [*first, "-snapshot", "-incoming", "exec:cat '/folder of/state'"]


def test_a_comma_in_a_path_starts_no_option(lab, source, files):
    argv = lab.vm_qemu.command(source, "kvm", "/a,readonly=on", 1, files)
    assert option(argv, "-drive")[0].startswith("file=/a,,readonly=on,if=virtio,format=raw")


def test_the_recipe_makes_the_key(lab, monkeypatch, tmp_path):
    for name in ("a.sh", "b.cil"):
        (tmp_path / name).write_text(name, encoding="ascii")
    monkeypatch.setattr(lab.vm_source, "RECIPE", tmp_path)
    first = lab.vm_source.recipe_key()
    assert first == lab.vm_source.recipe_key() and len(first) == 12
    (tmp_path / "b.cil").write_text("changed", encoding="ascii")
    changed = lab.vm_source.recipe_key()
    monkeypatch.setattr(lab.vm_source, "PACKAGES", ["one"])
    assert len({first, changed, lab.vm_source.recipe_key()}) == 3


@pytest.mark.parametrize("what", ["accelerator", "version", "append"])
def test_another_accelerator_qemu_or_command_line_needs_another_snapshot(lab, source, monkeypatch, tmp_path, what):
    """The folder's name tells them apart: a state that another QEMU wrote must not be loaded."""
    qemu = {"accelerator": "tcg", "version": "1"}
    monkeypatch.setattr(lab.vm_source, "source", lambda: source)
    monkeypatch.setattr(lab.vm_qemu, "accelerator", lambda *_: qemu["accelerator"])
    monkeypatch.setattr(lab.vm_qemu, "version", lambda: qemu["version"])
    monkeypatch.setattr(lab.vm, "_boot", lambda _source, _accelerator, folder: folder.mkdir(parents=True))
    first = lab.vm.build().folder
    assert lab.vm.build().folder == first
    if what == "append":
        monkeypatch.setattr(lab.vm_source, "source", lambda: source._replace(boot=("-kernel", "other")))
    else:
        qemu[what] = {"accelerator": "kvm", "version": "2"}[what]
    assert lab.vm.build().folder != first


def accelerator(lab, tmp_path, boots, monkeypatch):
    tried = []
    monkeypatch.setattr(lab.vm_qemu, "version", lambda: "QEMU 1")
    monkeypatch.setattr(lab.vm_qemu.os, "access", lambda *_: True)
    monkeypatch.setattr(lab.vm_qemu, "_boots_by_kvm", lambda kernel: tried.append(kernel) or boots)
    return [lab.vm_qemu.accelerator("kernel", tmp_path / "noted") for _time in range(2)], tried


@pytest.mark.parametrize(("boots", "chosen"), [(True, "kvm"), (False, "tcg")])
def test_kvm_is_taken_only_where_a_kernel_booted_and_that_is_tried_once(lab, tmp_path, monkeypatch, boots, chosen):
    assert accelerator(lab, tmp_path, boots, monkeypatch) == ([chosen, chosen], ["kernel"])


def test_without_the_device_nothing_is_tried(lab, tmp_path, monkeypatch):
    monkeypatch.setattr(lab.vm_qemu.os, "access", lambda *_: False)
    monkeypatch.setattr(lab.vm_qemu, "_boots_by_kvm", lambda _kernel: pytest.fail("was tried"))
    assert lab.vm_qemu.accelerator("kernel", tmp_path / "noted") == "tcg"


def test_a_kvm_that_never_ends_does_not_work(lab, monkeypatch):
    def hang(argv, timeout, **_options):
        raise subprocess.TimeoutExpired(argv, timeout)

    monkeypatch.setattr(lab.vm_qemu.subprocess, "run", hang)
    assert not lab.vm_qemu._boots_by_kvm("kernel")


def test_the_seed_names_root_the_key_and_the_machines_own(lab):
    text = lab.vm_source.user_data("-----BEGIN\nsecret\n", "ssh-ed25519 HOST", "ssh-ed25519 CLIENT")
    first, rest = text.split("\n", 1)
    assert first == "#cloud-config"
    config = json.loads(rest)
    assert config["disable_root"] is False and config["ssh_pwauth"] is False
    assert config["users"] == [{"name": "root", "lock_passwd": True, "ssh_authorized_keys": ["ssh-ed25519 CLIENT"]}]
    assert config["ssh_keys"] == {
        "ed25519_private": "-----BEGIN\nsecret\n",
        "ed25519_public": "ssh-ed25519 HOST",
    }


def test_an_image_that_is_not_there_is_named(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("VM_IMAGE", str(tmp_path / "none.qcow2"))
    with pytest.raises(lab.paths.LabError, match=r"VM_IMAGE names .*none\.qcow2, which can't be read: No such file"):
        lab.vm_source.source()


def test_an_image_boots_by_itself_with_its_seed_and_a_network(lab, monkeypatch, tmp_path, files):
    image = tmp_path / "rocky.qcow2"
    image.write_bytes(b"x")
    monkeypatch.setenv("VM_IMAGE", str(image))
    for name in ("_make_keys", "_overlay", "_seed"):
        monkeypatch.setattr(lab.vm_source, name, lambda *_: None)
    source = lab.vm_source.source()
    argv = lab.vm_qemu.command(source, "kvm", source.disk, 1, files)
    assert "-kernel" not in argv and source.folder.is_dir()
    assert option(argv, "-drive")[1] == f"file={source.folder}/seed.iso,if=virtio,format=raw,readonly=on"
    assert option(argv, "-netdev") == ["user,id=net,hostfwd=tcp:127.0.0.1:1-:22"]
    image.write_bytes(b"another")
    assert lab.vm_source.source().folder != source.folder


def test_what_is_not_made_whole_is_not_there(lab):
    folder = lab.vm_source.FOLDER / "debian-x"
    with pytest.raises(ZeroDivisionError), lab.vm_source.made_whole(folder) as work:
        (work / "disk.raw").touch()
        raise ZeroDivisionError
    assert list(lab.vm_source.FOLDER.iterdir()) == []


def test_a_process_is_believed_only_by_pid_start_and_program(lab, tmp_path):
    record = tmp_path / "pid"
    name = os.path.basename(os.readlink("/proc/self/exe"))
    lab.process.record(record, os.getpid())
    assert lab.process.recorded(record, name) == os.getpid()
    assert lab.process.recorded(record, "another") is None
    record.write_text(f"{os.getpid()} 1\n", encoding="ascii")
    assert lab.process.recorded(record, name) is None


def test_down_of_a_machine_that_is_not_there(lab, monkeypatch, tmp_path):
    monkeypatch.setattr(lab.vm, "RUN", tmp_path / "run")
    lab.vm.down("nobody")
    assert lab.vm.running() == []


def test_a_port_that_another_program_took_first_is_given_up(lab, source, files, monkeypatch):
    """And only for that reason: any other word of QEMU's is an error at once."""
    failures = ["Could not set up host forwarding rule 'tcp:127.0.0.1:1-:22'", "no such file"]
    ports = iter((1, 2, 3))
    monkeypatch.setattr(lab.vm_qemu, "free_port", lambda: next(ports))

    def start(_argv, _files):
        if failures:
            raise lab.paths.LabError(failures.pop(0))

    monkeypatch.setattr(lab.vm_qemu, "start", start)
    with pytest.raises(lab.paths.LabError, match="no such file"):
        lab.vm._start(source, "tcg", "/disk", files, None)
    assert lab.vm._start(source, "tcg", "/disk", files, None) == 3


def test_ssh_trusts_only_the_key_that_was_made_with_the_disk(lab, source, files):
    files.run.mkdir()
    lab.vm.RUN = files.run.parent
    lab.vm._write_config("run", files, source, 4022)
    lines = lab.vm.ssh_config("run").read_text(encoding="utf-8").replace('"', "").splitlines()
    assert lines[0] == "Host run"
    for line in ("Port 4022", "HostName 127.0.0.1", "StrictHostKeyChecking yes", "HostKeyAlias lab-vm"):
        assert f"    {line}" in lines
    assert f"    UserKnownHostsFile {source.folder}/known_hosts" in lines
