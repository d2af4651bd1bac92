# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each module as Ansible runs it: a program that prints one JSON object, by Ansible's own exit, on every way out."""

import ast
import glob
import json
import os
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler

import pytest
from ansible.module_utils import basic

from ansible_collections.containment.docker.plugins import modules
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.dockerd.json_text import ConfigError
from ansible_collections.containment.docker.plugins.module_utils.kernel_mounts.enforce import EnforcementError
from ansible_collections.containment.docker.plugins.module_utils.systemd.systemctl import SystemdError
from ansible_collections.containment.docker.plugins.module_utils.transaction.journal import JournalError
from ansible_collections.containment.docker.plugins.module_utils.transaction.outcome import (
    NotRestored,
    Refused,
    RolledBack,
)
from ansible_collections.containment.docker.plugins.modules import (
    container_remedy,
    daemon_config,
    daemon_transaction,
    hardening_forecast_info,
    kernel_filesystems,
    posture_info,
    selinux_info,
    subordinate_ids,
    userns_migration,
)

FOLDER = list(modules.__path__)[0]
ACTIONS = os.path.join(FOLDER, os.pardir, "action")  # a module of the same name is documentation alone
NAMES = sorted(
    name[:-3]
    for name in map(os.path.basename, glob.glob(FOLDER + "/[a-z]*.py"))
    if not os.path.exists(os.path.join(ACTIONS, name))
)
WAIVER = {
    "rule": "privileged",
    "selector": "container:gone",
    "reason": "why",
    "owner": "who",
    "expires": "2031-01-31",
}
ANSWERS = {
    "/version": {"Version": "26.1.5", "ApiVersion": "1.45"},
    "/info": {"ServerVersion": "26.1.5", "SecurityOptions": [], "DockerRootDir": "/nowhere", "Containers": 0},
    "/containers/json?all=1": [],
    "/containers/json": [],
}


