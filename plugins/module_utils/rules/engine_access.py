# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nobody but root, and those whom the policy names, can connect to the engine's local API."""

from typing import Any, Iterator, List, Optional, Sequence

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints
from ansible_collections.containment.docker.plugins.module_utils.judge.rule import Rule, Verdict
from ansible_collections.containment.docker.plugins.module_utils.linux.paths import below, clean


def _configured(evidence: Evidence) -> Optional[Verdict]:
    """Only what the settings alone decide: the file's permissions are those of the socket that is there then."""
    hosts = [host.strip() for host in evidence["configured"].get("hosts") or ()]
    abstract = [host for host in hosts if host.partition("://")[2].startswith("@")]
    if abstract:
        return Verdict(False, f"the next start listens on the abstract socket {abstract[0]}, which has no permissions")
    return None


def _kernel(evidence: Evidence) -> Verdict:
    sockets = evidence["access"]
    allowed = evidence["policy"]["allowed_engine_users"]
    wrong = [text for text in (_wrong(socket, allowed) for socket in sockets) if text]
    if not wrong:
        wrong = _relayed(evidence["endpoints"], [socket.name for socket in sockets])
    doubts: List[str] = []
    for relay in _read_relays(evidence, wrong):
        verdict = _passed_on(relay, sockets, allowed)
        if verdict is not None:
            (wrong if verdict.ok is False else doubts).append(verdict.seen)
    if wrong:
        return Verdict(False, "; ".join(wrong[:5]))
    doubts += _led_back(evidence, allowed)
    if doubts:
        return Verdict(None, "; ".join(doubts[:5]))
    if not sockets:
        return Verdict(True, "dockerd serves its API on no local socket")
    names = ", ".join(socket.name for socket in sockets[:5])
    others = sorted({user for socket in sockets for user in socket.users})
    users = f"root and the allowed {_few(others)}" if others else "root"
    return Verdict(True, f"only {users} can connect to {names}")


def _relayed(endpoints: Sequence[Endpoints], names: Sequence[str]) -> List[str]:
    """The containers that have the API's socket and publish a port: who reaches the port may reach the API, by a proxy in it."""
    paths = [clean(name) for name in names if name.startswith("/")]
    wrong = []
    for endpoint in endpoints:
        reached = [path for path in paths if any(below(path, clean(source)) for source in endpoint.sources)]
        ports = sorted({f"{inert(port.address, 40)} port {port.port}" for port in endpoint.ports})
        if reached and ports:
            wrong.append(
                f"the container {endpoint.name} has {reached[0]} and publishes {_few(ports)}: whoever reaches that "
                "may reach the API"
            )
    return wrong


def _led_back(evidence: Evidence, allowed: Sequence[str]) -> Iterator[str]:
    """What contexts of the docker command say of ways to this engine, of which it can't be told whether they are open."""
    known = {port for _address, port in evidence["listeners"]}  # tcp-socket judges these
    for context in evidence["contexts"]:
        target, user = context.target, inert(context.user, 40)
        whose = f"the context {inert(target.name, 60)} of {user} leads"
        if target.scheme == "tcp":
            if context.listening and target.port not in known:
                yield f"{whose} to TCP port {int(target.port)} of this host, where not dockerd but something else listens"
        elif context.user not in ("root", *allowed) and target.login not in ("", context.user):
            login = inert(target.login, 40)
            yield f"{whose} by ssh to {login} on this host: whether sshd lets {user} in can't be told"


def _read_relays(evidence: Evidence, wrong: Sequence[str]) -> Sequence[Any]:
    """The processes that may pass it on; what is wrong already is so, whether or not they can be read."""
    try:
        return evidence["relays"]
    except Unreadable:
        if wrong:
            return ()
        raise


