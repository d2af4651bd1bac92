# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit over a fake engine: a real socket that tells of containers in ways that no real one can be made to."""

import copy
import datetime
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading

import pytest

from ansible_collections.containment.docker.plugins.module_utils.audit import audit as posture
from ansible_collections.containment.docker.plugins.module_utils.audit.tally import Tally
from ansible_collections.containment.docker.plugins.module_utils.common import trusted_file
from ansible_collections.containment.docker.plugins.module_utils.evidence import container as container_evidence
from ansible_collections.containment.docker.plugins.module_utils.evidence import host
from ansible_collections.containment.docker.plugins.module_utils.linux import process_table
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import BY_ID, RULES

from ..rules.subjects import good

IDS = [character * 64 for character in "abc"]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture
def fake_engine():
    """Serves {path: answer}: an object as JSON, bytes as they are, an int as a status; returns its address."""
    directory = tempfile.mkdtemp()
    servers = []

    def start(routes):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                answer = routes.get(self.path.partition("?")[0], 404)
                body = (
                    answer
                    if isinstance(answer, bytes)
                    else json.dumps({} if isinstance(answer, int) else answer).encode()
                )
                self.send_response(answer if isinstance(answer, int) else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def address_string(self):
                return "unix"

            def log_message(self, *_args):
                pass

        path = os.path.join(directory, "s%d" % len(servers))
        servers.append(Server(path, Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        return "unix://" + path

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
    shutil.rmtree(directory)


def routes(names=("web",)):
    """A fake engine with these containers, stopped and good."""
    answers = {
        "/version": {"Version": "26.1.5", "Components": [{"Name": "Engine"}]},
        "/info": copy.deepcopy(good("daemon")["info"]),
        "/networks/bridge": {"Options": {"com.docker.network.bridge.enable_icc": "false"}},
        "/volumes": {"Volumes": None},
        "/containers/json": [
            {"Id": identity, "Names": ["/" + name], "State": "exited"} for identity, name in zip(IDS, names)
        ],
    }
    for identity, name in zip(IDS, names):
        inspect = copy.deepcopy(good("container")["inspect"])
        inspect.update(Id=identity, Name="/" + name, State={"Status": "exited", "Running": False, "Pid": 0})
        answers["/containers/%s/json" % identity] = inspect
    return answers


def audit(address, rules=RULES, **changes):
    options = dict(engine=address, unit="no-such-unit.service", timeout=5, rules=[rule.id for rule in rules])
    options.update(details="all")
    options.update(changes)
    return posture.audit(posture.parse_options(RULES, options, ""), datetime.datetime(2026, 6, 1))


def by_subject(result, rule):
    return {finding["subject"]: finding for finding in result["findings"] if finding["rule"] == rule}


PRIVILEGED = [BY_ID["privileged"]]


def test_podman_is_one_sentence_and_nothing_passes(fake_engine):
    answers = routes()
    answers["/version"]["Components"] = [{"Name": "Podman Engine"}]
    result = audit(fake_engine(answers))
    findings = [f for f in result["findings"] if f["subject"] == "container:*" or "effective" in f["layers"]]
    assert findings and {f["status"] for f in findings} <= {"unknown", "fail", "not_applicable"}
    assert "Podman answers on this socket" in result["engine"]["reason"]
    assert not [f for f in result["findings"] if f["subject"] == "container:web"]


def test_a_container_that_vanishes_is_left_out_and_the_others_are_judged(fake_engine):
    answers = routes(("one", "two", "three"))
    del answers["/containers/%s/json" % IDS[1]]
    result = audit(fake_engine(answers), PRIVILEGED)
    assert set(by_subject(result, "privileged")) == {"container:one", "container:three"}
    assert [container["name"] for container in result["containers"]] == ["one", "three"]


def test_an_answer_cut_short_is_unknown_for_that_container_only(fake_engine):
    answers = routes(("one", "two", "three"))
    answers["/containers/%s/json" % IDS[1]] = b'{"Id": "b'
    findings = by_subject(audit(fake_engine(answers), PRIVILEGED), "privileged")
    assert findings["container:two"]["status"] == "unknown" and "not whole JSON" in findings["container:two"]["seen"]
    assert findings["container:one"]["status"] == findings["container:three"]["status"] == "pass"


def test_each_container_is_told_by_the_name_of_its_findings_and_its_id(fake_engine):
    answers = routes(("a\nb", "two"))
    answers["/containers/json"][1]["State"] = "running"
    assert audit(fake_engine(answers), PRIVILEGED)["containers"] == [
        {"name": r"a\nb", "id": IDS[0], "state": "exited"},
        {"name": "two", "id": IDS[1], "state": "running"},
    ]


def test_where_the_list_is_cut_short_only_what_was_judged_is_told(fake_engine):
    answers = routes()
    answers["/containers/json"] = b'[{"Id": "a", "Names": ["/x"]}, {'
    assert audit(fake_engine(answers), PRIVILEGED)["containers"] == []


def test_a_list_cut_short_passes_nothing(fake_engine):
    answers = routes()
    answers["/containers/json"] = b'[{"Id": "a", "Names": ["/x"]}, {'
    findings = by_subject(audit(fake_engine(answers), PRIVILEGED), "privileged")
    assert {subject: f["status"] for subject, f in findings.items()} == {"container:*": "unknown"}


def test_a_pid_of_another_process_is_no_evidence(fake_engine):
    answers = routes()
    answers["/containers/%s/json" % IDS[0]]["State"] = {"Status": "running", "Running": True, "Pid": os.getpid()}
    for finding in audit(fake_engine(answers))["findings"]:
        if finding["subject"] == "container:web" and "kernel" in finding["layers"]:
            assert finding["layers"]["kernel"]["ok"] is None, finding
            assert finding["status"] != "pass"


def test_a_name_that_no_dockerd_takes_is_shown_inert(fake_engine):
    result = audit(fake_engine(routes(("a\x1b[2J\nb",))), PRIVILEGED)
    assert list(by_subject(result, "privileged")) == [r"container:a\x1b[2J\nb"]


SHARED = "system_u:system_r:container_t:s0:c12,c345"


@pytest.mark.parametrize(
    "mode, joined, status",
    [
        (None, "", "not_applicable"),
        ("enforcing", "", "fail"),
        ("permissive", "", "fail"),
        ("enforcing", "b" * 64, "pass"),
    ],
)
def test_containers_that_share_categories_are_seen_together(fake_engine, monkeypatch, mode, joined, status):
    monkeypatch.setattr(host, "_selinux", lambda: mode)
    answers = routes(["web", "db", "alone"])
    levels = (SHARED, SHARED, "system_u:system_r:container_t:s0:c1,c2")
    for identity, label in zip(IDS, levels):
        inspect = answers["/containers/%s/json" % identity]
        inspect.update(Id=identity, ProcessLabel=label)
        if joined and identity == IDS[0]:
            inspect["HostConfig"]["IpcMode"] = "container:" + joined
    result = audit(fake_engine(answers), [BY_ID["selinux-categories"]])
    verdicts = {finding["subject"]: (finding["status"], finding["seen"]) for finding in result["findings"]}
    alone = "not_applicable" if mode is None else "pass"
    assert {subject: verdict[0] for subject, verdict in verdicts.items()} == {
        "container:web": status,
        "container:db": status,
        "container:alone": alone,
    }
    if status == "fail":
        assert verdicts["container:web"][1].endswith("apart from db (not running)")
        assert verdicts["container:db"][1].endswith("apart from web (not running)")


def test_a_host_without_selinux_loads_nothing_of_it():
    code = """
import sys
from ansible_collections.containment.docker.plugins.module_utils.audit import audit as posture
from ansible_collections.containment.docker.plugins.module_utils.judge import policy
from ansible_collections.containment.docker.plugins.module_utils.rules.catalogue import RULES
from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.judge.finding import judge
inspect = {"HostConfig": {"SecurityOpt": None, "Binds": ["/srv:/srv"]}, "ProcessLabel": "", "Mounts": []}
evidence = Evidence(host=Evidence(selinux=None), daemon=Evidence(state="running"), policy=policy.DEFAULT, inspect=inspect)
evidence["daemon"].update(host=evidence["host"], policy=evidence["policy"])
for rule in RULES:
    if rule.id.startswith("selinux"):
        for kind, subject in (("host", evidence), ("daemon", evidence["daemon"]), ("container", evidence)):
            finding = judge(rule, kind, kind, subject)
            assert finding is None or finding["status"] == "not_applicable", finding
names = ("file_contexts", "labelled_path", "selinux_")
print([name for name in sys.modules if name.rpartition(".")[2].startswith(names) and ".rules." not in name])
"""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path))
    assert subprocess.check_output([sys.executable, "-c", code], env=environment) == b"[]\n"


def test_counts_add_up_and_an_unused_waiver_is_told(fake_engine):
    waivers = [dict(rule="privileged", selector="container:gone", reason="r", owner="o", expires="2027-01-01")]
    result = audit(fake_engine(routes()), waivers=waivers)
    assert sum(result["counts"].values()) == len(result["findings"])
    assert [waiver["value"] for waiver in result["unused_waivers"]] == ["gone"]
    assert [f["subject"] for f in result["findings"] if f["rule"] == "waivers"] == ["waiver:privileged:container:gone"]


def test_waiver_of_a_rule_that_is_not_judged_is_not_called_unused(fake_engine):
    waivers = [dict(rule="privileged", selector="container:gone", reason="r", owner="o", expires="2027-01-01")]
    result = audit(fake_engine(routes()), waivers=waivers, exclude=["privileged"])
    assert result["unused_waivers"] == [] and not [f for f in result["findings"] if f["rule"] == "waivers"]


def test_label_of_a_container_asks_for_a_waiver_and_gets_none(fake_engine):
    answers = routes()
    inspect = answers[f"/containers/{IDS[0]}/json"]
    inspect["HostConfig"]["Privileged"] = True
    inspect["Config"]["Labels"] = {"containment.docker.waiver-request.privileged": "please"}
    findings = [f for f in audit(fake_engine(answers))["findings"] if f.get("waiver_request")]
    assert [(f["rule"], f["status"], f["waiver_request"]) for f in findings] == [
        ("privileged", "fail", {"reason": "please"})
    ]


def test_a_folded_result_has_the_open_findings_of_the_whole_one_and_counts_the_rest(fake_engine):
    answers = routes(("web", "db"))
    answers["/containers/%s/json" % IDS[0]]["HostConfig"]["Privileged"] = True
    address = fake_engine(answers)
    whole, folded = audit(address), audit(address, details="open")
    open_ones = [f for f in whole["findings"] if f["drift"] or f["status"] in ("fail", "unknown", "waived")]
    assert open_ones and folded["findings"] == open_ones
    assert folded["counts"] == whole["counts"] and folded["actions"] == whole["actions"]
    assert folded["passed"]["memory-limit"] == 2 and folded["passed"]["privileged"] == 1
    assert (whole["passed"], whole["not_applicable"]) == ({}, {})
    drifting = [f for f in open_ones if f["status"] == "pass"]
    assert sum(folded["passed"].values()) == whole["counts"]["pass"] - len(drifting)
    idle = {f["rule"] for f in whole["findings"] if f["status"] == "not_applicable"}
    assert set(folded["not_applicable"]) == idle and "no SELinux" in folded["not_applicable"]["selinux"]


def test_what_applies_to_some_subjects_only_keeps_a_finding_for_the_others(fake_engine):
    answers = routes(("web", "db"))
    answers["/containers/%s/json" % IDS[0]]["HostConfig"]["SecurityOpt"] = ["label=disable"]
    result = audit(fake_engine(answers), [BY_ID["selinux"]], details="open")
    assert {s: f["status"] for s, f in by_subject(result, "selinux").items()} == {
        "host": "not_applicable",
        "daemon": "not_applicable",
        "container:web": "fail",
        "container:db": "not_applicable",
    }
    assert result["not_applicable"] == {}


def test_two_hundred_well_contained_containers_stay_below_60_kb(monkeypatch):
    names = ["container-%03d" % number for number in range(200)]
    shared = dict(host=good("container")["host"], policy=good("container")["policy"])
    monkeypatch.setattr(posture.host_evidence, "collect", lambda _paths: shared["host"])
    monkeypatch.setattr(posture.daemon_evidence, "collect", lambda _engine, _unit: good("daemon"))
    survey = container_evidence.Survey([], process_table.NOBODY)
    monkeypatch.setattr(posture.container_evidence, "survey", lambda _engine: survey)
    each = [
        (container_evidence.Listed(name, "%064x" % number, "running"), good("container"))
        for number, name in enumerate(names)
    ]
    monkeypatch.setattr(posture.container_evidence, "batches", lambda *_shared: iter([each]))
    result = audit("unix:///nowhere", details="open")
    assert [f for f in result["findings"] if f["subject"].startswith("container:")] == []
    assert result["passed"]["no-new-privileges"] == 201 and len(result["containers"]) == 200
    size = len(json.dumps(result))
    assert size < 60000, size
    assert len(json.dumps(audit("unix:///nowhere"))) > 10 * size


def test_the_time_of_the_audit_is_utc(tmp_path):
    options = dict(engine="unix://%s/none.sock" % tmp_path, unit="no-such-unit.service", timeout=1)
    berlin = datetime.timezone(datetime.timedelta(hours=2))
    result = posture.audit(posture.parse_options(RULES, options, ""), datetime.datetime(2026, 6, 1, tzinfo=berlin))
    assert result["collected_at"] == "2026-05-31T22:00:00Z" and result["schema"] == 1


def test_a_pass_with_a_layer_against_it_is_whole():
    daemon = good("daemon")
    daemon["configured"]["no-new-privileges"] = False
    tally = Tally([BY_ID["no-new-privileges"], BY_ID["live-restore"]], (), datetime.date(2026, 6, 1), False)
    tally.add("daemon", "daemon", daemon)
    result = tally.conclude()
    (finding,) = result["findings"]
    assert (finding["rule"], finding["status"], finding["drift"]) == ("no-new-privileges", "pass", True)
    assert "disagreement" in finding and result["passed"] == {"live-restore": 1} and result["counts"]["pass"] == 2


def test_each_rule_that_does_not_pass_has_its_remediation_once(fake_engine):
    answers = routes(("web", "db"))
    for identity in IDS[:2]:
        answers["/containers/%s/json" % identity]["HostConfig"]["Privileged"] = True
    result = audit(fake_engine(answers))
    bad = {f["rule"] for f in result["findings"] if f["status"] in ("fail", "unknown")}
    assert result["remediations"] == {rule: BY_ID[rule].remediation for rule in bad}
    assert not [f for f in result["findings"] if "remediation" in f]


def test_rules_are_selected_by_name_and_an_unknown_name_is_an_error():
    assert [r.id for r in posture.select(RULES, ["privileged"], [])] == ["privileged"]
    assert "privileged" not in [r.id for r in posture.select(RULES, [], ["privileged"])]
    for rules, exclude in ((["privilegd"], []), ([], ["x"])):
        with pytest.raises(ValueError, match="unknown rule"):
            posture.select(RULES, rules, exclude)


def test_a_record_tells_the_next_audit_what_changed(fake_engine, tmp_path, monkeypatch):
    monkeypatch.setattr(trusted_file, "OWNER", os.geteuid())
    record = str(tmp_path / "state" / "audit.json")
    answers = routes(("web", "db"))
    config = answers["/containers/%s/json" % IDS[0]]["HostConfig"]
    config["Privileged"] = True
    address = fake_engine(answers)
    first = audit(address, PRIVILEGED, record=record)
    assert first["last"]["reason"].startswith("there is no earlier result")
    assert by_subject(audit(address, PRIVILEGED, record=record), "privileged")["container:web"]["since"] == "unchanged"
    config.update(Privileged=False, Memory=1 << 20)
    answers["/containers/%s/json" % IDS[1]]["HostConfig"]["Privileged"] = True
    third = audit(address, PRIVILEGED, record=record)
    assert by_subject(third, "privileged")["container:db"]["since"] == "new"
    assert [item["subject"] for item in third["last"]["resolved"]] == ["container:web"]
    assert third["last"]["updated"] == ["container:web"]
    answers["/containers/json"] = []
    assert [item["why"] for item in audit(address, PRIVILEGED, record=record)["last"]["resolved"]] == [
        "gone with the container"
    ]


def test_without_a_record_nothing_is_said_of_the_last_time(fake_engine):
    result = audit(fake_engine(routes()), PRIVILEGED)
    assert "last" not in result and not [f for f in result["findings"] if "since" in f]


@pytest.mark.parametrize("record", ["audit.json", "/", "/var/", "/var/../audit.json", "//var/audit.json", "/var/./a"])
def test_a_record_is_an_absolute_path_of_a_file(record):
    with pytest.raises(ValueError, match="absolute path of a file"):
        posture.parse_options(RULES, dict(unit="u", timeout=1, record=record), "")


def test_a_waiver_of_a_container_that_can_t_be_seen_is_not_called_unused(tmp_path):
    waivers = [
        dict(rule="privileged", selector="container:web", reason="r", owner="o", expires="2027-01-01"),
        dict(rule="log-level", selector="host", reason="r", owner="o", expires="2027-01-01"),
    ]
    result = audit("unix://%s/none.sock" % tmp_path, waivers=waivers)
    assert "container:*" in {finding["subject"] for finding in result["findings"]}
    assert [waiver["kind"] for waiver in result["unused_waivers"]] == ["host"]
