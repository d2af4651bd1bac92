# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floors of plugins/module_utils, as its README.md tells them: who may import whom. And what nothing may be called."""

import ast
import pathlib
import re

import pytest

REPOSITORY = pathlib.Path(__file__).parents[2]
PLUGINS = REPOSITORY / "plugins"
ROOT = PLUGINS / "module_utils"
PREFIX = "ansible_collections.containment.docker.plugins.module_utils."
# A package imports only what stands on a lower floor.
FLOORS = {
    "migration": 9,
    "forecast": 8,
    "audit": 7,
    "transaction": 7,
    "kernel_mounts": 7,
    "remediation": 7,
    "selinux_report": 7,
    "denials": 6,
    "evidence": 6,
    "rules": 5,
    "systemd": 5,
    "judge": 4,
    "seccomp": 4,
    "dockerd": 4,
    "selinux": 4,
    "docker_api": 3,
    "linux": 2,
    "common": 1,
}
READERS = ("linux", "selinux", "systemd", "docker_api", "evidence")
LINE_LIMIT = 250


def imports(path):
    """The names below module_utils that a file imports, as `package.module` or `package.module.name`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            base = node.module[len(PREFIX) :]
            yield from (f"{base}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name[len(PREFIX) :] for name in node.names if name.name.startswith(PREFIX))


FILES = sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py")
ON_THE_CONTROLLER = sorted(
    path
    for room in ("action", "filter", "lookup", "callback", "plugin_utils")
    for path in (PLUGINS / room).rglob("*.py")
)
ARROWS = [(path.relative_to(ROOT).as_posix(), name) for path in FILES for name in imports(path)]


def test_every_file_is_in_a_package_that_has_a_floor():
    assert [str(path) for path in FILES if path.relative_to(ROOT).parts[0] not in FLOORS] == []


def test_every_package_has_files():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(FLOORS)


def test_packages_import_only_lower_floors():
    wrong = []
    for source, name in ARROWS:
        above, below = source.split("/")[0], name.split(".")[0]
        if above != below and FLOORS[below] >= FLOORS[above]:
            wrong.append(f"{source} (floor {FLOORS[above]}) imports {name} (floor {FLOORS[below]})")
    assert wrong == []


def test_readers_do_not_import_the_judge():
    wrong = [(s, n) for s, n in ARROWS if s.split("/")[0] in READERS and n.startswith("judge.")]
    assert wrong == []


def test_rules_import_no_evidence_and_no_other_rule():
    wrong = []
    for source, name in ARROWS:
        if source.startswith("rules/") and source != "rules/catalogue.py":
            if name.startswith("evidence.") or (name.startswith("rules.") and not name.startswith("rules.shared")):
                wrong.append((source, name))
    assert wrong == []


def test_the_map_names_every_package_and_its_floor():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    floors = {name: int(floor) for floor, name in re.findall(r"^\| (\d) \| `(\w+)/` \|", readme, re.M)}
    assert floors == FLOORS


@pytest.mark.parametrize("path", FILES + ON_THE_CONTROLLER, ids=lambda path: path.relative_to(PLUGINS).as_posix())
def test_a_file_is_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINE_LIMIT


@pytest.mark.parametrize("room, most", [("modules", 0), ("filter", 1)])
def test_modules_and_filters_hold_no_logic(room, most):
    """A module has its main() alone; a filter's file at most the one function that is the filter."""
    wrong = {}
    for path in sorted((PLUGINS / room).glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        own = [node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        own = [name for name in own if name not in ("main", "FilterModule")]
        if len(own) > most:
            wrong[path.name] = own
    assert wrong == {}


# What changes a host: a file, a process, a mount, a unit, the engine.
ACTS = re.compile(
    r"""os\.(mkdir|makedirs|unlink|remove|rmdir|chmod|chown|link|symlink|mknod|setxattr|kill|fork)\(|O_CREAT
    |\.(post|create|delete|upload\w*)\(|systemctl\(\["(?!show)|(atomic|trusted)_file\.(replace|create|remove|write)""",
    re.VERBOSE,
)


def test_only_floors_7_and_9_write_or_act():
    """By what common has for it; an audit only reads, but for its record."""
    acting = {path.relative_to(ROOT).parts[0] for path in FILES if ACTS.search(path.read_text(encoding="utf-8"))}
    assert acting - {"common"} == {"audit", "kernel_mounts", "migration", "remediation", "transaction"}
    audit = [path.name for path in (ROOT / "audit").glob("*.py") if ACTS.search(path.read_text(encoding="utf-8"))]
    assert audit == ["history.py"]


@pytest.mark.parametrize(
    "call, places",
    [
        (r"os\.(rename|replace|fsync)\(|mkstemp", ["common/atomic_file.py"]),
        # names of a file of a volume
        (r"os\.link\(", ["migration/update.py"]),
        (r"fcntl\.(flock|lockf)\(", ["common/file_lock.py"]),
        # what a migration runs takes as long as the data, and the journal is read line by line
        (r"subprocess\.(run|Popen)\(", ["common/programs.py", "denials/kernel_log.py", "migration/sandbox.py"]),
    ],
)
def test_one_file_writes_one_locks_and_one_runs_programs(call, places):
    matching = [
        path.relative_to(ROOT).as_posix() for path in FILES if re.search(call, path.read_text(encoding="utf-8"))
    ]
    assert matching == places


def test_a_transaction_reaches_its_host_only_through_the_seam():
    """What asks or acts on systemd, the engine, a process, the clock. /etc/subuid (user_mapping.py) is another subject."""
    calls = (
        r"systemctl\.(systemctl|next_start|state)",
        r"(docker_unit|daemon_process|daemon_evidence|subprocess|programs)\.\w+",
        r"program\.(version|problem)",
        r"process_table\.list_by_cgroup",
        r"Engine",
        r"os\.kill",
        r"time\.(time|monotonic|sleep)",
        r"journal\.(load|save|remove)",
        r"config_file\.(write|remove)",
    )
    outside = re.compile(r"(?<![\w.])(" + "|".join(calls) + r")\(")
    files = [
        path
        for path in FILES
        if path.parent == ROOT / "transaction" and path.name not in ("host.py", "docker_unit.py", "user_mapping.py")
    ]
    assert len(files) > 20
    assert [path.name for path in files if outside.search(path.read_text(encoding="utf-8"))] == []


# Words that say nothing of what a thing is; docs/style.md names them. Fields of types that carry a key of a result keep its name.
NO_NAMES = frozenset(
    re.search(r"^- Not as names: ([\w, ]+)\.", (REPOSITORY / "docs/style.md").read_text(encoding="utf-8"), re.M)
    .group(1)
    .split(", ")
)
KEYS_OF_RESULTS = {
    ("plugins/plugin_utils/remediation/plan.py", "way"): "of a finding in a plan",
    ("plugins/plugin_utils/remediation/ways.py", "way"): "of a finding in a plan",
    ("plugins/module_utils/judge/rule.py", "seen"): "of a finding",
    ("plugins/module_utils/rules/shared/mount_labels.py", "seen"): "of a finding",
    ("tests/unit/plugins/module_utils/rules/subjects.py", "seen"): "of a finding",
    ("plugins/module_utils/kernel_mounts/plan.py", "left"): "of kernel_filesystems: what stays open",
    ("plugins/module_utils/kernel_mounts/report.py", "left"): "of kernel_filesystems: what stays open",
}


def list_bindings(tree):
    """(line, name) of all that code gives a name to: variables, arguments, attributes, functions, types, imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
            yield node.lineno, node.name
        elif isinstance(node, ast.alias):
            yield node.lineno, node.asname or node.name


@pytest.mark.parametrize("folder", ["extensions", "lab", "plugins", "tests", "tools"])
def test_names_say_what_things_are(folder):
    wrong, keys = [], set()
    for path in sorted((REPOSITORY / folder).rglob("*.py")):
        place = path.relative_to(REPOSITORY).as_posix()
        for line, name in list_bindings(ast.parse(path.read_bytes())):
            if (place, name) in KEYS_OF_RESULTS:
                keys.add((place, name))
            elif (name or "").strip("_").lower() in NO_NAMES:  # nor private, a constant or a type
                wrong.append(f"{place}:{line}: {name} says nothing of what it is: see docs/style.md")
    assert wrong == []
    assert keys == {key for key in KEYS_OF_RESULTS if key[0].startswith(f"{folder}/")}


# What only some hosts or runs need is loaded where it is first asked for: each subject in one place. All else stands at the top.
LATE = {
    "audit/audit.py": ["audit.history"],  # a record of the last result
    "docker_api/address.py": ["ssl"],  # an engine on another machine
    "dockerd/program.py": ["dockerd.json_edit"],  # dockerd --validate, which an audit never asks
    "dockerd/tls_files.py": ["ssl"],  # a daemon that listens with TLS
    "evidence/daemon.py": ["linux.packages"],  # the known flaws
    "evidence/daemon_config.py": ["dockerd.validate"],  # a daemon.json
    "evidence/host.py": ["linux.crypto_sockets"],
    "evidence/packet_filter.py": ["linux.packet_filter", "linux.packet_filter_reader"],
    "linux/device_list.py": ["linux.device_filter", "linux.device_program"],  # control groups of version 2
    "rules/selinux_mounts.py": ["rules.shared.mount_labels"],  # SELinux, as judged
    "selinux/on_demand.py": ["selinux.parts"],  # SELinux, as read
}


def late_imports(path):
    """The modules that a file imports elsewhere than at its top, one for each import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in tree.body:
            for name in node.names:
                full = f"{node.module}.{name.name}" if isinstance(node, ast.ImportFrom) else name.name
                yield full[len(PREFIX) :] if full.startswith(PREFIX) else full


def test_imports_stand_at_the_top_and_an_optional_subject_is_loaded_in_one_place():
    late = {path.relative_to(ROOT).as_posix(): sorted(late_imports(path)) for path in FILES}
    assert {name: modules for name, modules in late.items() if modules} == LATE
    others = [path for path in PLUGINS.rglob("*.py") if ROOT not in path.parents and list(late_imports(path))]
    assert others == []


def is_formatted(node):
    """Whether it is "…".format() or "…" % value; bytes have no other way than %."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", None) != "format":
        return False
    return isinstance(node.func.value, (ast.Constant, ast.JoinedStr))


def test_texts_are_f_strings():
    assert [is_formatted(ast.parse(text, mode="eval").body) for text in ("'{}'.format(a)", "'%s' % a")] == [True, True]
    wrong = []
    for path in FILES + ON_THE_CONTROLLER + sorted((PLUGINS / "modules").glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        wrong += [f"{path.relative_to(PLUGINS)}:{node.lineno}" for node in nodes if is_formatted(node)]
    assert wrong == []
