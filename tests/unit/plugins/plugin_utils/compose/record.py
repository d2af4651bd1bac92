# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record recorded.json anew: `python3 record.py FOLDER` in a lab host that has docker compose and an image `probe` with a command.

FOLDER: the documents, at /srv/compose/project there. Control groups v1, as only there the lab's engine keeps limits. What it
prints has one line for each service: the user, and of HostConfig what rules judge; ids are the names of services.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

FIELDS = """
    CapAdd CapDrop CgroupnsMode CgroupParent DeviceCgroupRules Devices DeviceRequests GroupAdd Init IpcMode LogConfig Memory NetworkMode
    PidMode PidsLimit Privileged ReadonlyRootfs RestartPolicy Runtime SecurityOpt Sysctls Tmpfs UsernsMode UTSMode VolumesFrom Binds Mounts
""".split()
EMPTIED = ("MaskedPaths", "ReadonlyPaths")  # by systempaths=unconfined
VARIABLES = {"UID_SET": "1001", "EMPTY": "", "TRUTH": "true", "CAP": "SYS_NICE", "SOURCE": "/srv", "HOME": "/root"}
PROJECTS = {
    "fields": ["-f", "fields.yaml"],
    "interpolation": ["-f", "interpolation.yaml"],
    "extends": ["-f", "extends.yaml"],
    "tags": ["-f", "tags.yaml", "-f", "tags-override.yaml.txt"],
    "include": ["-f", "include.yaml"],
    "profiles": ["-f", "profiles.yaml", "--profile", "debug"],
}


def run(*command):
    """What a command prints."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, **VARIABLES}).stdout.decode()


def create(arguments):
    """{service: inspect} of the containers that compose creates."""
    project = ["docker", "compose", *arguments]
    run(*project, "create")
    ids = run(*project, "ps", "--all", "--quiet").split()
    inspects = json.loads(run("docker", "inspect", *ids))
    run(*project, "down", "--volumes")
    return {inspect["Config"]["Labels"]["com.docker.compose.service"]: inspect for inspect in inspects}


def kept(inspect):
    """What is recorded of a container."""
    config = inspect["HostConfig"]
    fields = {name: config[name] for name in FIELDS if config.get(name) not in (None, [], {}, "", 0, False)}
    if "Binds" in fields:
        fields["Binds"].sort()  # compose's order is not the same each time
    if "Mounts" in fields:
        fields["Mounts"].sort(key=lambda mount: mount["Target"])
    fields.update({name: [] for name in EMPTIED if config.get(name) == []})
    return {"User": inspect["Config"]["User"], **fields}


def main():
    os.chdir(sys.argv[1])
    for name, text in {
        "filter.json": '{"defaultAction":"SCMP_ACT_ALLOW"}',
        "token": "",
        "site.conf": "",
        "/srv/key": "",
    }.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("sub/here").mkdir(exist_ok=True)
    projects = []
    for name, arguments in PROJECTS.items():
        inspects = create(arguments)
        rows = [f'  "{service}": {json.dumps(kept(inspects[service]))}' for service in sorted(inspects)]
        text = f'"{name}": {{\n' + ",\n".join(rows) + "\n}"
        for service, inspect in inspects.items():
            text = text.replace(inspect["Id"], service)
        projects.append(text)
    print("{\n" + ",\n".join(projects) + "\n}")


if __name__ == "__main__":
    main()
