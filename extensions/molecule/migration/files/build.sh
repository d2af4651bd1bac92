#!/usr/bin/env bash
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A host in use: images that share layers, awkward volumes, a project with a network and fixed addresses, a database that is written to.
set -eu
docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
docker volume ls --quiet | xargs --no-run-if-empty docker volume rm >/dev/null
docker network prune --force >/dev/null
systemctl stop docker.service docker.socket
rm -rf /etc/docker/daemon.json /var/lib/containment.docker /var/lib/docker/[0-9]*.[0-9]*
systemctl start docker.socket docker.service
docker image inspect busybox >/dev/null 2>&1 || docker import /opt/lab/busybox.tar busybox >/dev/null
image() {  # NAME: of what stands on standard input
    DOCKER_BUILDKIT=0 docker build --quiet --tag "$1" - >/dev/null 2>&1
}
printf 'FROM busybox\nRUN echo base >/base\nVOLUME /unnamed\nLABEL kept=yes\n' | image app:1
printf 'FROM app:1\nRUN echo more >/more\nUSER 7:7\nHEALTHCHECK --interval=1s CMD true\n' | image app:2
printf 'FROM busybox\nRUN echo unused >/unused\n' | image unused:1
programs() {  # DIRECTORY PROGRAM...: with their libraries, and a shell
    tar -C "$1" -xf /opt/lab/busybox.tar
    for program in "${@:2}"; do
        install -D "$(readlink -f "$program")" "$1$program"
        ldd "$(readlink -f "$program")" | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$1$library"; done
    done
}
root=$(mktemp -d)
mkdir -p "$root/data"
programs "$root" /usr/bin/redis-server /usr/bin/redis-cli
tar -C "$root" -c . | docker import - redis:lab >/dev/null
rm -r "$root"

docker network create --subnet 10.9.0.0/24 --gateway 10.9.0.1 --label com.docker.compose.project=shop --opt com.docker.network.driver.mtu=1400 shop_default >/dev/null
docker network create --internal back >/dev/null
docker volume create --label com.docker.compose.project=shop shop_data >/dev/null
docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m scratch >/dev/null
docker volume create awkward >/dev/null
python3 -I /srv/awkward.py "$(docker volume inspect --format '{{.Mountpoint}}' awkward)"

run="docker run --detach --stop-timeout 5"
$run --name db --network shop_default --ip 10.9.0.7 --network-alias database --restart unless-stopped --user 999:999 \
    --label com.docker.compose.project=shop --label com.docker.compose.service=db --volume shop_data:/data \
    redis:lab /usr/bin/redis-server --dir /data --appendonly yes --appendfsync always --protected-mode no >/dev/null 2>&1 || true
chown 999:999 "$(docker volume inspect --format '{{.Mountpoint}}' shop_data)"
docker start db >/dev/null
# a line in /acks only after the database has said that the write is on disk
$run --name client --network shop_default --volume acks:/acks --label com.docker.compose.project=shop --link db:store --init busybox \
    sh -c 'trap exit TERM; while :; do printf "INCR n\r\nQUIT\r\n" | nc -w 1 10.9.0.7 6379 | tr -d ":\r" | grep -E "^[0-9]+$" >>/acks/log; sleep 0.1; done' >/dev/null
$run --name web --network shop_default --publish 8080:80 --env A=1 --env B="{{ 7 * 7 }}" --cap-drop NET_RAW --ulimit nofile=100:200 \
    --volume awkward:/awkward --label 'odd=two
lines' app:2 sh -c 'trap exit TERM; sleep 1d & wait' >/dev/null
docker network connect --alias w2 back web
$run --name side --network container:web --pid container:web busybox sh -c 'trap exit TERM; sleep 1d & wait' >/dev/null
$run --name paused --volumes-from web --tmpfs /t --read-only --init --hostname chosen --dns 192.0.2.1 --add-host h:192.0.2.2 app:1 \
    sh -c 'trap exit TERM; sleep 1d & wait' >/dev/null
$run --name written busybox sh -c '[ -e /new ] || { mkdir -p /new/dir; echo new >/new/file; chown 5:6 /new/file; chmod 4711 /new/file; rm -r /root
    echo changed >>/etc/passwd; ln -s /etc/shadow /new/link; }; trap exit TERM; sleep 1d & wait' >/dev/null
# files come and go while its volume is copied for the first time
# shellcheck disable=SC2016 # its own shell expands that
$run --name spool --volume spool:/spool busybox sh -c 'trap exit TERM; while :; do for i in $(seq 300); do : >/spool/$i; done; rm -f /spool/*; sleep 0.1; done' >/dev/null
docker create --name created --entrypoint /bin/sh --workdir /tmp app:1 -c true >/dev/null
docker run --name ended busybox false || true
if [ -e /usr/bin/docker-registry ]; then
    bash /srv/registry.sh
    docker tag app:1 127.0.0.1:5000/app:1
    docker push --quiet 127.0.0.1:5000/app:1 >/dev/null
fi
if docker compose version >/dev/null 2>&1; then docker compose --project-directory /srv/till up --detach --wait 2>/dev/null; fi
if [ -e /usr/lib/postgresql ]; then
    server=$(echo /usr/lib/postgresql/*)
    root=$(mktemp -d)
    mkdir -p "$root/usr/share/postgresql" "$root$server"
    programs "$root" "$server"/bin/{initdb,postgres,psql,pg_amcheck}
    cp -a "$server/lib" "$root$server"
    cp -a /usr/share/postgresql/* "$root/usr/share/postgresql"
    echo 'postgres:x:999:999::/data:/bin/sh' >>"$root/etc/passwd"
    install -d -m 0700 -o 999 -g 999 "$root/data"  # a new volume there becomes the same
    tar -C "$root" -c . | docker import --change "ENV PATH=$server/bin:/bin" --change 'USER 999' - postgres:lab >/dev/null
    rm -r "$root"
    # shellcheck disable=SC2016 # its own shell expands that
    $run --name pg --network shop_default --ip 10.9.0.8 --stop-signal INT --volume pg_data:/data postgres:lab sh -c '
        [ -e /data/PG_VERSION ] || { initdb --no-sync --auth trust --username postgres --locale C /data
            echo "host all all 10.9.0.0/24 trust" >>/data/pg_hba.conf; }
        exec postgres -D /data -c listen_addresses=* -c unix_socket_directories= -c shared_buffers=16MB' >/dev/null
    $run --name pg_client --network shop_default --volume pg_acks:/acks --user 0 --init --env PGHOST=10.9.0.8 --env PGUSER=postgres postgres:lab sh -c '
        trap exit TERM
        until psql --command "CREATE EXTENSION IF NOT EXISTS amcheck" --command "CREATE TABLE IF NOT EXISTS sale (id bigserial PRIMARY KEY)"; do sleep 0.2; done
        while :; do psql --quiet --tuples-only --no-align --command "INSERT INTO sale DEFAULT VALUES RETURNING id" >>/acks/log; sleep 0.1; done' >/dev/null
fi
sleep 2
docker pause paused >/dev/null
