# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers from files count, end, and are listed; a mistake in a file stops the audit; a container only asks."""

import json
import os
import re
from pathlib import Path

import pytest


def result_in(folder, host):
    path = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], folder, host.backend.name + ".json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def waived(host):
    """{(rule, subject): finding} of the audit with both files."""
    return {(finding["rule"], finding["subject"]): finding for finding in result_in("waived", host)["findings"]}


@pytest.mark.parametrize(
    "rule, container, status, owner",
    [
        ("capabilities", "cap-sys-admin", "waived", "counts"),
        ("no-new-privileges", "nnp-off", "waived", "soon"),
        ("non-root-user", "user-root", "fail", "expired"),
        ("non-root-user", "user-root-by-name", "fail", None),
        ("capabilities", "asking", "fail", None),
    ],
)
def test_a_waiver_of_either_file_counts_until_its_day_for_its_host_and_weakness(waived, rule, container, status, owner):
    finding = waived[rule, f"container:{container}"]
    assert finding["status"] == status
    assert (finding.get("waiver") or {}).get("owner") == owner


def test_a_waiver_for_a_group_counts_on_its_hosts_alone(waived, lab_host):
    finding = waived["capabilities", "container:cap-net-admin"]
    assert finding["status"] == ("waived" if lab_host.get("only_one") else "fail")


def test_what_is_waived_is_no_less_real(host):
    """The kernel still lets it mount."""
    assert host.run("docker exec cap-sys-admin sh -c 'mount -t tmpfs x /tmp && umount /tmp'").rc == 0


@pytest.mark.parametrize(
    "subject, text",
    [
        ("non-root-user:container:user-root", "expired on 2020-01-31"),
        ("privileged:container:hardened", "selects nothing that fails"),
        ("non-root-user:container:user-root-by-name", "selects nothing that fails and says 'uid 4711'"),
        ("no-new-privileges:container:nnp-off", r"expires on \d{4}-\d\d-\d\d, in [23] days"),
    ],
)
def test_a_waiver_that_somebody_has_to_look_at_is_a_finding_of_low_severity(waived, subject, text):
    finding = waived["waivers", f"waiver:{subject}"]
    assert (finding["status"], finding["severity"]) == ("fail", "low")
    assert re.search(text, finding["message"])


def test_no_other_waiver_is_a_finding(waived):
    assert sum(rule == "waivers" for rule, _subject in waived) == 4


def test_the_label_of_a_container_asks_and_grants_nothing(host, waived):
    assert host.run("docker exec asking grep CapEff /proc/self/status").rc == 0
    assert waived["capabilities", "container:asking"]["waiver_request"]["reason"] == "sets the clock"


def test_a_mistake_is_named_with_file_and_line_and_nothing_is_audited(host, result):
    assert re.search(r"mistaken\.yml:3: unknown key 'expries'", result("waivers")["mistake"])
    assert re.search(r"mistaken\.yml:3: ", result_in("mistaken", host)["not_audited"])


@pytest.mark.parametrize(
    "line",
    [
        "expired +non-root-user +container:user-root +until 2020-01-31, expired: for long",
        "unused +privileged +container:hardened +until 2999-12-31, unused: for nothing",
        "in use +capabilities +container:cap-sys-admin +until 2999-12-31, counts, OPS-1: mounts",
        "requested +capabilities +by container:asking: sets the clock",
    ],
)
def test_the_playbook_waivers_lists_it_with_what_it_hides_on_each_host(host, result, line):
    listed = result("waivers")["listed"]
    match = re.search(rf"{line}\W+(.*?)(?:expired  |unused  |in use  |requested  |PLAY RECAP)", listed, re.S)
    assert match and host.backend.name in match[1], listed[-4000:]
