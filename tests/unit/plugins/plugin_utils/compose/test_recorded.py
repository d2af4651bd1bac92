# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What judge_compose makes of a service is what a real compose asked a real engine for.

recorded.json, by record.py: of documents/*.yaml, in /srv/compose/project, by docker compose 2.40.3 and Docker 26.1.5 on control groups v1.
`docker compose create` with the variables below and HOME=/root; of each container's inspect the user and what rules judge.
"""

import json
from pathlib import Path

import pytest

from ansible_collections.containment.docker.plugins.plugin_utils.compose import document as documents
from ansible_collections.containment.docker.plugins.plugin_utils.compose.place import Place
from ansible_collections.containment.docker.plugins.plugin_utils.compose.service import create_request
from ansible_collections.containment.docker.plugins.plugin_utils.compose.yaml_text import load

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded.json").read_text(encoding="utf-8"))
VARIABLES = {"UID_SET": "1001", "EMPTY": "", "TRUTH": "true", "CAP": "SYS_NICE", "SOURCE": "/srv", "HOME": "/root"}
PROJECT = "/srv/compose/project"
FILES = {
    str(path.relative_to(HERE / "documents")): load(path.read_text(encoding="utf-8"))
    for path in (HERE / "documents").rglob("*.yaml*")  # .txt: yamllint does not know the tags of compose
}
COMPOSE_FILES = {"tags": ["tags.yaml", "tags-override.yaml.txt"]}
CASES = [(name, service) for name, services in RECORDED.items() for service in services]
# What the engine or the network adds where compose asks for nothing.
BY_DEFAULT = {
    "CgroupnsMode": "host",
    "IpcMode": "private",
    "LogConfig": {"Type": "json-file", "Config": {}},
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "Runtime": "runc",
}


def requests(name):
    """{service: its create request} of a document and what it includes."""
    files = [FILES[path] for path in COMPOSE_FILES.get(name, [f"{name}.yaml"])]
    return {
        service: create_request(documents.extended(service, part, FILES), part.document, part.place)
        for part in documents.list_parts(documents.load(files), FILES, Place(VARIABLES, PROJECT))
        for service in documents.services(part.document)
    }


def mounted(config, volumes):
    """{target: (source, read-only, options that rules read)} of a HostConfig; a volume's source is its driver's options."""
    mounts = {}
    for bind in config.get("Binds") or ():
        source, target, options = (bind.split(":", 2) + [""])[:3]
        words = set(options.split(",")) - {"", "rw"}
        mounts[target] = (volumes.get(source, source), "ro" in words, frozenset(words - {"ro"}))
    for mount in config.get("Mounts") or ():
        propagation = (mount.get("BindOptions") or {}).get("Propagation")
        source = mount.get("Source") or ""
        driver_options = ((mount.get("VolumeOptions") or {}).get("DriverConfig") or {}).get("Options")
        source = f"volume of {driver_options}" if driver_options else volumes.get(source, source)
        if source or mount["Type"] == "tmpfs":
            options = frozenset([propagation]) if propagation else frozenset()
            mounts[mount["Target"]] = (source or "tmpfs", bool(mount.get("ReadOnly")), options)
    return mounts


def comparable(request, volumes):
    """What has to be equal, in one form."""
    config = request.get("HostConfig", request)
    result = {key: value for key, value in config.items() if value not in (None, "", 0, False, {})}
    for key in ("CapAdd", "CapDrop"):
        result[key] = sorted(name.replace("CAP_", "") for name in config.get(key) or ())
    # the engine adds it to a privileged container's, and to one with the host's pid or ipc
    result["SecurityOpt"] = [option for option in config.get("SecurityOpt") or () if option != "label=disable"]
    result["VolumesFrom"] = [name.partition(":")[0] for name in config.get("VolumesFrom") or ()]
    if config.get("PidsLimit") == -1:
        result.pop("PidsLimit")
    if (result.get("LogConfig") or {}).get("Type") == "":
        result["LogConfig"] = dict(result["LogConfig"], Type="json-file")
    result.update(User=request.get("User") or "", mounted=mounted(config, volumes))
    for key, value in BY_DEFAULT.items():
        result.setdefault(key, value)
    for key in ("Binds", "Mounts"):
        result.pop(key, None)
    if str(result.get("NetworkMode", "")).endswith("_default"):
        result.pop("NetworkMode")
    return result


OPTIONS = "volume of {'type': 'none', 'o': 'bind', 'device': '/srv'}"
OF_COMPOSE = {"fields_data": "data", "real-name": "named", "fields_lab": OPTIONS, "include_vol": OPTIONS}


@pytest.mark.parametrize("name, service", CASES)
def test_request_is_the_one_that_compose_made(name, service):
    recorded = RECORDED[name][service]
    request = requests(name)[service]
    if service == "profile":  # compose reads the file; what it says only its reader knows
        request["HostConfig"]["SecurityOpt"] = recorded["SecurityOpt"]
    assert comparable(request, {}) == comparable(recorded, OF_COMPOSE)


@pytest.mark.parametrize("name", RECORDED)
def test_services_are_those_that_compose_made(name):
    profiles = ["debug"] if name == "profiles" else []
    files = [FILES[path] for path in COMPOSE_FILES.get(name, [f"{name}.yaml"])]
    services = {
        service
        for part in documents.list_parts(documents.load(files), FILES, Place(VARIABLES, PROJECT))
        for service, data in documents.services(part.document).items()
        if documents.is_active(data, profiles)
    }
    assert services == set(RECORDED[name])
