# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change of daemon.json takes to come into force, and why it may have to be refused. Pure: no I/O."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.containment.docker.plugins.module_utils import dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.daemon_settings import BY_NAME, FEATURES_BY_RELOAD, RELOAD
from ansible_collections.containment.docker.plugins.module_utils.effects import BRIDGE_KEYS, shown
from ansible_collections.containment.docker.plugins.module_utils.json_edit import same
from ansible_collections.containment.docker.plugins.module_utils.running_containers import Container

NONE, RELOADED, RESTARTED = "none", "reload", "restart"
# With these the engine comes back in another place: what it had seems to vanish.
NEW_DATA_ROOT = ("userns-remap", "data-root", "graph", "storage-driver", "features.containerd-snapshotter")
# With these it can't find the processes of running containers again, even with live-restore.
ORPHANING = NEW_DATA_ROOT + ("exec-root", "containerd", "containerd-namespace")
# A reload sets them back to their defaults unless they stand in the file (moby: daemon/reload.go).
RESET_BY_RELOAD = tuple(name for name in BY_NAME if BY_NAME[name].reset)


class Stock(NamedTuple):
    """What the engine holds: running containers, and how many containers, images and volumes in all."""

    running: Tuple[Container, ...] = ()
    containers: int = 0
    images: int = 0
    volumes: int = 0


