#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs in fresh network and mount namespaces and becomes the lab's dockerd: engine.sh DATA RUN CONFIG CGROUP
set -eu
data=$1 run=$2 config=$3 cgroup=$4

ip link set lo up

# dockerd would use the containerd of another engine if it found its socket, and keeps a key in /etc/docker.
for folder in /run/containerd /etc/docker; do
    mkdir -p "$folder"
    mount -t tmpfs -o mode=0700 tmpfs "$folder"
done

exec dockerd \
    --config-file "$config" \
    --host "unix://$run/docker.sock" \
    --data-root "$data/engine" \
    --exec-root "$run/exec" \
    --pidfile "$run/dockerd.pid" \
    --exec-opt native.cgroupdriver=cgroupfs \
    --cgroup-parent "$cgroup" \
    --bip 172.31.255.1/24 \
    --userland-proxy=false
