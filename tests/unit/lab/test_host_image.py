# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the image that HOST_IMAGE names is taken from, and that another image makes another host."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.containment.docker.tools import junit

LAB = Path(junit.__file__).parents[1] / "lab"


@pytest.fixture
def lab(monkeypatch, tmp_path):
    """The lab's modules with an engine that has the images `there`, {name: id}; what they ran is in `ran`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("HOST_IMAGE", raising=False)
    monkeypatch.syspath_prepend(str(LAB))
    known = set(sys.modules)
    images, host_image, packages, paths = map(importlib.import_module, ("images", "host_image", "packages", "paths"))
    there, ran = {}, []

    def docker(*arguments, **_options):
        ran.append(arguments)
        if arguments[:2] == ("image", "inspect"):
            identity = there.get(arguments[2])
            return SimpleNamespace(returncode=int(identity is None), stdout=json.dumps([{"Id": identity}]))
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(host_image, "docker", docker)
    monkeypatch.setattr(host_image, "run", ran.append)
    yield SimpleNamespace(images=images, host_image=host_image, packages=packages, paths=paths, there=there, ran=ran)
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.mark.parametrize(
    "reference, source",
    [
        ("docker.io/rockylinux/rockylinux:9", "docker://docker.io/rockylinux/rockylinux:9"),
        ("rocky:9", "docker://rocky:9"),
        ("oci-archive:/tmp/rocky.tar", "oci-archive:/tmp/rocky.tar"),
        ("docker-archive:rocky.tar:rocky:9", "docker-archive:rocky.tar:rocky:9"),
        ("docker://rocky:9", "docker://rocky:9"),
    ],
)
def test_a_reference_is_one_of_skopeo(lab, reference, source):
    assert lab.host_image.source(reference) == source


def test_an_image_that_the_engine_has_is_not_fetched(lab, monkeypatch):
    monkeypatch.setenv("HOST_IMAGE", "mine:1")
    lab.there["mine:1"] = "sha256:1"
    lab.host_image.fetch()
    assert lab.host_image.identity() == "sha256:1"
    assert {command[:2] for command in lab.ran} == {("image", "inspect")}


def test_another_one_is_fetched_once_and_loaded_under_a_name_of_the_labs(lab, monkeypatch):
    monkeypatch.setenv("HOST_IMAGE", "rocky:9")
    monkeypatch.setattr(lab.host_image.shutil, "which", lambda name: f"/usr/bin/{name}")
    lab.host_image.fetch()
    copy, load = [command for command in lab.ran if command[:2] != ("image", "inspect")]
    assert copy[:4] == ["skopeo", "--insecure-policy", "copy", "docker://rocky:9"]
    name = copy[4].partition("image.tar:")[2]
    assert name.startswith("containment-lab:fetched-") and load[0] == "load"
    lab.there[name] = "sha256:2"
    del lab.ran[:]
    lab.host_image.fetch()
    assert lab.host_image.identity() == "sha256:2"
    assert {command[:2] for command in lab.ran} == {("image", "inspect")}


def test_without_skopeo_it_is_told(lab, monkeypatch):
    monkeypatch.setenv("HOST_IMAGE", "rocky:9")
    monkeypatch.setattr(lab.host_image.shutil, "which", lambda name: None)
    with pytest.raises(lab.paths.LabError, match="rocky:9 is not in the lab's engine, and skopeo"):
        lab.host_image.fetch()


def test_without_a_name_it_is_told(lab):
    with pytest.raises(lab.paths.LabError, match="HOST_IMAGE"):
        lab.images.build("image")


def test_another_content_makes_another_host(lab, monkeypatch):
    monkeypatch.setenv("HOST_IMAGE", "mine:1")
    names = set()
    for content in ("sha256:1", "sha256:2", "sha256:1"):
        lab.there["mine:1"] = content
        names.add(lab.images.name("image"))
    assert len(names) == 2


def test_skopeo_is_installed_only_for_those_who_name_an_image(lab, monkeypatch):
    monkeypatch.setattr(lab.packages.shutil, "which", lambda name, path=None: None if name == "skopeo" else name)
    assert ["skopeo"] not in lab.packages.missing()
    monkeypatch.setenv("HOST_IMAGE", "rocky:9")
    assert ["skopeo"] in lab.packages.missing()
