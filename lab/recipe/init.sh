#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The first process of a lab host: init v1|v2. Gives systemd a cgroup tree of its own, then becomes it.
set -eu

if [ "$1" = v1 ]; then
    # the engine mounts the hierarchies read-only; this mount namespace is the host's own
    while read -r _ _ _ _ point _; do
        case $point in
        /sys/fs/cgroup | /sys/fs/cgroup/*) mount -o remount,bind,rw "$point" ;;
        esac
    done </proc/self/mountinfo
else
    umount -R /sys/fs/cgroup
    mount -t cgroup2 -o rw,nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
fi

# These belong to the machine. systemd raises fs.file-max when it starts, units may write others: closed while the
# host boots, opened by lab-unseal.service before the engine starts (which needs an unmasked /proc for remapping).
for folder in kernel vm fs; do
    mount --bind "/proc/sys/$folder" "/proc/sys/$folder"
    mount -o remount,bind,ro "/proc/sys/$folder"
done

exec /lib/systemd/systemd
