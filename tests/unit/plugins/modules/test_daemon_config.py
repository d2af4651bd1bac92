# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""daemon_config as Ansible calls it, on a real file and with a machine that has no unit."""

import json
import os

import pytest
from ansible.module_utils import basic

from ansible_collections.containment.docker.plugins.module_utils.dockerd import program as dockerd_program
from ansible_collections.containment.docker.plugins.module_utils.linux import replaceable
from ansible_collections.containment.docker.plugins.module_utils.systemd import systemctl
from ansible_collections.containment.docker.plugins.module_utils.transaction import exclusive
from ansible_collections.containment.docker.plugins.module_utils.transaction.host import Host
from ansible_collections.containment.docker.plugins.modules import daemon_config

TEXT = '{\n    "mtu": 1500,\n    "proxies": {"http-proxy": "http://user:hunter2@proxy:3128"}\n}\n'


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(systemctl, "next_start", lambda unit: systemctl.NextStart(None, "no systemd", False))
    monkeypatch.setattr(dockerd_program, "version", lambda program: "26.1.5")
    monkeypatch.setattr(dockerd_program, "problem", lambda argv, data, version: None)
    monkeypatch.setattr(Host, "lock_path", str(tmp_path / "lock"))
    (tmp_path / "etc").mkdir()
    name = tmp_path / "etc" / "daemon.json"
    name.write_text(TEXT)
    return str(name)


@pytest.fixture
def run(path, monkeypatch, capsys):
    def call(check=False, **options):
        arguments = dict(options, _ansible_check_mode=check, _ansible_diff=True)
        arguments.setdefault("path", path)
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode("utf-8"))
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)  # ansible-core from 2.19 on
        capsys.readouterr()
        with pytest.raises(SystemExit):
            daemon_config.main()
        return json.loads(capsys.readouterr().out)

    return call


def text(path):
    with open(path) as stream:
        return stream.read()


def test_changes_once_and_shows_exactly_that(run, path):
    wanted = {"config": {"no-new-privileges": True}, "absent": ["mtu"]}
    checked = run(check=True, **wanted)
    assert text(path) == TEXT
    assert os.listdir(os.path.dirname(path)) == ["daemon.json"]
    first = run(**wanted)
    after = '{\n    "proxies": {"http-proxy": "http://user:hunter2@proxy:3128"},\n    "no-new-privileges": true\n}\n'
    assert text(path) == after
    assert text(first.pop("backup_file")) == TEXT
    assert first["changed"] is True
    for key in ("changed", "path", "diff", "activation", "pending", "certain"):
        assert first[key] == checked[key], "check mode tells what happens"
    assert first["diff"]["before"] == TEXT.replace("hunter2", "********")
    assert first["diff"]["after"] == after.replace("hunter2", "********")
    assert (first["activation"], first["certain"]) == ("restart", False)
    assert first["pending"] == [{"key": "mtu", "needs": "restart"}, {"key": "no-new-privileges", "needs": "restart"}]
    second = run(**wanted)
    assert (second["changed"], second["activation"], second["pending"]) == (False, "none", [])
    assert len(os.listdir(os.path.dirname(path))) == 2


@pytest.mark.parametrize(
    "options, reason",
    [
        ({"config": {"icc": "true"}}, '"icc" must be true or false, not the string "true"'),
        ({"config": {"x": {"icc": True}}}, "would do nothing"),
        ({"config": {"icc": None}}, "null says nothing"),
        ({"config": {"icc": True}, "absent": ["icc"]}, "both in config and in absent"),
    ],
)
def test_a_refusal_is_one_sentence_and_nothing_changes(run, path, options, reason):
    for check in (True, False):
        failed = run(check=check, **options)
        assert failed["failed"] is True
        assert reason in failed["msg"]
        assert "\n" not in failed["msg"]
    assert text(path) == TEXT
    assert os.listdir(os.path.dirname(path)) == ["daemon.json"]


@pytest.mark.parametrize(
    "data, reason",
    [
        (b'{"a": 1,\n}', "line 2, column 1"),
        (b"[]", "must be an object"),
        (b'{"icc": true, "icc": true}', "duplicate key"),
        (b"\xff", "not valid UTF-8"),
        (b"{}{}", "behind the first document"),
    ],
)
def test_a_bad_file_is_named_with_line_and_reason(run, path, data, reason):
    with open(path, "wb") as stream:
        stream.write(data)
    failed = run(config={"icc": False}, validate=False)
    assert failed["msg"].startswith(path + ": ")
    assert reason in failed["msg"]
    with open(path, "rb") as stream:
        assert stream.read() == data


@pytest.mark.parametrize("data", [None, b"", b" \n"])
def test_a_missing_or_empty_file_is_an_empty_configuration(run, path, data):
    os.unlink(path)
    if data is not None:
        with open(path, "wb") as stream:
            stream.write(data)
    assert run(absent=["icc"])["changed"] is False
    assert os.path.exists(path) is (data is not None)
    result = run(config={"icc": False}, backup=False)
    assert (result["changed"], "backup_file" in result) == (True, False)
    assert text(path) == '{\n  "icc": false\n}\n'


def test_without_validation_only_json_counts(run, path):
    assert run(config={"no-such-key": 1}, validate=False)["changed"] is True
    assert json.loads(text(path))["no-such-key"] == 1


def test_waits_for_its_turn(run, path):
    with exclusive.lock(path, 0, Host.lock_path):
        assert "holds the lock" in run(config={"icc": False}, lock_timeout=0.1)["msg"]


def test_warns_what_it_could_not_check(run, monkeypatch):
    warnings = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _module, text, **_options: warnings.append(text))
    run(config={"icc": False})
    assert any("conflicts with the daemon's flags" in text for text in warnings)


def test_check_mode_does_not_promise_a_file_that_can_not_be_replaced(run, path, monkeypatch):
    monkeypatch.setattr(replaceable, "obstacle", lambda name: "Read-only file system" if name == path else "")
    result = run(check=True, config={"no-new-privileges": True})
    assert result["failed"] is True and result["msg"] == "%s cannot be written: Read-only file system" % path
    assert run(check=True, config={})["changed"] is False
