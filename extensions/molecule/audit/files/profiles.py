# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write seccomp profiles into /srv: Docker's own, as runc got it for the container whose first process is argv[1]."""

import json
import os
import sys

FIFTEEN = (
    "add_key bpf delete_module finit_module init_module kexec_file_load kexec_load keyctl open_by_handle_at "
    "perf_event_open reboot request_key swapoff swapon userfaultfd"
).split()


def write(name, profile):
    """To /srv/NAME.json, at once: another container may be started with it meanwhile."""
    place = "/srv/%s.json" % name
    with open("%s.%d" % (place, os.getpid()), "w") as stream:
        json.dump(profile, stream)
    os.replace(stream.name, place)


with open("/proc/%s/stat" % sys.argv[1]) as stream:
    shim = stream.read().rpartition(")")[2].split()[1]
with open("/proc/%s/cwd/config.json" % shim) as stream:
    own = json.load(stream)["linux"]["seccomp"]
stops = {"names": FIFTEEN, "action": "SCMP_ACT_ERRNO"}
write("dockers", own)
write("fifteen", {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [stops]})
write("logs", {"defaultAction": "SCMP_ACT_LOG", "syscalls": [stops]})
for name, more in {
    "browser": {"names": ["clone", "setns", "unshare"]},
    "mounts": {"names": ["mount", "umount2"]},
    "keys": {"names": ["keyctl"], "action": "SCMP_ACT_LOG"},
    # stops new user namespaces and lets all others through
    "half-clone": {"names": ["clone"], "args": [{"index": 0, "value": 0x10000000, "op": "SCMP_CMP_MASKED_EQ"}]},
    "numa": {"names": ["mbind", "set_mempolicy"]},
}.items():
    write(name, dict(own, syscalls=own["syscalls"] + [dict({"action": "SCMP_ACT_ALLOW"}, **more)]))
