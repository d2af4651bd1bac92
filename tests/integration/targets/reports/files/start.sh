#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# start.sh NAME IMAGE FOLDER DOCKER...: a container in which every text that it may choose is a template for Jinja.
# What it runs has one as its name (which the kernel cuts at 15 bytes), so that the evidence quotes it.
set -eu
name=$1 image=$2 folder=$3
shift 3
mkdir -p "$folder"
printf '#!/bin/sh\nsleep 600 &\nwait\n' >"$folder/{{ 1009*1013 }}"
chmod 755 "$folder" "$folder/{{ 1009*1013 }}"
"$@" rm --force "$name" >/dev/null 2>&1 || true
# the engine takes no such name for a container
if "$@" create --name "$name-{{ 1009*1013 }}" "$image" 2>/dev/null; then
    echo "the engine took braces in a container's name" >&2
    exit 1
fi
"$@" run --detach --name "$name" \
    --label 'containment.docker.waiver-request.non-root-user={{ 1009*1013 }}' \
    --label '{{1009*1013}}={% raw %}' \
    --env 'X={{ 1009*1013 }}' \
    --volume '/etc:/etc {{ 1009*1013 }}:ro' \
    --volume "$folder:/templates:ro" \
    "$image" '/templates/{{ 1009*1013 }}' '{{ 1009*1013 }}'