class Situation(NamedTuple):
    """The evidence for a plan.

    before, after: daemon.json as it is and as it shall be
    wanted: the top-level keys that the caller names
    running: the settings in force, None where that can't be proven
    next: the settings of the next start with `after`
    running_flags: settings given by flags of the running dockerd; next_flags: the Flags of its next start
    info, bridge: the engine's answers (bridge: None without a default bridge)
    accept: whether the caller accepts a new data root
    unready: why the host can't remap users; looked at only where that is wanted
    waiting: default-bridge settings that this dockerd is recorded not to have applied, as containers ran
    remapped: the ends that a data root has with the wanted userns-remap, as "100000.100000"
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    wanted: Sequence[str]
    running: Optional[Mapping[str, Any]]
    next: Mapping[str, Any]
    running_flags: Mapping[str, Any]
    next_flags: dockerd_flags.Flags
    info: Mapping[str, Any]
    bridge: Optional[Mapping[str, Any]]
    stock: Stock
    accept: bool = False
    unready: Sequence[str] = ()
    remapped: Sequence[str] = ()
    waiting: Sequence[str] = ()
    unit: str = "docker.service"


class Plan(NamedTuple):
    """activation: none, reload or restart. keys: what is not in force yet. new_root: those among them that move the data
    root. stop: containers to stop first, in order. keep: those that must survive. live_restore_first: turn it on by reload
    before anything that could end them. pending: keys that come into force only when no container runs. refusal: why not, or "".
    """

    activation: str
    keys: Tuple[str, ...] = ()
    new_root: Tuple[str, ...] = ()
    stop: Tuple[Container, ...] = ()
    keep: Tuple[Container, ...] = ()
    live_restore_first: bool = False
    pending: Tuple[str, ...] = ()
    refusal: str = ""


def plan(situation):
    # type: (Situation) -> Plan
    """The Plan for a daemon that runs."""
    refusal = cannot_start(situation.after, situation.next, situation.next_flags, situation.unready, situation.unit)
    if refusal:
        return Plan(NONE, refusal=refusal)
    keys, pending = _not_in_force(situation)
    activation = _activation(keys, situation)
    new_root = tuple(key for key in NEW_DATA_ROOT if _moved(key, keys, situation))
    orphaning = tuple(key for key in ORPHANING if _moved(key, keys, situation))
    running = situation.stock.running
    restarts = activation == RESTARTED
    stops = restarts and bool(orphaning)
    made = Plan(
        activation=activation,
        keys=tuple(keys),
        new_root=new_root,
        stop=running if stops else (),
        keep=() if stops or activation == NONE else running,
        live_restore_first=(not stops and bool(running) and not situation.info["LiveRestoreEnabled"]
                            and (restarts or _may_end_dockerd(activation, keys, situation))),
        pending=tuple(pending) + (tuple(key for key in keys if key in BRIDGE_KEYS) if running and not stops else ()),
    )
    return made._replace(refusal=_refusal(made, orphaning, situation))


def cannot_start(after, following, flags, unready, unit):
    # type: (Mapping[str, Any], Mapping[str, Any], dockerd_flags.Flags, Sequence[str], str) -> str
    """Why dockerd would not start with this file, whether it runs now or not; "" if nothing is known against it."""
    if flags.problems:
        return "the command line of %s is not understood: %s" % (unit, flags.problems[0])
    twice = dockerd_flags.conflicts(after, flags)
    if twice:
        return "%s stands both in the file and as a flag of %s, and dockerd does not start with both" % (
            ", ".join(twice), unit)
    if following.get("userns-remap"):
        if (following.get("features") or {}).get("containerd-snapshotter") is True:
            return "dockerd does not start with userns-remap and the feature containerd-snapshotter together"
        if unready:
            return unready[0]
    return ""


def _not_in_force(situation):
    """(keys to activate, keys that wait for the last container to end) among the wanted ones."""
    keys, pending = [], []
    for key in situation.wanted:
        target = situation.next.get(key)
        says = _says(key, target, situation)
        if situation.running is None:
            differs = says is not True and not _absent_for_long(key, situation)
        else:
            differs = not same(situation.running.get(key), target) and says is not True
        if differs:
            keys.append(key)
        elif says is False:
            (pending if key in BRIDGE_KEYS and situation.stock.running else keys).append(key)
    return keys, pending


def _says(key, target, situation):
    if key == "userns-remap" and target and situation.remapped:
        return situation.info["DockerRootDir"].rpartition("/")[2] in situation.remapped
    says = shown(key, target, situation.info, situation.bridge)
    return False if says is None and key in situation.waiting else says


def _absent_for_long(key, situation):
    """Nothing is known about what is in force, but the caller wants the key gone and it is: leave the daemon alone."""
    return key not in situation.after and key not in situation.before


def _may_end_dockerd(activation, keys, situation):
    """A plugin that does not answer ends dockerd in a reload, and systemd starts it again at once: without live-restore
    that would end all containers."""
    return activation == RELOADED and "authorization-plugins" in keys and not _in_swarm(situation.info)


def _in_swarm(info):
    return ((info.get("Swarm") or {}).get("LocalNodeState") or "inactive") != "inactive"


def _activation(keys, situation):
    if not keys:
        return NONE
    if not all(_reloadable(key, situation) for key in keys):
        return RESTARTED
    lost = [key for key in RESET_BY_RELOAD if key in situation.running_flags and key != "authorization-plugins"]
    return RESTARTED if lost else RELOADED


def _reloadable(key, situation):
    setting = BY_NAME.get(key)
    if setting is None or setting.applies != RELOAD:
        return False
    if key == "features":
        return all(name in FEATURES_BY_RELOAD for name in _changed_features(situation))
    if setting.reset:
        return True
    # a key that is gone, or empty, keeps its old value in memory
    return key in situation.after and situation.after[key] != ""


def _changed_features(situation):
    now = (situation.before if situation.running is None else situation.running).get("features") or {}
    then = situation.next.get("features") or {}
    return [name for name in set(now) | set(then) if now.get(name) is not then.get(name)]


def _moved(key, keys, situation):
    if key == "features.containerd-snapshotter":
        return "features" in keys and "containerd-snapshotter" in _changed_features(situation)
    return key in keys


def _refusal(made, orphaning, situation):
    info, unit = situation.info, situation.unit
    in_swarm = _in_swarm(info)
    authorized = bool(situation.running_flags.get("authorization-plugins"))
    if in_swarm and situation.next.get("live-restore"):
        return "this node is in a swarm, and dockerd does not start with live-restore there"
    if made.activation == RELOADED and authorized:
        return "%s passes --authorization-plugin, which a reload would drop: the API would be open afterwards" % unit
    if made.activation != RESTARTED:
        return ""
    if made.new_root and in_swarm:
        return "%s moves the data root, and with it this node would lose its swarm: leave the swarm first" % _names(made.new_root)
    if orphaning and not situation.accept:
        return _vanishing(orphaning, made, situation.stock)
    if made.live_restore_first:
        return _no_live_restore(in_swarm, authorized, situation)
    return ""


def _vanishing(orphaning, made, stock):
    counts = [(len(stock.running), "running container"), (stock.containers - len(stock.running), "stopped container"),
              (stock.images, "image"), (stock.volumes, "volume")]
    counts = [_count(number, noun) for number, noun in (counts if made.new_root else counts[:1]) if number > 0]
    if not counts:
        return ""
    what = ("a new data root, where the engine no longer sees" if made.new_root
            else "a restart that can't keep")
    return "changing %s means %s %s; set accept_new_data_root to stop what runs and go on" % (
        _names(orphaning), what, " and ".join((", ".join(counts[:-1]), counts[-1]) if counts[1:] else counts))


def _count(number, noun):
    return "%d %s%s" % (number, noun, "" if number == 1 else "s")


def _no_live_restore(in_swarm, authorized, situation):
    if in_swarm:
        why = "this node is in a swarm, where live-restore can't be used: drain it first"
    elif authorized:
        why = "live-restore can't be turned on, as a reload drops the --authorization-plugin of %s" % situation.unit
    elif "live-restore" in situation.running_flags or "live-restore" in situation.next_flags.settings:
        why = "live-restore stands as a flag of %s and is off" % situation.unit
    else:
        return ""
    return "a restart of dockerd would stop %s, and %s" % (_count(len(situation.stock.running), "running container"), why)


def _names(keys):
    return " and ".join(keys)


def unproven(keys, settings, info, bridge, running):
    # type: (Sequence[str], Mapping[str, Any], Mapping[str, Any], Optional[Mapping[str, Any]], int) -> Tuple[List[str], List[str]]
    """(keys that the engine denies after its activation, keys that wait until none of `running` containers runs)."""
    denied = [key for key in keys if shown(key, settings.get(key), info, bridge) is False]
    pending = [key for key in denied if key in BRIDGE_KEYS and running]
    return [key for key in denied if key not in pending], pending
