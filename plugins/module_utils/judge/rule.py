# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rule is, and how one layer is asked. Pure: no I/O."""

from typing import (
    AbstractSet,
    Any,
    Callable,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Absent, Evidence, Unreadable
from ansible_collections.containment.docker.plugins.module_utils.docker_api.cli_change import RunChange

# Weakest first. The strongest layer that has evidence decides.
LAYERS = ("configured", "effective", "kernel")
SEVERITIES = ("low", "medium", "high", "critical")
KINDS = ("host", "daemon", "container")
STATUSES = ("fail", "unknown", "waived", "pass", "not_applicable")
# Remedy.module
KERNEL_FILESYSTEMS, SELINUX, UPDATE = "kernel_filesystems", "selinux", "update"
RESTART_DAEMON = "restart_daemon"  # of daemon_transaction, where a start alone cures
UNLISTED = "*"  # stands for the containers where they can't be listed
# What a mistake of ours in a rule raises. The unit tests empty it, so that there a mistake is an error.
MISTAKES: Tuple[Type[Exception], ...] = (LookupError, TypeError, ValueError, AttributeError)
# Rule.frozen -> what cures a container
CURES = {"create": "recreate", "start": "restart", "never": "update"}


class Verdict(NamedTuple):
    """What one layer says: ok is True, False or None (unknown); seen quotes the evidence."""

    ok: Optional[bool]
    seen: str


class Remedy(NamedTuple):
    """What cures a failing subject on the spot. module: which of the collection's, "update" for container_remedy's.

    option: the variable docker_remediation_<option> that gives the value of an update; without: what is to say where the
    site gives none.
    """

    module: str
    option: str = ""
    without: str = ""


Answer = TypeVar("Answer")
Predicate = Callable[[Evidence], Optional[Verdict]]


class Rule(NamedTuple):
    """One thing that must hold on a Docker host.

    host, daemon, container: for each kind of subject a predicate for each layer it can be seen in. A predicate
        takes the subject's Evidence and returns a Verdict, or None where its layer has nothing to say.
    weakness: for each of these kinds what is wrong where it fails, in plain words; a clause that can follow "because".
    reads: the keys of the evidence that its functions read, by the names of judge/evidence_keys.py.
    settings: the daemon.json keys, with values, that make the rule hold.
    obstacle: takes the daemon's Evidence, returns what the engine does not start with beside `settings`, and what to do about it,
        in a sentence; None where nothing is in the way.
    inapplicable: takes any Evidence, returns why the rule can't apply on this host, or None.
    frozen: when a container takes it over, and so what cures one that has it otherwise: "create" (recreate it),
        "start" (restart it, unless its own configuration is at fault) or "never" (update it while it runs).
    remedy: what cures it on the spot, besides the settings; on a rule about host and containers only for the one of both
        that the module is for: kernel_filesystems for containers, selinux for the host.
    judges_mounts: whether the kernel layer judges the mounts of a container as they are now, which it may change.
    next_start: whether the effective layer of a container is what the daemon will give it at its next start.
    references: benchmark -> ids there.
    run: takes a failing container's Evidence, returns what has to change in how it is run: nothing where a new
        container, or a restart of this one, is all that it needs. Without one, that is always so.
    explains: fields of HostConfig. A container whose finding by another rule asks for a change of these alone has the
        cause of it in this rule's failing finding: the same container's that asks for these changes, too, or, of a rule
        about the daemon alone, the daemon's.
    mounts_at_fault: takes a failing container's Evidence, returns where the container has the mounts that make it fail, as
        rules.shared.mounts.blamed; nothing where something else does, too.
    caused_by: takes a failing container's Evidence, returns (rule, "host" or "daemon") of the finding that is the cause of
        it where that one fails, too, or None.
    """

    id: str
    title: str
    severity: str
    rationale: str
    remediation: str
    references: Mapping[str, Tuple[str, ...]]
    weakness: Mapping[str, str] = {}
    reads: Tuple[str, ...] = ()
    host: Mapping[str, Predicate] = {}
    daemon: Mapping[str, Predicate] = {}
    container: Mapping[str, Predicate] = {}
    settings: Mapping[str, Any] = {}
    obstacle: Optional[Callable[[Evidence], Optional[str]]] = None
    inapplicable: Optional[Callable[[Evidence], Optional[str]]] = None
    frozen: str = "create"
    run: Optional[Callable[[Evidence], Sequence[RunChange]]] = None
    explains: Tuple[str, ...] = ()
    mounts_at_fault: Optional[Callable[[Evidence], AbstractSet[str]]] = None
    caused_by: Optional[Callable[[Evidence], Optional[Tuple[str, str]]]] = None
    remedy: Optional[Remedy] = None
    judges_mounts: bool = False
    next_start: bool = False


def ask(predicate: Callable[[Evidence], Optional[Answer]], evidence: Evidence) -> Union[Answer, Verdict, None]:
    """One layer's verdict. Evidence that can't be read is unknown, and so is what a mistake of ours can't judge.

    Shapes that no engine gives are refused by the collectors (docker_api/shape.py), and reach no predicate.
    """
    try:
        return predicate(evidence)
    except Absent:
        return None
    except Unreadable as reason:
        return Verdict(None, str(reason))
    except MISTAKES as error:
        mistake = f"{type(error).__name__}: {error}"
        return Verdict(None, f"this rule could not judge the evidence ({mistake}): please report this mistake of ours")


def readable(look: Callable[[Evidence], Iterable[Any]], evidence: Evidence) -> List[Any]:
    """What a look at the evidence finds; nothing where there is no such evidence, or it can't be read."""
    try:
        return list(look(evidence))
    except (Absent, Unreadable):
        return []
