# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One reader for each page, in a fresh directory, on hosts of the lab that no earlier page has changed."""

import shutil
import sys
from pathlib import Path

import archives
import checkout
import pytest
import reader

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import page_commands  # noqa: E402

COLLECTIONS = ROOT / "build" / "collections" / "ansible_collections"
DEFAULT_INVENTORY = "docs/using.md"


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A home with nothing in it, and beside it a folder with the archives."""
    top = tmp_path_factory.mktemp("reader")
    for name in ("home", "archives", "lab/ansible_collections"):
        (top / name).mkdir(parents=True)
    archives.build(top / "archives")
    archives.repack(COLLECTIONS / "ansible" / "posix", top / "archives")
    (top / "lab" / "ansible_collections" / "community").symlink_to(COLLECTIONS / "community")
    return top / "home"


@pytest.fixture(scope="session")
def hosts():
    """The hosts of the lab, which are removed at the end."""
    running = reader.Hosts()
    running.remove()
    yield running
    running.remove()


@pytest.fixture(scope="session")
def installation(home, hosts):
    """The reader who has installed both archives by the README's command for a place without a network."""
    person = reader.Reader(home, home.parent / "archives", home.parent / "lab", hosts)
    return person.run("ansible-galaxy collection install --offline ansible-posix-*.tar.gz containment-docker-*.tar.gz")


@pytest.fixture(scope="module")
def follow(home, hosts, installation, tmp_path_factory):
    """follow(page): the reader of a page, whose files are written and whose hosts are up."""
    assert installation.returncode == 0, installation.stdout
    readers = {}

    def begin(page):
        directory = tmp_path_factory.mktemp(page.replace("/", "-").removesuffix(".md"))
        if page in page_commands.CHECKOUT_PAGES:
            return checkout.Contributor(checkout.copy(directory))
        if page.startswith("examples/"):
            shutil.copytree((ROOT / page).parent, directory, dirs_exist_ok=True)
        person = reader.Reader(home, directory, home.parent / "lab", hosts)
        files = files_of(page)
        if not (directory / "inventory.yml").exists():
            files.setdefault("inventory.yml", files_of(DEFAULT_INVENTORY)["inventory.yml"])
        for item in files.values():
            person.write(item)
        person.reach("inventory.yml")
        return person

    def reader_of(page):
        if page not in readers:
            readers.clear()
            readers[page] = begin(page)
        return readers[page]

    return reader_of


def files_of(page):
    """{name: PageFile} of the files that a page shows, the first of each name."""
    files = {}
    for item in page_commands.read_page((ROOT / page).read_text(encoding="utf-8")):
        if isinstance(item, page_commands.PageFile):
            files.setdefault(item.name, item)
    return files
