# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the documentation site: build_site.py [DESTINATION], build/site by default.

Each text exists once: Markdown pages are taken as they are, and only links to files that are no pages become links into the
repository. Warnings are errors, and so is a link within the site that leads nowhere.
"""

import pathlib
import re
import shutil
import subprocess
import sys

import render_playbooks
import site_links
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
SITE = ROOT / "tools" / "site"
PAGES = (
    "README.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/*.md",
    "docs/tutorials/*.md",
    "examples/README.md",
    "examples/*/README.md",
)
FILES = ("docs/images/*.png", "docs/*.schema.json")
LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)\s]*)?\))")


def copy_pages(source, repository):
    """Copy the pages of the repository to the folder `source`, at the same paths."""
    for pattern in FILES:
        for path in ROOT.glob(pattern):
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    pages = sorted({path for pattern in PAGES for path in ROOT.glob(pattern)})
    for path in pages:
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        copy.write_text(with_links_to(repository, text, path, pages), encoding="utf-8")


def index():
    """The first page, with the guides that it does not place itself where it says {guides}."""
    text = (SITE / "index.md").read_text(encoding="utf-8")
    names = [f"docs/{path.stem}" for path in sorted((ROOT / "docs").glob("*.md"))]
    return text.replace("{guides}", "\n".join(name for name in names if name not in text.split()))


def with_links_to(repository, text, path, pages):
    """The text of the page at `path`, where links to what is neither a page nor a file of the site lead to the repository."""

    def replace(match):
        target = (path.parent / match[2]).resolve()
        here = target in pages or any(target.match(pattern) for pattern in FILES)
        if here or not target.exists():  # what does not exist, Sphinx names
            return match[0]
        return f"{match[1]}{repository}/blob/main/{target.relative_to(ROOT)}{match[3]}"

    return LINK.sub(replace, text)


def main():
    """Build the site; returns the exit status."""
    destination = pathlib.Path(sys.argv[1] if sys.argv[1:] else ROOT / "build" / "site")
    source = ROOT / "build" / "site-source"
    for folder in (source, destination):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True, mode=0o755)
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    for name in ("conf.py", "site.css"):
        shutil.copy(SITE / name, source / name)
    (source / "index.md").write_text(index(), encoding="utf-8")
    copy_pages(source, galaxy["repository"])
    (source / "playbooks.md").write_text(render_playbooks.render(ROOT / "playbooks"), encoding="utf-8")
    run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs", "self", str(ROOT))
    plugins = ("--use-current", "--cleanup", "everything", "--dest-dir", str(source), "containment.docker")
    run("antsibull-docs", "--config-file", str(SITE / "antsibull-docs.cfg"), "collection", *plugins)
    run("sphinx-build", "--fail-on-warning", "--keep-going", "-q", "-b", "html", str(source), str(destination))
    problems = site_links.problems(destination)
    print(
        "\n".join(problems)
        or f"{len(list(destination.rglob('*.html')))} pages in {destination}; each link within them leads somewhere"
    )
    return int(bool(problems))


def run(*command):
    """Run to the end, or end with its exit status."""
    status = subprocess.run(command, check=False).returncode
    if status:
        sys.exit(f"{command[0]} failed with {status}")


if __name__ == "__main__":
    sys.exit(main())
