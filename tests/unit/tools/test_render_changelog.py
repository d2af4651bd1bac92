# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changelog is made anew from its fragments as often as one likes."""

import pathlib

import pytest
import yaml

from ansible_collections.containment.docker.tools import render_changelog

TOP = pathlib.Path(render_changelog.__file__).parents[1]
GALAXY = yaml.safe_load((TOP / "galaxy.yml").read_text(encoding="utf-8"))
RELEASE = "ancestor: null\nreleases:\n  1.0.0:\n    changes: {}\n    release_date: '2026-11-27'\n  0.9.0: {}\n"


def test_a_release_that_is_rendered_again_keeps_its_date_and_the_others(tmp_path):
    path = tmp_path / "changelog.yaml"
    path.write_text(RELEASE, encoding="utf-8")
    assert render_changelog.forget_release(path, "1.0.0") == "2026-11-27"
    assert list(yaml.safe_load(path.read_text(encoding="utf-8"))["releases"]) == ["0.9.0"]


def test_the_release_of_galaxy_yml_has_an_entry_in_each_rendering():
    version = GALAXY["version"]
    for name in ("CHANGELOG.rst", "CHANGELOG.md"):
        text = (TOP / name).read_text(encoding="utf-8").replace("\\", "")
        assert f"\nv{version}\n===" in text or f"\n## v{version}\n" in text


def plugins():
    """Documentation of the plugins, as YAML files or in Python."""
    return sorted(path for kind in ("py", "yml") for path in (TOP / "plugins").glob(f"[!m]*/*.{kind}")) + sorted(
        (TOP / "plugins" / "modules").glob("*.py")
    )


@pytest.mark.parametrize("path", plugins(), ids=lambda path: path.name)
def test_no_plugin_was_added_before_the_first_release(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line for line in lines if line.startswith("version_added: 0")} == set(), "1.0.0 is the first release"
