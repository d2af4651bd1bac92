# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether the policy lets a process use a unix socket: a question about who serves it, not about its file. Pure.

Writing to the socket's file (`sock_file`) is needed as well; `mount_access` asks for that.
"""

from typing import Callable, Iterable, NamedTuple, Optional, Tuple

from ansible_collections.containment.docker.plugins.module_utils.selinux import access, types
from ansible_collections.containment.docker.plugins.module_utils.selinux.listeners import Listener

# class of the socket that is served -> what using it needs (linux: security/selinux/hooks.c)
NEEDS = {"unix_stream_socket": "connectto", "unix_dgram_socket": "sendto"}
NOBODY = "who listens on it can't be seen, and that decides whether the container may connect"


class Connection(NamedTuple):
    """What the policy says of a connection.

    denied: permissions, () where it is allowed, None where that is not known and reason says why; silent: the denied
    that a dontaudit rule keeps out of the log, as "unix_stream_socket connectto"; label: of who serves the socket, ""
    where that is nobody or several.
    """

    denied: Optional[Tuple[str, ...]]
    reason: str = ""
    silent: Tuple[str, ...] = ()
    label: str = ""


def decide(process_label: str, listeners: Iterable[Listener], ask: Callable[..., access.Decision]) -> Connection:
    """Ask the policy for all who serve the socket. ask: as access.decide."""
    servers = sorted(listeners)
    if not servers:
        return Connection(None, NOBODY)
    connections = [_decide_one(process_label, listener, ask) for listener in servers]
    if len({bool(connection.denied) for connection in connections}) > 1:
        names = ", ".join(sorted({types.type_of(listener.label) for listener in servers})[:5])
        return Connection(None, f"several programs serve it ({names}), and the policy lets it connect to some of them")
    unknown = [connection for connection in connections if connection.denied is None]
    chosen = (unknown or connections)[0]
    return chosen if len({listener.label for listener in servers}) == 1 else chosen._replace(label="")


def _decide_one(process_label: str, listener: Listener, ask: Callable[..., access.Decision]) -> Connection:
    needed = NEEDS[listener.tclass]
    try:
        decision = ask(process_label, listener.label, listener.tclass, (needed,))
    except access.Unanswered as reason:
        return Connection(None, str(reason), label=listener.label)
    silent = tuple(f"{listener.tclass} {name}" for name in decision.silent)
    return Connection(decision.denied, "", silent, listener.label)
