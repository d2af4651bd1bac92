# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule tcp-socket."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable

from ..subjects import GONE, Case

CHANGED = Unreadable("daemon.json was changed after the daemon started")
OPEN = (
    "WARNING: API is accessible on http://%s without encryption.\n         Access to the remote API is equivalent to "
    "root access on the host."
)
UNVERIFIED = (
    "[DEPRECATION NOTICE]: API is accessible on https://%s without TLS client verification.\n         Access "
    "to the remote API is equivalent to root access on the host."
)
ANY_2375 = ("00000000", 2375)
LOOPBACK_2375 = ("0100007F", 2375)
ANY6_8080 = ("0" * 32, 8080)
TLS = {"tlsverify": True, "tlscacert": "/srv/tls/ca.pem", "tlscert": "/srv/tls/c.pem", "tlskey": "/srv/tls/k.pem"}
HOSTS = ["fd://", "tcp://0.0.0.0:2376"]
CASES = (
    Case("daemon", "pass", "the local socket only"),
    Case(
        "daemon",
        "fail",
        "open",
        {
            ("info", "Warnings"): [OPEN % "0.0.0.0:2375"],
            "listeners": [ANY_2375],
        },
        "http://0.0.0.0:2375 without encryption",
    ),
    Case(
        "daemon",
        "fail",
        "open on loopback",
        {
            ("info", "Warnings"): [OPEN % "127.0.0.1:2375"],
            "listeners": [LOOPBACK_2375],
        },
        "127.0.0.1 port 2375",
    ),
    Case(
        "daemon",
        "fail",
        "the TLS port, no client asked for a certificate",
        {
            ("info", "Warnings"): [UNVERIFIED % "0.0.0.0:2376"],
            "listeners": [("00000000", 2376)],
        },
        "without TLS client verification",
    ),
    Case(
        "daemon",
        "fail",
        "file cleaned, daemon not restarted",
        {
            ("info", "Warnings"): [OPEN % "0.0.0.0:2375"],
            "listeners": [ANY_2375],
            "running": CHANGED,
        },
    ),
    Case(
        "daemon",
        "pass",
        "in the file, daemon not restarted",
        {
            ("configured", "hosts"): ["tcp://0.0.0.0:2375"],
            "running": CHANGED,
        },
        "no TCP port",
    ),
    Case(
        "daemon",
        "pass",
        "clients verified",
        {
            "listeners": [("00000000", 2376)],
            "configured": dict(TLS, hosts=HOSTS),
            "running": dict(TLS, hosts=HOSTS),
        },
        "port 2376",
    ),
    Case(
        "daemon",
        "unknown",
        "clients verified, in force, but for which authority?",
        {
            "listeners": [("00000000", 2376)],
            "running": {"hosts": HOSTS, "tlsverify": True},
        },
        "every public authority",
    ),
    Case(
        "daemon",
        "fail",
        "docker.socket listens on TCP: docker info says nothing of it",
        {
            "listeners": [ANY_2375],
            "inherited": [ANY_2375],
        },
        "0.0.0.0 port 2375, without TLS",
    ),
    Case(
        "daemon",
        "pass",
        "docker.socket listens on TCP, clients verified",
        {
            "listeners": [ANY_2375],
            "inherited": [ANY_2375],
            "running": dict(TLS, hosts=["fd://"]),
        },
    ),
    Case(
        "daemon",
        "unknown",
        "docker.socket listens on TCP, TLS can't be told",
        {
            "listeners": [ANY_2375],
            "inherited": [ANY_2375],
            "running": CHANGED,
        },
        "changed after",
    ),
    Case(
        "daemon",
        "unknown",
        "docker.socket listens on TCP, for clients of which authority?",
        {
            "listeners": [ANY_2375],
            "inherited": [ANY_2375],
            "running": {"hosts": ["fd://"], "tlsverify": True},
        },
        "tlscacert",
    ),
    Case(
        "daemon",
        "pass",
        "published ports that dockerd keeps where the userland proxy is off",
        {
            "listeners": [("00000000", 8080), ANY6_8080, ANY_2375],
            "running": CHANGED,
        },
        ":: port 8080",
    ),
    Case(
        "daemon",
        "pass",
        "a swarm's ports have mutual TLS of their own",
        {
            ("info", "Swarm"): {"LocalNodeState": "active"},
            "listeners": [("0" * 32, 2377), ("0" * 32, 7946)],
        },
    ),
    Case(
        "daemon",
        "pass",
        "metrics are no API",
        {
            ("running", "metrics-addr"): "0.0.0.0:9323",
            "listeners": [("00000000", 9323)],
        },
    ),
    Case(
        "daemon",
        "fail",
        "stopped, and open at the next start",
        {
            "info": Unreadable("inactive"),
            "listeners": Unreadable("inactive"),
            "inherited": Unreadable("inactive"),
            ("configured", "hosts"): ["0.0.0.0:2375"],
        },
        "0.0.0.0:2375 without TLS",
    ),
    Case(
        "daemon",
        "fail",
        "TLS without a host means tcp://localhost:2376",
        {
            "info": GONE,
            "listeners": GONE,
            "inherited": GONE,
            "configured": {"tlsverify": False},
        },
        "localhost:2376 with TLS that asks for no client certificate",
    ),
    Case(
        "daemon",
        "unknown",
        "verified, but for which authority?",
        {
            "info": GONE,
            "listeners": GONE,
            "inherited": GONE,
            "configured": {"hosts": ["tcp://0.0.0.0:2376"], "tls": True, "tlsverify": True},
        },
        "no tlscacert",
    ),
    Case(
        "daemon",
        "pass",
        "a lone daemon.json without hosts",
        {
            "info": GONE,
            "listeners": GONE,
            "inherited": GONE,
            "configured": {"tls": False},
        },
    ),
    Case("daemon", "unknown", "not root", {"listeners": Unreadable("only root may look")}, "only root"),
    Case(
        "daemon",
        "unknown",
        "a remote engine, whose systemd can't be seen",
        {
            "state": "remote",
            "listeners": GONE,
            "inherited": GONE,
            "running": GONE,
            "configured": GONE,
        },
        "systemd",
    ),
    Case(
        "daemon",
        "unknown",
        "the daemon hangs and listens",
        {
            "info": Unreadable("no answer within 5 s"),
            "listeners": [ANY_2375],
        },
        "no answer",
    ),
)