def _passed_on(relay: Any, sockets: Sequence[Any], allowed: Sequence[str]) -> Optional[Verdict]:
    """False where a process gives the API to others for certain, None where that can't be told, no verdict where it doesn't."""
    who = f"process {int(relay.pid)} ({inert(relay.program, 80)})"
    ports = ", ".join(f"TCP {inert(address, 40)} port {int(port)}" for address, port in relay.ports[:3])
    if relay.route is None:
        if not (relay.connected and relay.ports):
            return None
        doubt = f"{who} has a connection to the API and listens on {ports}: whether it passes the API on can't be told"
        return Verdict(None, doubt)
    target = _plain(relay.route.target)
    if target not in [_plain(socket.name) for socket in sockets]:
        return None
    if relay.ports and relay.route.open:
        local = all(address.startswith("127.") or address == "::1" for address, _port in relay.ports)
        reach = (
            "every user of the host, and every container with its network, reaches" if local else "other machines reach"
        )
        return Verdict(False, f"{who} passes {inert(target, 100)} on to {ports}: {reach} the API there, as root")
    for door in relay.sockets:
        text = _wrong(door, allowed)
        if text:
            return Verdict(False, f"{who} passes {inert(target, 100)} on to another socket, and {text}")
    if relay.ports:
        return Verdict(
            None, f"{who} passes {inert(target, 100)} on to {ports}; whom its TLS lets through can't be told"
        )
    return None


def _plain(name: str) -> str:
    return clean(name) if name.startswith("/") else name


def _wrong(socket: Any, allowed: Sequence[str]) -> Optional[str]:
    if socket.name.startswith("@"):
        return (
            f"{socket.name} is an abstract socket: every user of the host and every container with the "
            f"host's network can connect"
        )
    if socket.everybody:
        return f"{socket.name} has mode {socket.mode:04o}: every user of the host can connect"
    users = [user for user in socket.users if user not in allowed]
    if users:
        return f"{socket.name} (group {socket.group}) lets in {_few(users)}"
    return None


def _few(names: Sequence[str]) -> str:
    more = f", and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


RULE = Rule(
    id="engine-access",
    title="Only root and named users can connect to the engine's local socket",
    severity="high",
    weakness={"daemon": "others than root and the named users can connect to the engine's local socket"},
    rationale=(
        "Who can connect to the engine's socket can start a container with the host's root directory in it, and so is "
        "root on the host, without a password and without a trace in sudo's log. An abstract socket has no owner and no "
        "permissions, and containers with the host's network reach it. A container that has the socket and publishes a port "
        "gives the API on to whoever reaches that. So does socat or systemd-socket-proxyd on the host: told by the file that "
        "the process runs, its arguments and what it listens on. Of any other process that has a connection to the API and "
        "listens on TCP it is unknown, and of one that has none at that moment nothing is seen. TCP addresses of dockerd "
        "itself are judged by tcp-socket; dockerd listens on no vsock. Contexts of the docker command that lead back to this "
        "host tell of ways that nothing else shows: to a TCP port where dockerd does not listen, or by ssh to another user; "
        "homes on other machines' filesystems are not read."
    ),
    remediation=(
        "Take people out of the group that owns the socket (gpasswd -d USER docker) and give them sudo or a rootless "
        "engine, or name them in the policy's allowed_engine_users. Set SocketMode=0660 and SocketGroup=docker in "
        "docker.socket, and a path for ListenStream or hosts in place of a name that begins with @; then restart both units. A "
        "proxy before the socket publishes no port, and shares a network with the one container that needs it. Stop what "
        "passes the socket on, and use ssh (docker -H ssh://USER@HOST) or TLS with client certificates. Of a process that is "
        "known not to pass the API on, waive the finding. Remove a context that is not used (docker context rm), and the key in "
        "authorized_keys that it needs, or name its user in allowed_engine_users."
    ),
    references={
        "CIS 1.6": ("1.1.2", "3.15", "3.16"),
        "CIS 1.8": ("1.1.2", "3.15", "3.16"),
        "NIST SP 800-190": ("4.4.3",),
    },
    reads=(
        "daemon.access",
        "daemon.configured",
        "daemon.contexts",
        "daemon.endpoints",
        "daemon.listeners",
        "daemon.relays",
        "policy",
    ),
    daemon={"configured": _configured, "kernel": _kernel},
)
