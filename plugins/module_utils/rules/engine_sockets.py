# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No container can speak to a container engine through its socket. (TCP and abstract sockets are other rules'.)"""

from typing import AbstractSet, Callable, Iterable, List, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import (
    Absent,
    Evidence,
    Unreadable,
    computed_once,
    results_beside,
)
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import DELETED, alive
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import ancestors, below, clean
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import engine_sockets, every, on_host
from ansible_collections.containment.docker.plugins.module_utils.rules.shared import mounts as container_mounts
from ansible_collections.containment.docker.plugins.module_utils.rules.shared.mounts import sources

# Where engines listen by default; whoever may connect is root on the host, so a read-only mount is as good.
SOCKETS = (
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/docker/containerd/containerd.sock",
    "/run/docker/swarm/control.sock",
    "/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/run/buildkit/buildkitd.sock",
    "/run/cri-dockerd.sock",
    "/run/dockershim.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/nri/nri.sock",  # who connects may change each container that is made
)
# A socket of such a name is an engine's, wherever it listens: below /run/user/<uid> without root, in a snap.
NAMES = frozenset(path.rpartition("/")[2] for path in SOCKETS if not path.endswith("/control.sock"))
_ENDS = tuple(f"/{name}{mark}" for name in NAMES for mark in ("", DELETED))  # of a root that is such a socket
_USERS = "/run/user"


_KNOWN = frozenset(SOCKETS)
_ABOVE = ancestors(SOCKETS)


def _own_sockets(evidence: Evidence) -> AbstractSet[str]:
    """Where this daemon listens and finds containerd, as far as that is known and is no usual place."""
    try:
        daemon = evidence["daemon"]
    except Absent:
        return frozenset()
    return _sockets_of(daemon)


@computed_once
def _sockets_of(daemon: Evidence) -> AbstractSet[str]:
    paths = set()
    for layer in ("running", "configured"):
        try:
            settings = daemon[layer]
        except (Absent, Unreadable):
            continue
        for address in tuple(settings.get("hosts") or ()) + (settings.get("containerd") or "",):
            path = address[len("unix://") :] if address.startswith("unix://") else address
            if path.startswith("/"):
                paths.add(clean(path))
    return frozenset(paths - _KNOWN)


def _reaches(path: str, own: AbstractSet[str]) -> Optional[str]:
    """Which engine's socket a mount of this host path is, or contains; None if none."""
    if path in _KNOWN or path in own or path.rpartition("/")[2] in NAMES:
        return path
    contains = _ABOVE.get(path) or next((socket for socket in own if below(socket, path)), None)
    if contains:
        return f"{path}, which contains {contains}"
    if below(path, _USERS) and path.count("/") <= 4:  # /run/user, /run/user/<uid>, /run/user/<uid>/podman
        return f"{path}, where engines without root have their sockets"
    return None


@computed_once
def _sockets_of_host(evidence: Evidence) -> Tuple[AbstractSet[str], engine_sockets.Known]:
    own = _own_sockets(evidence)
    if on_host.view_of(evidence) is None:
        return own, engine_sockets.NONE
    results, key = results_beside(evidence["host"]), (engine_sockets.identities, own)
    if key not in results:
        results[key] = engine_sockets.identities(evidence, sorted(_KNOWN.union(own)))
    return own, results[key]


def _wrong(evidence: Evidence) -> Callable[[str, bool], Optional[str]]:
    """Tells of a path of the host which engine's socket a mount of it is, or contains, by whatever name."""
    own, known = _sockets_of_host(evidence)

    def wrong(path: str, _read_only: bool) -> Optional[str]:
        return _reaches(path, own) or engine_sockets.other_name(evidence, path, known)

    return wrong


def _verdict(evidence: Evidence, mounts: Iterable[Tuple[str, str, bool]]) -> Verdict:
    return container_mounts.judged(mounts, _wrong(evidence), "no engine's socket is mounted")


def _configured(evidence: Evidence) -> Verdict:
    return container_mounts.by_configuration(evidence, lambda mounts: _verdict(evidence, sources(mounts)))


def _effective(evidence: Evidence) -> Optional[Verdict]:
    return container_mounts.by_engine(evidence, lambda mounts: _verdict(evidence, sources(mounts)))


def _kernel(evidence: Evidence) -> Verdict:
    abstract = engine_sockets.abstract(evidence)
    if abstract:
        return Verdict(False, f"in the host's network namespace it reaches the abstract socket {abstract}")
    # a socket keeps its name as the root of a mount, whatever it is called in the container
    named = [(alive(mount.root), mount.point, True) for mount in evidence["mounts"] if mount.root.endswith(_ENDS)]
    return _verdict(
        evidence, [(path, mount.point, True) for mount, path in container_mounts.list_shown(evidence)] + named
    )


def _run(evidence: Evidence) -> List[RunChange]:
    return container_mounts.without(evidence, container_mounts.points(evidence, _wrong(evidence)))


def _mounts_at_fault(evidence: Evidence) -> AbstractSet[str]:
    return container_mounts.blamed(evidence, container_mounts.points(evidence, _wrong(evidence)))


RULE = Rule(
    id="engine-sockets",
    title="No container engine's socket is mounted",
    severity="critical",
    weakness={"container": "the socket of a container engine is mounted in it"},
    rationale=(
        "Who can connect to the socket of Docker, containerd, Podman, CRI-O or BuildKit can start a container with the "
        "host's root directory in it, and so is root on the host. A read-only mount doesn't keep anybody from "
        "connecting, and a directory that contains the socket is as good as the socket. A socket is known by its inode, "
        "so another hard link, a bind of it and a path through /proc are the same; in the host's network namespace "
        "its abstract sockets are within reach."
    ),
    remediation=(
        "Recreate the container without the socket. Where it needs the engine, put a proxy that filters between the two: a "
        "container of its own that has the socket, listens on a network that only these two share, and lets through the method "
        "and path of the few calls that are needed (GET of /containers/json, /events and the like), never a POST to "
        "/containers, /exec, /images, /volumes or /plugins, and never an inspect of containers whose environment has secrets. "
        "The proxy is then what has to be waived. Where SELinux enforces, the container that has the socket can run in a domain "
        "that may connect to it and to nothing else, as label=disable gives all of it up: a module of the policy that allows it "
        "container_var_run_t:sock_file write and container_runtime_t:unix_stream_socket connectto. Reading metrics needs no "
        "socket: set metrics-addr. Builds "
        "need none, either: a rootless builder has an engine of its own."
    ),
    references={
        "CIS 1.6": ("5.32",),
        "CIS 1.8": ("5.32",),
        "STIG": ("DKER-EE-002130",),
        "NIST SP 800-190": ("4.4.3", "4.5.5"),
    },
    reads=(
        "container.incomplete",
        "container.inspect",
        "container.mounts",
        "container.namespaces",
        "container.views",
        "daemon.configured",
        "daemon.info",
        "daemon.running",
        "daemon.state",
        "daemon.volumes",
        "host.abstract_sockets",
        "host.mounts",
        "host.name_below",
        "host.namespaces",
        "host.place_at",
    ),
    container={"configured": _configured, "effective": _effective, "kernel": every.of_namespaces(_kernel)},
    frozen="create",
    run=_run,
    judges_mounts=True,
    mounts_at_fault=_mounts_at_fault,
)