class FakeEngine(BaseHTTPRequestHandler):
    """Answers what an engine without containers would."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        answer = ANSWERS.get(self.path)
        body = json.dumps({"message": "no such thing"} if answer is None else answer).encode()
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "unix"

    def log_message(self, *_arguments):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """On a socket of its own."""

    daemon_threads = True


@pytest.fixture
def engine(tmp_path):
    """The address of a fake engine."""
    server = Server(str(tmp_path / "s"), FakeEngine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "unix://%s" % (tmp_path / "s")
    server.shutdown()
    server.server_close()


def run(tmp_path, name, arguments, check=False, **environment):
    """(exit status, what the module printed) as a program of its own."""
    path = tmp_path / "arguments.json"
    path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": dict(arguments, _ansible_check_mode=check)}))
    done = subprocess.run(
        [sys.executable, os.path.join(FOLDER, name + ".py"), str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=dict(os.environ, PYTHONPATH=":".join(sys.path), **environment),
        timeout=60,
        check=False,
    )
    assert done.stderr == b"", done.stderr
    return done.returncode, one_object(done.stdout.decode())


def one_object(printed):
    """What was printed must be one JSON object on one line."""
    lines = printed.strip().split("\n")
    assert len(lines) == 1, printed
    result = json.loads(lines[0])
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("record", [True, False])
def test_an_audit_with_an_unused_waiver_tells_of_it(tmp_path, engine, record):
    arguments = {"engine": engine, "waivers": [WAIVER], "unit": "no-such-unit.service"}
    if record:
        (tmp_path / "records").mkdir(mode=0o700)
        arguments["record"] = str(tmp_path / "records" / "last.json")
    status, result = run(tmp_path, "posture_info", arguments)
    assert status == 0 and not result.get("failed"), result
    assert result["unused_waivers"][0]["expires"] == "2031-01-31"
    assert result["changed"] is False


def test_one_list_of_waivers_serves_the_audit_and_the_forecast(tmp_path, engine):
    arguments = {"engine": engine, "unit": "x", "waivers": [WAIVER, dict(WAIVER, rule="userland-proxy/loopback-port")]}
    used = {
        name: [waiver["rule"] for waiver in run(tmp_path, name, arguments)[1]["unused_waivers"]]
        for name in ("posture_info", "hardening_forecast_info")
    }
    assert used == {"posture_info": ["privileged"], "hardening_forecast_info": ["userland-proxy/loopback-port"]}


@pytest.mark.parametrize(
    "name, arguments, why",
    [
        ("posture_info", {"rules": ["nonsense"]}, "nonsense"),
        ("posture_info", {"waivers": [dict(WAIVER, expires="2031-01-310")]}, "is not a date"),
        ("posture_info", {"waivers": [{}]}, "missing required"),
        ("posture_info", {"record": "relative"}, "record"),
        ("selinux_info", {"waivers": [{}]}, "missing required"),
        ("hardening_forecast_info", {"waivers": [dict(WAIVER, rule="nonsense/kind")]}, "unknown rule 'nonsense/kind'"),
        (
            "hardening_forecast_info",
            {"waivers": [dict(WAIVER, rule="userland-proxy/")]},
            "unknown rule 'userland-proxy/'",
        ),
        ("selinux_info", {"since": "nonsense"}, "nonsense"),
        ("container_remedy", {"steps": [{"container": "x", "action": "nonsense"}]}, "nonsense"),
        ("container_remedy", {"steps": [{"container": "x", "action": "update"}]}, "steps[0]"),
        ("container_remedy", {"steps": [{"container": "f" * 64, "action": "stop"}], "engine": "nonsense"}, "nonsense"),
        ("daemon_config", {"config": {"no-such-key": True}}, "no-such-key"),
        ("daemon_transaction", {"unit": "no-such-unit", "config": {"debug": True}}, ""),
        ("kernel_filesystems", {"leave": [{"path": "relative", "reason": "why"}]}, "relative"),
        ("kernel_filesystems", {"engine": "unix:///nowhere.sock"}, "nowhere.sock"),
        ("subordinate_ids", {}, "missing required"),
        ("subordinate_ids", {"name": "not:a:name"}, "not:a:name"),
    ],
)
def test_what_can_t_be_done_is_one_failure_with_a_reason(tmp_path, name, arguments, why):
    status, result = run(tmp_path, name, arguments, check=True)
    assert status == 1 and result["failed"] is True
    assert why in result["msg"], result["msg"]


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("selinux_info", {}),
        ("container_remedy", {"steps": []}),
        ("posture_info", {"unit": "no-such-unit.service"}),
        ("hardening_forecast_info", {"unit": "no-such-unit.service", "waivers": [WAIVER]}),
    ],
)
def test_an_engine_without_containers(tmp_path, engine, name, arguments):
    status, result = run(tmp_path, name, dict(arguments, engine=engine), check=True)
    assert status == 0 and not result.get("failed"), result
    assert result["changed"] is False


def test_a_file_is_written_and_told(tmp_path):
    path = tmp_path / "daemon.json"
    _status, result = run(tmp_path, "daemon_config", {"path": str(path), "config": {"debug": True}, "validate": False})
    assert result["changed"] is True and json.loads(path.read_text()) == {"debug": True}


def test_only_an_engine_of_this_host_is_changed_also_where_the_environment_names_it(tmp_path):
    arguments = {"config": {"log-level": "warn"}, "unit": "no-such-unit"}
    status, result = run(tmp_path, "daemon_transaction", arguments, True, DOCKER_HOST="tcp://127.0.0.1:2375")
    assert status == 1 and "must be a unix socket of this host" in result["msg"]


RAISED = [
    (posture_info, posture_info.audit, "audit", [ValueError("x"), EngineError("x")], {}),
    (selinux_info, selinux_info.report, "report_host", [ValueError("x"), EngineError("x"), OSError(13, "x")], {}),
    (hardening_forecast_info, hardening_forecast_info.run, "forecast", [ValueError("x"), EngineError("x")], {}),
    (container_remedy, container_remedy, "remedy", [EngineError("x"), ValueError("x")], {"steps": []}),
    (daemon_config, daemon_config.file_only, "run", [ConfigError("x"), Refused("x")], {}),
    (kernel_filesystems, kernel_filesystems, "enforce", [EnforcementError("x"), EngineError("x"), ValueError("x")], {}),
    (
        daemon_transaction,
        daemon_transaction.run,
        "run",
        [
            RolledBack("x", {"phase": "activating"}),
            NotRestored("x"),
            Refused("x"),
            ConfigError("x"),
            JournalError("x"),
            SystemdError("x"),
        ],
        {},
    ),
    (
        userns_migration,
        userns_migration.run,
        "present",
        [
            RolledBack("x"),
            NotRestored("x"),
            Refused("x"),
            ConfigError("x"),
            JournalError("x"),
            SystemdError("x"),
        ],
        {},
    ),
    (subordinate_ids, subordinate_ids.user_mapping, "provide", [ValueError("x"), ConfigError("x")], {"name": "x"}),
]


@pytest.mark.parametrize(
    "module, place, function, error, arguments",
    [
        (module, place, function, error, options)
        for module, place, function, errors, options in RAISED
        for error in errors
    ],
    ids=["%s-%s" % (row[0].__name__.rpartition(".")[2], type(error).__name__) for row in RAISED for error in row[3]],
)
def test_each_error_that_a_module_expects_is_one_failure(
    monkeypatch, capsys, module, place, function, error, arguments
):
    def fails(*_arguments, **_options):
        raise error

    monkeypatch.setattr(place, function, fails)
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode("utf-8"))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)  # ansible-core from 2.19 on
    with pytest.raises(SystemExit) as end:
        module.main()
    result = one_object(capsys.readouterr().out)
    assert end.value.code == 1 and result["failed"] is True and "x" in result["msg"]


def test_every_module_is_tried_here():
    assert {row[0].__name__.rpartition(".")[2] for row in RAISED} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_but_by_ansible_s_own_exit(name):
    """A result that is written otherwise loses warnings and what must not be logged."""
    with open(os.path.join(FOLDER, name + ".py")) as stream:
        tree = ast.parse(stream.read())
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not used & {"print", "stdout", "dumps", "_exit", "SystemExit", "exit"}
    assert {"exit_json", "fail_json"} <= used
