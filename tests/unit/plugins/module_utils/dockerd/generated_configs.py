# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeded configurations for a differential run against `dockerd --validate`, and the comparison with what it said.

By hand, on a lab host of 26.1, 28.5 or 29 with extensions/molecule/truth/files/start_dockerd.py on it, from the repository's root:

    export PYTHONPATH=build/collections
    M=ansible_collections.containment.docker.tests.unit.plugins.module_utils.dockerd.generated_configs
    python3 -m $M cases 2000 >cases.json
    docker exec -i HOST python3 /srv/start_dockerd.py validate <cases.json >said.json
    python3 -m $M compare 28.5.2 cases.json said.json
"""

import json
import random
import sys

from ansible_collections.containment.docker.plugins.module_utils.dockerd import flags as dockerd_flags
from ansible_collections.containment.docker.plugins.module_utils.dockerd import start_checks, validate
from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import SETTINGS

SEED = 20261127
_SCALARS = {
    "bool": [True, False, True, "true", 1],
    "int": [0, 1, 3, 65535, -1, 70000, "3", 1.5, True],
    "string": ["", "x", "/srv/x", "no-such", "a b", "10.0.0.1", 5, True],
    "ip": ["10.0.0.1", "fd00::1", "", "10.0.0", "fe80::1%eth0", 7],
    "zoned ip": ["10.0.0.1", "fd00::1", "10.0.0", "fe80::1%eth0", 7],
    "size": ["64M", "0", "1g", "lots", 64],
    "any": [True, [], {}, "x"],
}
_KNOWN = {
    "log-level": ["debug", "info", "warn", "WARN", "loud"],
    "log-format": ["json", "text", "xml"],
    "default-ipc-mode": ["private", "shareable", "host"],
    "default-cgroupns-mode": ["private", "host", "x"],
    "labels": [["a=b"], ["a"], ["a=b", "a=c"], ["com.docker.x=1"]],
    "registry-mirrors": [["https://m.example"], ["m.example"], ["https://m.example?x"], ["http://u:p@m.example"]],
    "node-generic-resources": [["gpu=2"], ["gpu=a", "gpu=b"], ["gpu=a", "gpu=2"], ["gpu"], ["gpu=1", "gpu=2"]],
    "dns-search": [["example.org"], ["."], ["no spaces"], ["-x.org"], ["x_y.org"]],
    "fixed-cidr-v6": ["fd00:1::/64", "10.0.0.0/24", "fd00:1::1"],
    "userns-remap": ["no-such-user", "root", "x:y:z", "", "0:0"],
    "exec-opts": [["native.cgroupdriver=systemd"], ["no.such=1"], ["x"]],
    "hosts": [["unix:///srv/s"], ["tcp://127.0.0.1:2375"], ["http://x"], ["fd://"]],
    "runtimes": [
        {"mine": {"path": "runc"}},
        {"runc": {"path": "runc"}},
        {"mine": {"path": "runc", "args": []}},
        {"mine": 1},
    ],
    "bridge-accept-fwmark": [
        "1",
        "0x1/0xff",
        "010/2",
        "1/",
        "1_0",
        "0b11",
        "4294967296",
        "1/4294967295",
        "-1",
        "08",
        "+1",
    ],
    "firewall-backend": ["iptables", "nftables", "ufw"],
    "min-api-version": ["1.24", "1.44", "1.23", "x"],
    "nri-opts": [{"enable": True}, {"enabled": True}, {"Enable": True}, {"enable": "true"}, {"plugin-path": "/srv/x"}],
    "proxies": [{"http-proxy": "http://p"}, {"HTTP-proxy": "http://p"}, {"x": "y"}],
}
_FOREIGN = [
    ("no-such", 1),
    ("x", {"icc": False}),
    ("x", {"foo": 1}),
    ("Icc", True),
    ("log_driver", "none"),
    ("http-proxy", "x"),
]


# What differs on purpose: a word of either side's reason, and why.
DELIBERATE = {
    "cgroup v2": "asked of the host, which a comparison on another machine has not",
    "lookup for": "user_mapping asks the host for users",
    "must be address/prefix length": "--validate doesn't look; the default bridge can't be made so",
    '"runc": the name is reserved': "--validate takes it and the engine ignores it; to 22 no start",
    "this engine is": "dockerd ignores an empty object of a key that it doesn't know",
    '"deprecated-key-path" must be': "dockerd ignores the key, whatever its value",
    '"registry-mirrors" takes http': "26.1's --validate doesn't look; no engine starts so",
    "userland-proxy-path": "asked of the host for the file, which a comparison has not",
    '"allow-nondistributable-artifacts"': "28 ignores the key, whatever its value",
}


def _value(shape, pick):
    if isinstance(shape, list):
        return "x" if pick.random() < 0.1 else [_value(shape[0], pick) for _item in range(pick.randrange(3))]
    if isinstance(shape, dict):
        if pick.random() < 0.1:
            return "x"
        return {
            ("k" if key == "*" else key): _value(inner, pick) for key, inner in shape.items() if pick.random() < 0.5
        }
    return pick.choice(_SCALARS[shape])


def cases(count, seed=SEED):
    """Return {name: case} for start_dockerd.py; each has one to three keys, some of them wrong."""
    pick = random.Random(seed)
    result = {}
    while len(result) < count:
        config = {}
        for _key in range(pick.randrange(1, 4)):
            setting = pick.choice(SETTINGS)
            known = _KNOWN.get(setting.name)
            config[setting.name] = pick.choice(known) if known and pick.random() < 0.8 else _value(setting.shape, pick)
        if pick.random() < 0.1:
            config.update([pick.choice(_FOREIGN)])
        result[json.dumps(config)] = {"config": config, "flags": []}
    return result


def compare(version, configs, answers):
    """Return ({name: dockerd's reason} of what we take and dockerd refuses, {name: our reasons} the other way round).

    Without what is DELIBERATE.
    """
    taken, refused = {}, {}
    for name, case in configs.items():
        problems = validate.validate(case["config"], version)
        hard = [problem for problem in problems if not isinstance(problem, validate.Ignored)]
        flags = dockerd_flags.parse(())
        starts = hard or start_checks.problems(dockerd_flags.merged(case["config"], flags, {}), version)
        if any(word in "; ".join(hard or [answers[name] or ""]) for word in DELIBERATE):
            continue
        if answers[name] and not starts:
            taken[name] = answers[name]
        if not answers[name] and hard:
            refused[name] = hard
    return taken, refused


def _main(how, *arguments):
    if how == "cases":
        print(json.dumps(cases(int(arguments[0]))))
        return
    version, configs_path, answers_path = arguments
    for title, differences in zip(
        ("TAKEN", "REFUSED"), compare(version, json.load(open(configs_path)), json.load(open(answers_path)))
    ):
        for name, reason in differences.items():
            print(title, name, reason)


if __name__ == "__main__":
    _main(*sys.argv[1:])
