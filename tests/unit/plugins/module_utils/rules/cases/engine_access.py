# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule engine-access."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.context import Target
from ansible_collections.containment.docker.plugins.module_utils.docker_api.endpoints import Endpoints, Port
from ansible_collections.containment.docker.plugins.module_utils.evidence.api_access import Access
from ansible_collections.containment.docker.plugins.module_utils.evidence.contexts import Context
from ansible_collections.containment.docker.plugins.module_utils.evidence.relays import Relay
from ansible_collections.containment.docker.plugins.module_utils.linux.relay_programs import Route

from ..subjects import GONE, Case, both

PATH = "/run/docker.sock"


def sockets(*more, **fields):
    first = Access(PATH, 0o660, "docker", False, ())._replace(**fields)
    return {"access": [first] + list(more)}


def relay(source, *addresses):
    """A container with this mount that publishes port 2375 on these addresses."""
    return Endpoints("proxy", tuple(Port(address, 2375, "tcp", 2375) for address in addresses), (), (source,))


def passes(*ports, **fields):
    """A socat of the host that passes the engine's socket on to these."""
    first = Relay(77, "/usr/bin/socat", Route("/var/run/docker.sock"), False, ports)._replace(**fields)
    return {"relays": [first]}


def context(host_, port=2375, user="ann", login="", scheme="tcp", listening=True):
    """A context of the docker command that leads to this host."""
    return {"contexts": [Context(user, Target("prod", scheme, login, host_, port), listening)]}


AGENT = dict(program="/usr/bin/agent", route=None, connected=True)


CASES = (
    Case("daemon", "pass", "root alone", {}, "only root can connect to /run/docker.sock"),
    Case("daemon", "pass", "no local socket", {"access": []}, "no local socket"),
    Case(
        "daemon",
        "pass",
        "a user whom the policy names",
        both(sockets(users=("ci",)), {("policy", "allowed_engine_users"): ("ci", "ops")}),
        "only root and the allowed ci can connect",
    ),
    Case("daemon", "fail", "people in the group", sockets(users=("ann", "bob")), "(group docker) lets in ann, bob"),
    Case(
        "daemon",
        "fail",
        "one more than the policy names",
        both(sockets(users=("ann", "ci")), {("policy", "allowed_engine_users"): ("ci",)}),
        "lets in ann",
    ),
    Case("daemon", "fail", "full of people", sockets(users=tuple("u%02d" % n for n in range(30))), "u09, and 20 more"),
    Case("daemon", "fail", "open to every user", sockets(mode=0o666, everybody=True), "has mode 0666: every user"),
    Case(
        "daemon",
        "fail",
        "an abstract socket beside the usual one",
        sockets(Access("@docker", 0, "", True, ())),
        "@docker is an abstract socket",
    ),
    Case(
        "daemon",
        "fail",
        "abstract at the next start, of a daemon that is stopped",
        {("configured", "hosts"): ["fd://", "unix://@docker"], "access": Unreadable("inactive")},
        "unix://@docker",
    ),
    Case(
        "daemon",
        "fail",
        "a container that has it publishes a port",
        {"endpoints": [relay("/var/run/docker.sock", "0.0.0.0")]},
        "the container proxy has /run/docker.sock and publishes 0.0.0.0 port 2375: whoever reaches that",
    ),
    Case(
        "daemon",
        "fail",
        "on loopback, for every user of the host",
        {"endpoints": [relay("/run", "127.0.0.1")]},
        "proxy",
    ),
    Case("daemon", "pass", "a container that has it publishes none", {"endpoints": [relay("/run/docker.sock")]}),
    Case(
        "daemon",
        "fail",
        "a program of the host passes it on",
        passes(("0.0.0.0", 2375)),
        "process 77 (/usr/bin/socat) passes /run/docker.sock on to TCP 0.0.0.0 port 2375: other machines reach the API",
    ),
    Case(
        "daemon",
        "fail",
        "a program of the host passes it on to loopback",
        passes(("127.0.0.1", 2375), ("::1", 2375)),
        "every user of the host, and every container with its network, reaches",
    ),
    Case(
        "daemon",
        "fail",
        "a program of the host passes it on to a socket of everybody",
        passes(sockets=(Access("/run/proxy.sock", 0o666, "root", True, ()),)),
        "on to another socket, and /run/proxy.sock has mode 0666",
    ),
    Case(
        "daemon",
        "fail",
        "of two sockets one is open, and what passes it on can't be read",
        both(sockets(everybody=True), {"relays": Unreadable("too many processes")}),
        "every user of the host can connect",
    ),
    Case(
        "daemon",
        "pass",
        "a program of the host passes it on to a socket of root alone",
        passes(sockets=(Access("/run/proxy.sock", 0o600, "root", False, ()),)),
    ),
    Case("daemon", "pass", "socat passes another socket on", passes(("::", 80), route=Route("/run/x.sock"))),
    Case("daemon", "pass", "a program that has a connection listens nowhere", passes(**AGENT)),
    Case(
        "daemon",
        "unknown",
        "another program has a connection to it and listens",
        passes(("0.0.0.0", 9323), **AGENT),
        "process 77 (/usr/bin/agent) has a connection to the API and listens on TCP 0.0.0.0 port 9323",
    ),
    Case(
        "daemon",
        "unknown",
        "passed on by TLS that may ask for a certificate",
        passes(("::", 2376), route=Route("/run/docker.sock", None)),
        "whom its TLS lets through",
    ),
    Case(
        "daemon",
        "unknown",
        "a context leads to a port where something else listens",
        context("127.0.0.1", 2380, user="root"),
        "the context prod of root leads to TCP port 2380 of this host, where not dockerd but something else listens",
    ),
    Case("daemon", "pass", "a context leads to a port where nothing listens", context("::1", listening=False)),
    Case(
        "daemon",
        "pass",
        "a context leads to dockerd's own port, which another rule judges",
        both(context("localhost", 2376), {"listeners": [("0100007F", 2376)]}),
    ),
    Case(
        "daemon",
        "unknown",
        "a context leads by ssh to root on this host",
        context("localhost", 22, login="root", scheme="ssh"),
        "the context prod of ann leads by ssh to root on this host: whether sshd lets ann in",
    ),
    Case("daemon", "pass", "by ssh to the same user", context("localhost", 22, login="ann", scheme="ssh")),
    Case("daemon", "pass", "by ssh, of root", context("localhost", 22, user="root", login="ann", scheme="ssh")),
    Case(
        "daemon",
        "pass",
        "by ssh, of a user whom the policy names",
        both(context("localhost", 22, login="root", scheme="ssh"), {("policy", "allowed_engine_users"): ("ann",)}),
    ),
    Case(
        "daemon",
        "unknown",
        "contexts can't be read",
        {"contexts": Unreadable("/proc/net/fib_trie: Permission denied")},
        "Permission denied",
    ),
    Case("daemon", "unknown", "processes can't be read", {"relays": Unreadable("too many processes")}, "too many"),
    Case(
        "daemon", "pass", "a container that publishes a port has another", {"endpoints": [relay("/run/x.sock", "::")]}
    ),
    Case(
        "daemon",
        "unknown",
        "which containers run can't be read",
        {"endpoints": Unreadable("GET /containers/json: no answer")},
        "no answer",
    ),
    Case("daemon", "unknown", "only root may look", {"access": Unreadable("only root may look")}, "only root"),
    Case("daemon", "unknown", "a remote engine", {"access": GONE, "configured": GONE}),
)
