# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken from pages, and that each command of the documentation is run by `nox -s commands` or says why not."""

import pytest
import yaml

from ansible_collections.containment.docker.tools import page_commands
from ansible_collections.containment.docker.tools.page_commands import Command, PageFile, find_pages, read_page

EXPECTED = yaml.safe_load((page_commands.ROOT / "tests/commands/expected.yml").read_text(encoding="utf-8"))
ITEMS = page_commands.read_pages(page for page in find_pages() if page not in EXPECTED["pages_not_run"])
COMMANDS = {(page, item.key) for page, items in ITEMS.items() for item in items if isinstance(item, Command)}
PAGE = """
```console
$ one --flag \\
    'two words' # why
its output
$ two
```

1. In a list:

   ```yaml
   # file: group_vars/all.yml
   key:
     - value
   ```

```yaml
not: a file
```
"""


def test_commands_and_files_in_their_order():
    assert read_page(PAGE) == [
        Command(3, "one --flag 'two words' # why"),
        Command(6, "two"),
        PageFile(11, "group_vars/all.yml", "key:\n  - value\n"),
    ]


PART = """
```python
# file: a/b.py, below its licence
x = 1
```

```yaml
# file: c.yml, in place of FILL IN
  - name: new
    run: it
```
"""


def test_a_part_of_a_file_is_put_where_the_page_says():
    python, yml = read_page(PART)
    assert (python.name, yml.name) == ("a/b.py", "c.yml")
    assert python.put_into("# licence\n# more\n\nold = 1\n# not a licence\n") == "# licence\n# more\n\nx = 1\n"
    before = "top:\n  - name: a\n    run: b\n  - name: FILL\n    run: FILL IN\n    probe: >-\n      deep\n  # mark\nrest: 1\n"
    after = "top:\n  - name: a\n    run: b\n  - name: new\n    run: it\n  # mark\nrest: 1\n"
    assert yml.put_into(before) == after


@pytest.mark.parametrize("number, current", [(0, "no = 1\n"), (1, "  - name: a\n"), (1, "  - FILL IN\n  - FILL IN\n")])
def test_a_part_without_a_place_is_refused(number, current):
    with pytest.raises(ValueError, match="a/b.py has no licence|c.yml has [02] items"):
        read_page(PART)[number].put_into(current)


def test_a_command_is_known_by_its_words_without_the_comment():
    assert Command(1, "one   --flag 'two words' # why").key == "one --flag 'two words'"


@pytest.mark.parametrize(
    "text, message",
    [
        ("```console\nmake test\n```\n", "line 1: a console block without a command"),
        ("\n```console\n$ one\n", "line 2: a block without an end"),
        ("```yaml\n# file: ../x\n```\n", "line 1: ../x is not below"),
        ("```yaml\n# file: /etc/x\n```\n", "line 1: /etc/x is not below"),
    ],
)
def test_a_block_that_keeps_no_convention_is_named_with_its_line(text, message):
    with pytest.raises(ValueError, match=message):
        read_page(text)


def test_such_a_block_is_named_with_its_page(tmp_path):
    (tmp_path / "README.md").write_text("```console\nmake test\n```\n", encoding="utf-8")
    with pytest.raises(ValueError, match="README.md, line 1: "):
        page_commands.read_pages(["README.md"], tmp_path)


def test_pages_that_show_commands_are_there():
    assert {"README.md", "docs/using.md", "docs/reports.md", "docs/waivers.md"} <= set(ITEMS)
    assert len(COMMANDS) >= 10


def test_what_is_expected_of_a_command_is_of_one_that_a_page_shows():
    entries = [(entry["page"], entry["command"]) for entry in EXPECTED["not_run"] + EXPECTED["run"]]
    assert [entry for entry in entries if entry not in COMMANDS] == []
    assert len(entries) == len(set(entries))


def test_what_is_not_run_says_why():
    reasons = [entry["because"] for entry in EXPECTED["not_run"]] + list(EXPECTED["pages_not_run"].values())
    assert [reason for reason in reasons if len(reason) < 20] == []
    assert set(EXPECTED["pages_not_run"]) <= set(find_pages())


@pytest.mark.parametrize("page", sorted(ITEMS))
def test_a_page_s_inventory_is_a_file_that_the_commands_can_read(page):
    """A block that begins with the comment `# inventory.yml` would be shown and not be written."""
    text = (page_commands.ROOT / page).read_text(encoding="utf-8")
    assert "```yaml\n# inventory.yml" not in text
