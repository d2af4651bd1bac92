#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes a Debian root say that it is RHEL: build.sh ROOT. It stays Debian: dnf is real, but answers from a repository of packages
# that only have the names of RHEL's and nothing of what is in them. What runs here shows that no branch for RHEL breaks, no more.
set -eu
root=$1
here=$(dirname "$0")

export DEBIAN_FRONTEND=noninteractive LC_ALL=C HOME=/root
chroot "$root" apt-get -qq -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false update
chroot "$root" apt-get -qqy --no-install-recommends -o Dpkg::Options::=--force-unsafe-io install \
    dnf python3-dnf createrepo-c rpm python3-selinux >/dev/null
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*

# As a RHEL has it: one package database for all, none of Debian's signs.
mkdir -p "$root/etc/rpm" "$root/var/lib/rpm" "$root/etc/yum.repos.d" "$root/usr/libexec"
echo '%_dbpath /var/lib/rpm' >"$root/etc/rpm/macros.dbpath"
rm -f "$root/etc/debian_version" "$root/etc/os-release"
ln -s ../bin/python3 "$root/usr/libexec/platform-python"
install -m 0755 "$here/pretend.sh" "$root/opt/lab/pretend"
chroot "$root" /opt/lab/pretend 9

# SELinux off, as its installer can be told to leave it; and the unit as docker-ce's packages write it.
mkdir -p "$root/etc/selinux"
printf '%s\n' '# This file controls the state of SELinux on the system.' 'SELINUX=disabled' '# SELINUXTYPE= can be targeted, minimum or mls.' \
    'SELINUXTYPE=targeted' >"$root/etc/selinux/config"
ln -s ../sbin/dockerd "$root/usr/bin/dockerd"
sed -i -e '/^EnvironmentFile=/d' -e 's|^ExecStart=.*|ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock|' \
    "$root/usr/lib/systemd/system/docker.service"

# The repository. A name and what it requires, as RHEL's packages of these names do.
mkdir -p "$root/opt/lab/repository" "$root/tmp/specs"
while read -r name requires; do
    [ -n "$name" ] || continue
    {
        printf '%s\n' "Name: $name" 'Version: 1' 'Release: 1' 'Summary: A stand-in without content' 'License: GPL-3.0-or-later' 'BuildArch: noarch'
        for other in $requires; do echo "Requires: $other"; done
        printf '%s\n' '%description' 'Has the name of the package of RHEL and nothing of what is in it.'
        if [ "$name" = selinux-policy-targeted ]; then cat "$here/policy.spec"; else echo '%files'; fi
    } >"$root/tmp/specs/$name.spec"
done <<'LIST'
libselinux-utils
policycoreutils libselinux-utils
selinux-policy policycoreutils
selinux-policy-targeted selinux-policy
python3-libselinux
python3-libsemanage python3-libselinux
python3-policycoreutils python3-libsemanage
policycoreutils-python-utils python3-policycoreutils
container-selinux selinux-policy-targeted
audit
LIST
chroot "$root" sh -c 'rpmbuild -bb --quiet --define "_rpmdir /opt/lab/repository" --define "_topdir /tmp/specs" /tmp/specs/*.spec
    createrepo_c --quiet /opt/lab/repository'
rm -r "$root/tmp/specs"
printf '%s\n' '[stand-ins]' 'name=Stand-ins without content' 'baseurl=file:///opt/lab/repository' 'gpgcheck=0' >"$root/etc/yum.repos.d/lab.repo"
