# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes by which a container has something of the host mounted: as asked for, as the engine or the kernel shows it."""

from ansible_collections.containment.docker.plugins.module_utils.linux.mount_table import host_mounts
from ansible_collections.containment.docker.plugins.module_utils.linux.places import NotLooked
from ansible_collections.containment.docker.plugins.module_utils.linux.procfs import parse_mountinfo

from .subjects import GONE, HOST_MOUNTINFO, MOUNTINFO, places_at

HOST = ("inspect", "HostConfig")
MOUNTS = ("inspect", "Mounts")
STOPPED = {"mounts": GONE, "processes": GONE}
VOLUMES_FROM_REQUESTED = {HOST + ("VolumesFrom",): ["other"], MOUNTS: GONE, **STOPPED}


def binds(*texts):
    """By --volume."""
    return {HOST + ("Binds",): list(texts), **STOPPED}


def mounts(*entries):
    """By --mount."""
    return {HOST + ("Mounts",): list(entries), **STOPPED}


def volume(target="/x", **options):
    """A volume made with the container, by the options of its driver."""
    return mounts({"Type": "volume", "Target": target, "VolumeOptions": {"DriverConfig": {"Options": options}}})


def engine_mounts(kind, source, **more):
    """As the engine shows it."""
    entry = {"Type": kind, "Source": source, "Destination": "/x", "RW": True, "Propagation": "rprivate"}
    return {MOUNTS: [dict(entry, **more)], **STOPPED}


def mounted(*lines):
    """The kernel alone shows these: a link of the host's, a volume from before, a hook's mount."""
    return {"mounts": parse_mountinfo(MOUNTINFO + b"".join(line + b"\n" for line in lines))}


def at(path, place):
    """The host has this at the path."""
    return {("host", "place_at"): places_at({path: place})}


def not_looked(changes):
    """Nothing of the host can be looked at."""

    def place_at(path):
        raise NotLooked("%s is on a network's filesystem" % path)

    return {("host", "place_at"): place_at, **changes}


def host_has(*lines):
    """The host has these mounts, too."""
    return {("host", "mounts"): host_mounts(parse_mountinfo(HOST_MOUNTINFO + b"".join(line + b"\n" for line in lines)))}
