#!/usr/bin/env bash
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A registry on this host's loopback, where engines speak plain HTTP by default. It keeps what it had.
set -eu
mkdir -p /srv/registry
printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: /srv/registry}}\nhttp: {addr: "127.0.0.1:5000"}\n' >/srv/registry.yml
systemctl stop lab-registry.service 2>/dev/null || true
systemd-run --quiet --collect --unit=lab-registry docker-registry serve /srv/registry.yml
until (: </dev/tcp/127.0.0.1/5000) 2>/dev/null; do sleep 0.1; done
