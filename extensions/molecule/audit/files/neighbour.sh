#!/usr/bin/env bash
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# A neighbour of this host, as a network namespace, tries ports of a container that publishes one on loopback alone. Prints a line for each:
# "unpublished no", "address connected" (the published port at the container's own address), "loopback connected" (at 127.0.0.1 of this host).
set -eu
docker run --detach --name loopback-only --publish 127.0.0.1:8097:81 busybox sh -c 'httpd -p 80 -h /tmp; httpd -p 81 -h /tmp; sleep 1d' >/dev/null
address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' loopback-only)
ip netns add neighbour
ip link add neighbour0 type veth peer name neighbour1 netns neighbour
ip addr add 198.51.100.1/24 dev neighbour0
ip link set neighbour0 up
ip netns exec neighbour sh -c '
    ip addr add 198.51.100.2/24 dev neighbour1 && ip link set neighbour1 up && ip link set lo up && ip route add default via 198.51.100.1
    echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1 via 198.51.100.1'
sleep 1
while read -r name to port; do
    ip netns exec neighbour python3 -c '
import socket, sys
try:
    socket.create_connection((sys.argv[2], int(sys.argv[3])), 2).close()
    print(sys.argv[1], "connected")
except OSError:
    print(sys.argv[1], "no")' "$name" "$to" "$port"
done <<END
unpublished $address 80
address $address 81
loopback 127.0.0.1 8097
END
ip netns del neighbour
