# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print a seccomp profile: as runc got it for the container whose first process is argv[1], and AF_ALG stopped by the argument.

So does Docker's own from 29.4.2 on.
"""

import json
import sys

AF_ALG, AF_VSOCK = 38, 40

with open("/proc/%s/stat" % sys.argv[1]) as stream:
    shim = stream.read().rpartition(")")[2].split()[1]
with open("/proc/%s/cwd/config.json" % shim) as stream:
    profile = json.load(stream)["linux"]["seccomp"]
rules = []
for rule in profile["syscalls"]:
    names = [name for name in rule["names"] if name not in ("socket", "socketcall")]
    if names:
        rules.append(dict(rule, names=names))
for value, operator in ((AF_ALG, "SCMP_CMP_LT"), (AF_ALG + 1, "SCMP_CMP_EQ"), (AF_VSOCK, "SCMP_CMP_GT")):
    argument = {"index": 0, "value": value, "valueTwo": 0, "op": operator}
    rules.append({"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [argument]})
print(json.dumps(dict(profile, syscalls=rules)))
