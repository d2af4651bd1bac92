# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host whose engine is to be migrated: FakeHost with volumes, networks and images in two data roots, and a second engine.

The transaction that switches dockerd is the real one. Each thing that is done is a step, so that a test can let it fail.
"""

import copy
import os
from urllib.parse import unquote

from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import EngineError
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    downtime,
    expected,
    facts,
    interfaces,
    record,
    run,
    sandbox,
    second_engine,
    stale_rules,
    tree,
    work,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Expected, Options
from ansible_collections.containment.docker.plugins.module_utils.migration.tree import Survey
from ansible_collections.containment.docker.plugins.module_utils.transaction import user_mapping
from ansible_collections.containment.docker.tests.unit.plugins.module_utils import fake_daemon
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.fake_host import FakeEngine, FakeHost
from ansible_collections.containment.docker.tests.unit.plugins.module_utils.migration import subjects

BIND = "/srv/bound"
OWN, MAPPED = "own", "mapped"


class Container(fake_daemon.Container):
    """A fake container with a whole inspect. Its id differs from that of the same name in another root."""

    def __init__(self, name, policy, root, base):
        super().__init__(name, policy)
        self.base = copy.deepcopy(base)
        self.base["HostConfig"]["RestartPolicy"] = {"Name": policy}
        if "100000" in root:
            self.id = (("new" + name).encode().hex() + "0" * 64)[:64]
        self.base["GraphDriver"] = {"Name": "overlay2", "Data": {"UpperDir": f"{root}/overlay2/{self.id}/diff"}}

    def inspect(self):
        result = dict(copy.deepcopy(self.base), Id=self.id, Name="/" + self.name)
        result["State"] = dict(super().inspect()["State"], Restarting=False)
        result["RestartCount"] = 0
        return result

    def wanted_at_a_start(self):
        return bool(self.started) and super().wanted_at_a_start()


class Daemon(fake_daemon.Daemon):
    """It keeps what belongs to one mapping in a data root of its own."""

    def root(self):
        return self.default_root + ("/100000.100000" if self.memory.get("userns-remap") else "")

    def containers(self):
        return self.roots.setdefault(self.root(), [])

    def info(self):
        result = dict(super().info(), DockerRootDir=self.root())
        if self.memory.get("userns-remap"):
            result["SecurityOptions"] = result["SecurityOptions"] + ["name=userns"]
        return result


class Host(FakeHost):
    """Two containers run: web, which joins db and has a bind mount; one does not."""

    def __init__(self, monkeypatch, directory, before='{"debug": false}\n'):
        super().__init__(monkeypatch, directory, before)
        self.root = str(directory.resolve() / "docker")
        self.new_root = self.root + "/100000.100000"
        (directory / "docker").mkdir()
        self.daemon = Daemon(self.path, self.clock, self.root)
        self.daemon.start()
        self.expected = Expected()
        self.bound, self.second, self.copies, self.digests = OWN, False, [], []
        self.volumes = {self.root: {"data": ["a"]}, self.new_root: {}}
        self.networks = {root: {"bridge": {"Name": "bridge", "Id": "b0", "Scope": "local"}} for root in self.volumes}
        self.networks[self.root]["back"] = {"Name": "back", "Id": "n1", "Scope": "local", "Driver": "bridge"}
        self.images = {self.root: ["sha256:aa"], self.new_root: []}
        web = subjects.inspect("web", Mounts=[{"Type": "bind", "Source": BIND, "Destination": "/x", "RW": True}])
        web["HostConfig"]["NetworkMode"] = "container:" + Container("db", "no", self.root, web).id
        web["NetworkSettings"] = {"Networks": {}}
        web["Config"].pop("Hostname")
        for name, policy, base, runs in (
            ("db", "no", subjects.inspect("db"), True),
            ("web", "always", web, True),
            ("off", "no", subjects.inspect("off"), False),
        ):
            container = Container(name, policy, self.root, base)
            container.base["Config"].pop("Hostname", None)
            self.daemon.containers().append(container)
            if runs:
                self.daemon.run(container)
        self.originals = {container.name: container for container in self.daemon.containers()}
        self._patch(monkeypatch, directory)

    def _patch(self, monkeypatch, directory):
        for module in (work, downtime):
            monkeypatch.setattr(module, "_AT_ONCE", 1)  # the same order of steps in each run
        monkeypatch.setattr(run, "LOCK", str(directory / "migration.lock"))
        monkeypatch.setattr(user_mapping, "unready", lambda remap, assume=(): ())
        monkeypatch.setattr(user_mapping, "remapped", lambda remap: ())
        monkeypatch.setattr(facts, "read_ids", lambda remap, check: subjects.IDS)
        monkeypatch.setattr(facts, "shiftable", lambda path, root, ids: "")
        monkeypatch.setattr(expected, "read", lambda *arguments: self.expected)
        monkeypatch.setattr(tree, "survey", lambda path, ids: Survey(3, 4096, (), 0, 0))
        monkeypatch.setattr(tree, "changed_since", lambda path, moment: False)
        monkeypatch.setattr(facts.speed, "measure", lambda root: 0)
        monkeypatch.setattr(bulk_copy, "can_update", lambda source: True)
        monkeypatch.setattr(second_engine, "engine", lambda: SecondEngine(self))
        for module, name, act in (
            (second_engine, "start", self._start_second),
            (second_engine, "stop", self._stop_second),
            (sandbox, "stop_service", lambda unit: None),
            (bulk_copy, "copy_live", lambda source, target, *rest: self._copy(source, target)),
            (bulk_copy, "copy_last", lambda source, target, *rest: self._copy(source, target)),
            (bulk_copy, "copy_layer", lambda source, target, ids: self.copies.append((source, target))),
            (tree, "shift", self._shift),
            (tree, "strip", lambda root, devices, set_ids: None),
            (interfaces, "remove_bridges", lambda names: []),
            (stale_rules, "remove", lambda names: []),
        ):
            monkeypatch.setattr(module, name, self._as_step(f"{module.__name__.rpartition('.')[2]}.{name}", act))

    def _as_step(self, name, act):
        def do(*arguments):
            self.step(name)
            answer = act(*arguments)
            self.step(name + " done")
            return answer

        return do

    def _start_second(self, program, config, network=None):
        assert config["userns-remap"]
        self.online = network
        os.makedirs(self.new_root, exist_ok=True)
        self.second = True

    def _stop_second(self):
        self.second = False

    def _copy(self, source, target):
        old, new = (path.split("/")[-2] for path in (source, target))
        self.volumes[self.new_root][new] = list(self.volumes[self.root][old])

    def _shift(self, path, ids):
        assert path == BIND
        self.bound = OWN if ids.back else MAPPED

    def engine(self, timeout=None):
        return MigrationEngine(self)

    def in_root(self, root):
        """name -> whether it runs, of what an engine in this root has."""
        return {container.name: bool(container.pid) for container in self.daemon.roots.get(root, [])}

    def running(self):
        """Names of what the engine in force runs."""
        return sorted(name for name, runs in self.in_root(self.daemon.root()).items() if runs)

    def phase(self):
        data = self.load_record(record.NAME)
        return data and data["phase"]

    def present(self, **more):
        return run.present(Options("default", shift=(BIND,), **more), self)

    def absent(self, **more):
        return run.absent(Options("default", accept_loss=True, **more), self)

    def require_nobody_meets_foreign_ids(self):
        """No container of the old root runs on the bind mount while its files have mapped ids: it would write with its own.

        One with mapped ids may meet files that are not shifted yet: it has no access to them.
        """
        assert not (self.bound == MAPPED and self.in_root(self.root).get("web")), (
            "web runs without a mapping on mapped files"
        )


class MigrationEngine(FakeEngine):
    """The engine in force."""

    kind = ""

    def root(self):
        return self._host.daemon.root()

    def answers(self):
        return self._host.daemon.active == "active"

    def create(self, path, body):
        return self._ask("CREATE", path, body)

    def post(self, path, body=None):
        return self._ask("POST", path, body)

    def delete(self, path):
        return self._ask("DELETE", path)

    def download(self, path):
        self._host.step("download")
        return iter([path.encode("ascii")])

    def upload_pieces(self, path, pieces):
        return self._ask("UPLOAD", path, b"".join(pieces))

    def _ask(self, method, path, body=None):
        what = f"{self.kind}{method} {path.partition('?')[0].rpartition('/')[2]}"
        if method == "GET" and len(path) > 64:
            what = self.kind + "GET container"
        self._host.step(what)
        if not self.answers():
            raise EngineError("no dockerd answers")
        try:
            answer = self._route(method, path, body)
        except (fake_daemon.NotThere, fake_daemon.Conflict) as reason:
            raise EngineError(f"{method} {path}: {reason}", 404 if isinstance(reason, fake_daemon.NotThere) else 409)
        if method != "GET":
            self._host.step(what + " done")
        return answer

    def _route(self, method, path, body):
        host, root = self._host, self.root()
        containers = host.daemon.roots.setdefault(root, [])
        parts = [unquote(part) for part in path.partition("?")[0].split("/")[1:]]
        if method == "GET" and path in ("/info", "/version") or path.startswith("/events?"):
            return fake_daemon.answer(host.daemon, method, path)
        if parts[0] == "plugins":
            return []
        if path.startswith("/containers/json"):
            return [{"Id": item.id} for item in containers if item.pid or "all=1" in path]
        if parts[0] == "images":
            if method == "UPLOAD":
                host.images[root].append("sha256:aa")
                return []
            return [
                {"Id": name, "RepoTags": ["app:1"], "RepoDigests": host.digests, "Size": 1000}
                for name in host.images[root]
            ]
        if path == "/volumes":
            return {"Volumes": [self._volume(name) for name in host.volumes[root]]}
        if path == "/networks":
            return list(host.networks[root].values())
        if method == "CREATE":
            return self._create(parts[0], path, body, containers)
        if method == "DELETE":
            return self._delete(parts[0], parts[1], containers)
        if parts[0] == "networks":
            return True
        container = next((item for item in containers if parts[1] in (item.id, item.name)), None)
        if container is None:
            raise fake_daemon.NotThere(path)
        return container.inspect() if method == "GET" else fake_daemon._act(host.daemon, container, parts[2])

    def _volume(self, name):
        place = f"{self.root()}/volumes/{name}/_data"
        at = str(len(self._host.steps))  # engine 20.10 has here when an entry of its directory was made
        return {"Name": name, "Driver": "local", "Mountpoint": place, "Options": None, "CreatedAt": at}

    def _create(self, kind, path, body, containers):
        host, root = self._host, self.root()
        if kind == "volumes":
            host.volumes[root][body["Name"]] = []
            return self._volume(body["Name"])
        if kind == "networks":
            host.networks[root][body["Name"]] = dict(body, Id="new" + body["Name"], Scope="local")
            return {"Id": "new" + body["Name"]}
        name = unquote(path.rpartition("name=")[2])
        if any(item.name == name for item in containers):
            raise fake_daemon.Conflict("the name is in use")
        old = host.originals[name]
        base = dict(old.base, Config={k: v for k, v in body.items() if k not in ("HostConfig", "NetworkingConfig")})
        base["HostConfig"] = body["HostConfig"]
        containers.append(Container(name, old.policy, root, base))
        return {"Id": containers[-1].id}

    def _delete(self, kind, name, containers):
        host, root = self._host, self.root()
        if kind == "containers":
            containers[:] = [item for item in containers if item.name != name]
        else:
            {"volumes": host.volumes, "networks": host.networks}[kind][root].pop(name, None)
        return True


class SecondEngine(MigrationEngine):
    """The one that fills the new root."""

    kind = "second "

    def root(self):
        return self._host.new_root

    def answers(self):
        return self._host.second
