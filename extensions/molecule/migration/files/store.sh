#!/usr/bin/env bash
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A container on an engine whose images are in containerd's store: `begin` makes it, where the engine is 28 or newer (build.sh takes
# it away again), and both `begin` and `look` print all that a refused migration must not change.
set -eu
version=$(docker version --format '{{.Server.Version}}')
[ "${version%%.*}" -ge 28 ] || exit 0
if [ "$1" = begin ]; then
    printf '{"features": {"containerd-snapshotter": true}}\n' >/etc/docker/daemon.json
    systemctl restart docker.service
    docker import /opt/lab/busybox.tar busybox >/dev/null
    docker rm --force stored >/dev/null 2>&1 || true
    docker run --detach --name stored busybox sh -c 'trap exit TERM; sleep 1d & wait' >/dev/null
fi
docker info --format '{{.DriverStatus}} {{.DockerRootDir}} {{.SecurityOptions}}'
docker inspect --format '{{.Id}} {{.State.Pid}} {{.State.StartedAt}}' stored
cat /etc/docker/daemon.json
ls /var/lib/docker
ls /var/lib/containment.docker 2>/dev/null || true
