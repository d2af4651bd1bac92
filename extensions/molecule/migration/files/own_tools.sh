#!/usr/bin/env bash
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the tools of Compose and PostgreSQL say of what is theirs, on a host that has them. Fails where something is lost.
set -eu -o pipefail
if docker compose version >/dev/null 2>&1; then
    compose="docker compose --project-directory /srv/till"
    before=$($compose ps --all --quiet | sort)
    $compose up --detach --wait 2>/dev/null
    [ "$($compose ps --all --quiet | sort)" = "$before" ] || { echo "Compose made containers again"; exit 1; }
    echo "Compose keeps $(wc -l <<<"$before") containers"
fi
if [ -e /usr/lib/postgresql ]; then
    docker exec pg pg_amcheck --host 127.0.0.1 --username postgres --database postgres --heapallindexed --checkunique
    acknowledged=$(docker exec pg_client cat /acks/log | sort -u)
    rows=$(docker exec pg psql --host 127.0.0.1 --username postgres --tuples-only --no-align --command 'SELECT id FROM sale' | sort -u)
    lost=$(comm -23 <(echo "$acknowledged") <(echo "$rows"))
    [ -z "$lost" ] || { echo "PostgreSQL lost $lost"; exit 1; }
    # in a network of theirs containers see each other by their own addresses
    own=$(docker inspect --format '{{.NetworkSettings.Networks.shop_default.IPAddress}}' pg_client)
    [ "$(docker exec pg_client psql --tuples-only --no-align --command 'SELECT inet_client_addr()')" = "$own" ] || { echo "$own is masqueraded"; exit 1; }
    echo "PostgreSQL has all of $(wc -l <<<"$acknowledged") acknowledged rows"
fi
