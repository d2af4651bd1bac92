#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs in the demo's host: some well and some badly contained containers, as their owners would start them.
set -eu
run() {
    name=$1
    shift
    docker run --detach --stop-timeout 1 --name "$name" "$@" busybox sleep 1d >/dev/null
}

docker import /opt/lab/busybox.tar busybox >/dev/null
run web --user 1000 --cap-drop ALL --security-opt no-new-privileges --read-only --restart on-failure:5 --memory 64m --pids-limit 50
run shop --user 1000 --restart unless-stopped --memory 64m
run legacy --restart always
run builder --restart unless-stopped --volume /var/run/docker.sock:/var/run/docker.sock
run agent --restart unless-stopped --user 1000 --cap-add SYS_ADMIN --security-opt systempaths=unconfined --volume /etc:/host/etc:ro
docker create --name spare busybox true >/dev/null
