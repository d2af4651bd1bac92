# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each weakness is real, and the audit finds it and nothing else. What is real is asked of the host, not of the audit."""

import json
import os
import re
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

SCENARIO = Path(__file__).parents[1]
sys.path.insert(0, str(SCENARIO / "files"))
import follow  # noqa: E402

DATA = yaml.safe_load((SCENARIO / "vars" / "weaknesses.yml").read_text(encoding="utf-8"))
WEAKNESSES = DATA["weaknesses"]
LAST = ("nobody_can_on_the_spot", "find_out")  # whatever they end


@pytest.fixture(scope="module")
def findings(host):
    """{container's name: {rule: finding}}, the daemon's under "daemon"."""
    return read(host.backend.name + ".json")


@pytest.fixture(scope="module")
def followed(host):
    """The same after all that was told of how the weak containers are run was done, to containers named followed-…"""
    return read("followed/" + host.backend.name + ".json")


@pytest.fixture(scope="module")
def stand_ins(host):
    """{weakness's name: name of the one whose container has the same flags, once all was done that was told}."""
    return follow.stand_ins(follow.flags_of_each(DATA, result_in(host.backend.name + ".json")["findings"]))


def result_in(name):
    return json.loads(Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], name).read_text(encoding="utf-8"))


def read(name):
    findings = {}
    for finding in result_in(name)["findings"]:
        findings.setdefault(finding["subject"].replace("container:", ""), {})[finding["rule"]] = finding
    return findings


@pytest.fixture(scope="module")
def impossible(host):
    """The rules that no container can hold on this host: its kernel has no such limits, so engines discard them."""
    info = json.loads(host.check_output("docker info --format '{{json .}}'"))
    rules = {"memory-limit": info["MemoryLimit"], "pids-limit": info["PidsLimit"]}
    return {rule for rule, possible in rules.items() if not possible}


def failing(findings, name):
    return {rule for rule, finding in findings[name].items() if finding["status"] in ("fail", "unknown")}


@pytest.fixture(scope="module")
def outputs(host):
    """{weakness's name: what its probe printed}; all in one go, as each would cost most of a second."""
    end = "== the next probe =="
    probes = "".join(f"( C={weakness['name']}; {weakness['probe']}\n)\necho '{end}'\n" for weakness in WEAKNESSES)
    printed = host.run(probes).stdout.split(end + "\n")
    return {weakness["name"]: text for weakness, text in zip(WEAKNESSES, printed)}


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=[weakness["name"] for weakness in WEAKNESSES])
def test_the_weakness_is_real(outputs, weakness):
    assert re.search(weakness["shows"], outputs[weakness["name"]], re.MULTILINE), outputs[weakness["name"]]


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=[weakness["name"] for weakness in WEAKNESSES])
def test_the_weakness_is_found_and_nothing_else(findings, impossible, weakness):
    rules = failing(findings, weakness["name"])
    new = rules - failing(findings, "hardened")
    assert set(weakness["rules"]) <= rules
    assert set(weakness["rules"]) <= new | impossible
    assert new <= set(weakness["rules"]) | set(weakness.get("optional_rules", ()))


def test_the_hardened_container_fails_only_where_the_daemon_does(findings, impossible):
    """This daemon does not remap users; all else holds that the kernel can give."""
    assert failing(findings, "hardened") == {"userns-remap"} | impossible


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=[weakness["name"] for weakness in WEAKNESSES])
def test_run_as_the_audit_says_the_weakness_is_gone(followed, stand_ins, weakness):
    """Also where it tells no change: then the same flags give a good container."""
    assert failing(followed, "followed-" + stand_ins[weakness["name"]]) == failing(followed, "hardened")


def test_each_of_the_ways_to_run_a_container_was_run(followed, stand_ins):
    ran = {name for name in followed if name.startswith("followed-")}
    assert ran == {"followed-" + name for name in stand_ins.values()} and len(ran) > 5


@pytest.mark.parametrize("lure", DATA["lures"], ids=[lure["name"] for lure in DATA["lures"]])
def test_a_lure_moves_no_verdict(findings, lure):
    statuses = {rule: finding["status"] for rule, finding in findings[lure["name"]].items()}
    assert statuses == {rule: finding["status"] for rule, finding in findings["hardened"].items()}


@pytest.mark.parametrize("entry", DATA["daemon"], ids=[entry["rule"] for entry in DATA["daemon"]])
def test_a_daemon_rule_passes_exactly_where_the_host_shows_it(host, findings, entry):
    printed = host.run(entry["probe"]).stdout
    holds = re.search(entry["shows"], printed, re.MULTILINE) is not None
    assert holds == (findings["daemon"][entry["rule"]]["status"] == "pass"), printed


def test_one_host_has_its_images_in_the_store_of_containerd(host, lab_host, findings):
    """All else of this scenario holds there as it does with graph drivers; the engine and the kernel say which it is."""
    stored = lab_host.get("suite") == "forky"
    assert (
        "io.containerd.snapshotter.v1" in host.check_output("docker info --format '{{json .DriverStatus}}'")
    ) is stored
    pid = host.check_output("docker inspect --format '{{.State.Pid}}' hardened")
    layers = (
        "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/"
        if stored
        else "/var/lib/docker/overlay2/"
    )
    assert f"upperdir={layers}" in host.check_output(f"grep ' / / ' /proc/{pid}/mountinfo")
    assert findings["daemon"]["copy-on-write"]["status"] == "pass"


def test_remapped_users_are_refused_where_the_images_are_in_that_store(host, lab_host, result):
    assert ("containerd-snapshotter" in result("remapped")) is (lab_host.get("suite") == "forky")
    assert "name=userns" not in host.check_output("docker info --format '{{json .SecurityOptions}}'")
    assert "userns-remap" not in host.check_output("cat /etc/docker/daemon.json")


def test_the_result_is_what_its_schema_says(host):
    schema = Path(__file__).parents[4] / "docs" / "result.schema.json"
    result = result_in(host.backend.name + ".json")
    jsonschema.validate(result, json.loads(schema.read_text(encoding="utf-8")))
    assert result["schema"] == 1 and result["details"] == "all"


def test_each_open_finding_is_ended_by_one_action(host):
    result = result_in(host.backend.name + ".json")
    assert sum(action["ends"] for action in result["actions"]) == result["counts"]["fail"] + result["counts"]["unknown"]
    assert result["actions"][0]["ends"] == max(a["ends"] for a in result["actions"] if a["kind"] not in LAST)


def test_what_the_daemon_gives_all_containers_is_their_cause(findings):
    for name, rules in findings.items():
        if name != "daemon" and rules.get("userns-remap", {}).get("status") == "fail":
            own = "--userns" in str(rules["userns-remap"].get("run"))
            assert ("cause" in rules["userns-remap"]) != own, name
