# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site: what becomes of links, and which links the check names."""

import pathlib
import sys

import pytest

from ansible_collections.containment.docker.tools import render_playbooks, site_links

sys.path.insert(0, str(pathlib.Path(site_links.__file__).parent))
build_site = pytest.importorskip("ansible_collections.containment.docker.tools.build_site")
ROOT = build_site.ROOT
FORGE = "https://forge.example"


def write_site(folder, **pages):
    """Write pages, by their names without .html."""
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="b.html#there">x</a>', None),
        ('<a href="#top">x</a><p id="top">', None),
        ('<a href="https://elsewhere.example/">x</a>', None),
        ('<img src="data:image/png;base64,AA">', None),
        ('<a href="b.html#gone">x</a>', "a.html: the link to b.html#gone leads nowhere"),
        ('<a href="c.html">x</a>', "a.html: the link to c.html leads nowhere"),
        ('<a href="#gone">x</a>', "a.html: the link to #gone leads nowhere"),
        ('<img src="none.png">', "a.html: the link to none.png leads nowhere"),
        ('<script src="https://cdn.example/x.js"></script>', "a.html loads https://cdn.example/x.js from elsewhere"),
    ],
)
def test_links_within_the_site_that_lead_nowhere_are_named(tmp_path, body, problem):
    write_site(tmp_path, a=body, b='<p id="there">')
    assert site_links.problems(tmp_path) == ([problem] if problem else [])


def test_a_site_without_pages_is_a_problem(tmp_path):
    assert site_links.problems(tmp_path) == [f"{tmp_path} has no page"]


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ("[x](rules.md#seccomp)", "[x](rules.md#seccomp)"),
        ("[x](../lab/README.md)", f"[x]({FORGE}/blob/main/lab/README.md)"),
        ("[x](images/report.png)", "[x](images/report.png)"),
        ("[x](nowhere.md)", "[x](nowhere.md)"),
        ("[x](https://a.example/b)", "[x](https://a.example/b)"),
    ],
)
def test_a_link_to_what_is_no_page_leads_into_the_repository(link, becomes):
    pages = [ROOT / "docs" / "rules.md"]
    assert build_site.with_links_to(FORGE, link, ROOT / "docs" / "using.md", pages) == becomes


def test_each_playbook_has_its_section_with_what_its_comment_says():
    page = render_playbooks.render(ROOT / "playbooks")
    for path in (ROOT / "playbooks").glob("*.yml"):
        assert f"## containment.docker.{path.stem}\n" in page
    assert "SPDX" not in page
    assert "Changes nothing. Hosts: -e docker_hosts=group." in page
    assert "[docker_audit](collections/containment/docker/docker_audit_role.rst)" in page
    assert "```console\nansible-playbook -i inventory containment.docker.harden -e docker_hosts=mygroup\n```" in page


def test_each_guide_has_its_place_in_the_index():
    names = build_site.index().split()
    assert "{guides}" not in names
    assert [names.count(f"docs/{path.stem}") for path in (ROOT / "docs").glob("*.md")] == [1] * len(
        list((ROOT / "docs").glob("*.md"))
    )
