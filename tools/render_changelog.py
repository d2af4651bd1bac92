# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render CHANGELOG.md and CHANGELOG.rst: render_changelog.py [--check].

The release that galaxy.yml names is made anew from the fragments, so that this can be run as often as there are new ones.
Fragments of earlier releases stay in changelogs/fragments, and antsibull-changelog knows by changelog.yaml which those are.
"""

import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
RENDERED = ("CHANGELOG.md", "CHANGELOG.rst", "changelogs/changelog.yaml")
READ = ("changelogs", "meta", "playbooks", "plugins", "roles")


def copy_collection(tree):
    """Copy what antsibull-changelog reads to the folder `tree`."""
    for name in READ:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", ".plugin-cache.yaml"))
    shutil.copy(ROOT / "galaxy.yml", tree)


def forget_release(path, version):
    """Take a release out of changelog.yaml, and return its date (text), today's where there was none."""
    changes = yaml.safe_load(path.read_text(encoding="utf-8"))
    release = changes["releases"].pop(version, {})
    path.write_text(yaml.safe_dump(changes), encoding="utf-8")
    return str(release.get("release_date") or datetime.date.today())


def render(collections):
    """Render in a copy below the folder `collections`; returns {path in the repository: text}."""
    tree = collections / "ansible_collections" / "containment" / "docker"
    tree.mkdir(parents=True)
    copy_collection(tree)
    version = yaml.safe_load((tree / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    date = forget_release(tree / "changelogs" / "changelog.yaml", version)
    environment = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(collections))
    for command in (["lint"], ["release", "--version", version, "--date", date, "--reload-plugins"]):
        subprocess.run(["antsibull-changelog", *command], check=True, cwd=tree, env=environment)
    return {name: (tree / name).read_text(encoding="utf-8") for name in RENDERED}


def main():
    """Write the files, or with --check only compare them; returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        texts = render(pathlib.Path(folder))
    stale = [name for name, text in texts.items() if not _is_current(ROOT / name, text)]
    if "--check" in sys.argv[1:]:
        print(f"not current: {', '.join(stale)}; run `make changelog`" if stale else "the changelog is current")
        return int(bool(stale))
    for name in stale:
        (ROOT / name).write_text(texts[name], encoding="utf-8")
    print(f"written: {', '.join(stale) or 'nothing, all is current'}")
    return 0


def _is_current(path, text):
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
