# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container that any setting leaves alone, and ways to change it."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence
from ansible_collections.containment.docker.plugins.module_utils.forecast.container_use import Use
from ansible_collections.containment.docker.plugins.module_utils.forecast.id_mapping import Remapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.mapped_access import Identity, Mapping
from ansible_collections.containment.docker.plugins.module_utils.forecast.search_budget import Budget
from ansible_collections.containment.docker.plugins.module_utils.forecast.stock import Stock
from ansible_collections.containment.docker.plugins.module_utils.linux.subordinate_ids import Range

ONE = (Range("dockremap", 100000, 65536),)
MAPPING = Mapping(ONE, ONE)
ROOT = Identity(0, 0, overrides=True, program="app")


class NoTree:
    """A directory with these files."""

    def __init__(self, files=(), incomplete=""):
        self._files, self.incomplete = files, incomplete

    def files(self):
        return iter(self._files)


def world(wanted, files=(), trees=None, **changes):
    """The shared evidence of a host without containers. files: [File], by their paths; trees: {path: NoTree}."""
    by_path, below = {file.path: file for file in files}, dict(trees or {})
    daemon = Evidence(
        info={
            "ServerVersion": "26.1.5",
            "SecurityOptions": ["name=seccomp,profile=builtin"],
            "DockerRootDir": "/var/lib/docker",
            "Driver": "overlay2",
            "DriverStatus": [],
            "Swarm": {"LocalNodeState": "inactive"},
            "LiveRestoreEnabled": False,
            "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {}, "Mirrors": []},
            "LoggingDriver": "json-file",
            "Runtimes": {"runc": {}},
            "DefaultRuntime": "runc",
        },
        configured={},
        running={},
        volumes={},
        bridge={"Options": {"com.docker.network.bridge.enable_icc": "true"}},
    )
    shared = Evidence(
        host=Evidence(),
        daemon=daemon,
        wanted=wanted,
        search=Budget(60, 10**6),
        slow_points=frozenset(),
        file_at=by_path.get,
        tree_at=lambda path: below.get(path) or NoTree(),
        remapping=Remapping(MAPPING, namespaces=10000),
        stock=Stock((), 0, 10**10),
    )
    for key, value in changes.items():
        part, _underscores, name = key.partition("__")
        if name:
            shared[part][name] = value
        else:
            shared[part] = value
    return shared


def container(shared, config=None, inspect=None, **changes):
    """The evidence of a container that runs as root. config: changes of its HostConfig; inspect: of its inspect."""
    whole = {
        "Id": "f" * 64,
        "Name": "/web",
        "Image": "sha256:" + "1" * 64,
        "State": {"Status": "running", "Running": True, "Pid": 42},
        "Config": {"User": "", "Labels": {}, "Env": [], "Image": "app"},
        "HostConfig": dict({"NetworkMode": "bridge", "Privileged": False}, **(config or {})),
        "NetworkSettings": {"Ports": {}},
        "Mounts": [],
    }
    whole.update(inspect or {})
    evidence = Evidence(shared, inspect=whole, use=Use((ROOT,), ()), modes_of=lambda _name: {"UsernsMode": ""})
    for key, value in changes.items():
        evidence[key] = value
    return evidence


def bind(source, target="/data", writable=True):
    """A bind mount as inspect has it."""
    return {"Type": "bind", "Source": source, "Destination": target, "RW": writable}


def read_sureness(items):
    """{id: how sure}, for a comparison."""
    return {item.id: item.sure for item in items}
