# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each command that README, tutorials and examples show does what they say, for somebody who types it."""

import re
from pathlib import Path

import page_commands
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = yaml.safe_load(Path(__file__).with_name("expected.yml").read_text(encoding="utf-8"))
NOT_RUN = {(entry["page"], entry["command"]) for entry in EXPECTED["not_run"]}
WANTED = {(entry["page"], entry["command"]): entry for entry in EXPECTED["run"]}


def items():
    """(page, what it shows) in their order: commands that are run, and files that change in between."""
    pages = [page for page in page_commands.find_pages(ROOT) if page not in EXPECTED["pages_not_run"]]
    for page, blocks in page_commands.read_pages(pages).items():
        names = set()
        for item in blocks:
            if isinstance(item, page_commands.Command):
                if (page, item.key) not in NOT_RUN:
                    yield pytest.param(page, item, id=f"{page}:{item.line} {item.key[:90]}")
            elif item.name in names or page in page_commands.CHECKOUT_PAGES:
                yield pytest.param(page, item, id=f"{page}:{item.line} {item.name}")
            else:
                names.add(item.name)


def test_the_archives_are_installed_by_the_command_of_the_readme(installation, home):
    assert installation.returncode == 0, installation.stdout
    assert "install --offline ansible-posix-*.tar.gz containment-docker-*.tar.gz`" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
    manifest = home / ".ansible" / "collections" / "ansible_collections" / "containment" / "docker" / "MANIFEST.json"
    assert manifest.is_file() and not manifest.parent.is_symlink()


@pytest.mark.parametrize("page, item", list(items()))
def test_command(follow, page, item):
    person = follow(page)
    if isinstance(item, page_commands.PageFile):
        person.write(item)
        return
    wanted = WANTED.get((page, item.key), {})
    done = person.run(item.text)
    assert done.returncode == wanted.get("status", 0), done.stdout[-6000:]
    assert re.search(wanted.get("prints", ""), done.stdout), done.stdout[-6000:]
    files = wanted.get("makes", ())
    assert [name for name in files if not (person.directory / name).is_file()] == [], done.stdout[-3000:]
