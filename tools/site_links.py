# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the links of a built site: site_links.py FOLDER."""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """What a page links to, what it loads, and the anchors that others can link to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.anchors = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note what one tag says."""
        values = {name: value for name, value in attrs if value}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag in ("a", "link") and "href" in values:
            (self.links if tag == "a" else self.loads).append(values["href"])
        if "src" in values:
            self.loads.append(values["src"])


def problems(folder):
    """Sentences on links within the site that lead nowhere, and on what a page loads from elsewhere."""
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    texts = []
    for path, page in pages.items():
        name = path.relative_to(folder.resolve())
        texts += [
            f"{name} loads {url} from elsewhere"
            for url in page.loads
            if is_elsewhere(url) and not url.startswith("data:")
        ]
        for url in page.links + page.loads:
            if not is_elsewhere(url) and not leads_somewhere(url, path, pages):
                texts.append(f"{name}: the link to {url} leads nowhere")
    return texts if pages else [f"{folder} has no page"]


def is_elsewhere(url):
    """Whether a link leaves the site, or is data of its own."""
    parts = urllib.parse.urlsplit(url)
    return bool(parts.scheme or parts.netloc)


def leads_somewhere(url, path, pages):
    """Whether the file that the page at `path` links to is there, and has the anchor."""
    parts = urllib.parse.urlsplit(url)
    target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    anchor = urllib.parse.unquote(parts.fragment)
    if target not in pages:
        return target.is_file()
    return not anchor or anchor in pages[target].anchors


if __name__ == "__main__":
    texts = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(texts))
    sys.exit(bool(texts))
