# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inspects and facts that tests change one thing of."""

import copy

from ansible_collections.containment.docker.plugins.module_utils.migration.id_map import IdMap
from ansible_collections.containment.docker.plugins.module_utils.migration.images import Image
from ansible_collections.containment.docker.plugins.module_utils.migration.model import Facts, Layer, Volume
from ansible_collections.containment.docker.plugins.module_utils.migration.tree import Survey

IDS = IdMap(100000, 65536, 100000, 65536)
ROOT = "/var/lib/docker"


def identity(name):
    """A container id that goes with a name."""
    return name.encode().hex().ljust(64, "0")


def inspect(name="web", **changes):
    """GET /containers/<id>/json of a container. changes: keys of HostConfig, or of the top, Config and State where they exist there."""
    result = {
        "Id": identity(name),
        "Name": "/" + name,
        "Image": "sha256:aa",
        "State": {"Running": True, "Pid": 1, "ExitCode": 0, "Restarting": False},
        "Config": {"Image": "app:1", "Hostname": identity(name)[:12], "Env": ["A=1"], "Labels": {}, "Cmd": ["run"]},
        "HostConfig": {
            "NetworkMode": "default",
            "IpcMode": "private",
            "PidMode": "",
            "Binds": None,
            "VolumesFrom": None,
            "Links": None,
            "Privileged": False,
            "UsernsMode": "",
            "AutoRemove": False,
            "Umask": None,
        },
        "NetworkSettings": {"Networks": {"bridge": {"NetworkID": "n0", "IPAMConfig": None, "Aliases": None}}},
        "Mounts": [],
        "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": f"{ROOT}/overlay2/{name}/diff"}},
    }
    result = copy.deepcopy(result)
    for key, value in changes.items():
        place = next((result[part] for part in ("Config", "State", "HostConfig") if key in result[part]), result)
        if key == "Image":
            place = result
        place[key] = value
    return result


def volume(name="data", **changes):
    """A volume with content."""
    survey = Survey(3, 4096, (), 0, 0)._replace(
        **{key: changes.pop(key) for key in list(changes) if key in Survey._fields}
    )
    item = dict(
        {"Name": name, "Driver": "local", "Mountpoint": f"{ROOT}/volumes/{name}/_data", "Options": None}, **changes
    )
    return Volume(item, survey)


def facts(**changes):
    """A host with one container, one image, one volume, one network; nothing is against its migration."""
    containers = changes.pop("containers", [inspect()])
    return Facts(
        info={"Driver": "overlay2", "Swarm": {"LocalNodeState": "inactive"}},
        ids=IDS,
        root=ROOT,
        new_root=f"{ROOT}/{IDS.directory}",
        containers=containers,
        images=[Image("sha256:aa", ("app:1",), (), 1000)],
        volumes=[volume()],
        networks=[{"Name": "bridge", "Scope": "local"}, {"Name": "back", "Scope": "local", "Driver": "bridge"}],
        layers={
            item["Id"]: Layer(item["GraphDriver"]["Data"]["UpperDir"], Survey(1, 100, (), 0, 0)) for item in containers
        },
        taken={},
        free=10**9,
        plugins=(),
        can_update=True,
    )._replace(**changes)
