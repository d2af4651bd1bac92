# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup waiver_files: waivers for a host, and file and line of each mistake."""

import textwrap

import pytest
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.containment.docker.plugins.lookup.waiver_files import LookupModule

GOOD = """\
# written by hand
- rule: privileged
  selector: container:node-agent
  reason: Reads hardware counters of the host
  owner: platform team
  expires: 2027-01-31
  ticket: 1234
"""
WAIVER = {
    "rule": "privileged",
    "selector": "container:node-agent",
    "reason": "Reads hardware counters of the host",
    "owner": "platform team",
    "expires": "2027-01-31",
    "ticket": "1234",
}
GROUPS = {"all": ["web1", "db1"], "workers": ["web1"]}


def look_up(folder, monkeypatch, *texts, host="web1"):
    """The waivers of files with these texts, named a.yml, b.yml, … for a host of the group workers."""
    monkeypatch.setenv("PWD", str(folder))
    names = [f"{letter}.yml" for letter in "abcd"[: len(texts)]]
    for name, text in zip(names, texts):
        (folder / name).write_text(text, encoding="utf-8")
    groups = [name for name, hosts in GROUPS.items() if host in hosts and name != "all"]
    variables = {"inventory_hostname": host, "group_names": groups, "groups": GROUPS}
    return LookupModule(loader=DataLoader()).run(names, variables)


@pytest.mark.parametrize("text", [GOOD, "waivers:\n" + textwrap.indent(GOOD, "  ")])
def test_file_is_a_list_or_has_one_under_waivers(tmp_path, monkeypatch, text):
    assert look_up(tmp_path, monkeypatch, text) == [WAIVER]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n", "waivers:\n"])
def test_file_without_waivers_has_none(tmp_path, monkeypatch, text):
    assert look_up(tmp_path, monkeypatch, text) == []


def test_files_are_merged_in_their_order(tmp_path, monkeypatch):
    other = GOOD.replace("privileged", "seccomp")
    assert [w["rule"] for w in look_up(tmp_path, monkeypatch, GOOD, other)] == ["privileged", "seccomp"]


@pytest.mark.parametrize(
    "hosts, host, number",
    [
        ("[workers]", "web1", 1),
        ("[workers]", "db1", 0),
        ("db1", "db1", 1),
        ("[db1, workers]", "web1", 1),
        ("all", "db1", 1),
    ],
)
def test_waiver_is_for_its_hosts_and_groups_alone(tmp_path, monkeypatch, hosts, host, number):
    waivers = look_up(tmp_path, monkeypatch, f"{GOOD}  hosts: {hosts}\n", host=host)
    assert waivers == [WAIVER] * number


@pytest.mark.parametrize(
    "text, message",
    [
        (GOOD.replace("owner: platform team", "owner:"), "a.yml:5: owner is no text"),
        (GOOD.replace("  owner: platform team\n", ""), "a.yml:2 has no owner"),
        (GOOD.replace("owner", "ownr"), "a.yml:5: unknown key 'ownr'; known are rule, selector, reason"),
        (GOOD.replace("rule: privileged", "rule: privilegd"), "a.yml:2 names an unknown rule 'privilegd'"),
        (GOOD.replace("container:node-agent", "container:*"), "a.yml:2: selector 'container:*' is none of"),
        (GOOD.replace("2027-01-31", "2027-02-31"), "a.yml:2: expires '2027-02-31' is not a date"),
        (GOOD + "  owner: twice\n", "a.yml:8: owner stands there twice"),
        (GOOD + "  hosts: []\n", "a.yml:8: hosts is empty"),
        (GOOD + "  hosts: [web9]\n", "a.yml:2: 'web9' is no host or group of the inventory"),
        (GOOD + "- privileged\n", "a.yml:8: a waiver is a mapping"),
        (GOOD + "rule: x\n", "a.yml:8: "),
        ("rule: privileged\n", "a.yml:1: a list of waivers is needed"),
        ("\n\n- {a: [\n", "a.yml:4: "),
        (GOOD.replace("platform team", "!!python/object/apply:os.system [id]"), "a.yml:5: owner is no text"),
        (GOOD.replace("platform team", "!vault |\n    x"), "a.yml:5: owner is no text"),
        ("a" * 1_000_001, "a.yml: more than 1000000 characters"),
    ],
)
def test_mistake_is_named_with_file_and_line(tmp_path, monkeypatch, text, message):
    with pytest.raises(AnsibleLookupError) as error:
        look_up(tmp_path, monkeypatch, text)
    assert message in str(error.value)


def test_all_mistakes_of_a_file_are_named(tmp_path, monkeypatch):
    text = GOOD.replace("owner", "ownr") + GOOD.replace("reason", "reson")
    with pytest.raises(AnsibleLookupError, match=r"a.yml:5: unknown key 'ownr'[^\n]*\na.yml:11: unknown key 'reson'"):
        look_up(tmp_path, monkeypatch, text)


def test_waiver_in_two_files_is_refused_with_both_places(tmp_path, monkeypatch):
    with pytest.raises(AnsibleLookupError, match="b.yml:2: the same rule, selector and hosts as in a.yml:2"):
        look_up(tmp_path, monkeypatch, GOOD, GOOD)


def test_file_that_is_not_there_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PWD", str(tmp_path))
    with pytest.raises(AnsibleLookupError, match="none.yml"):
        LookupModule(loader=DataLoader()).run(["none.yml"], {})
