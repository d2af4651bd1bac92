#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Say that this host is RHEL 7, 8, 9 or 10: pretend RELEASE
set -eu
case $1 in
7) version='7.9' name=Maipo ;;
8) version='8.10' name=Ootpa ;;
9) version='9.6' name=Plow ;;
10) version='10.0' name=Coughlan ;;
*) exit 2 ;;
esac

cat >/usr/lib/os-release <<EOF
NAME="Red Hat Enterprise Linux"
VERSION="$version ($name)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="$version"
PLATFORM_ID="platform:el$1"
PRETTY_NAME="Red Hat Enterprise Linux $version ($name)"
EOF
ln -sfn ../usr/lib/os-release /etc/os-release
echo "Red Hat Enterprise Linux release $version ($name)" >/etc/redhat-release
