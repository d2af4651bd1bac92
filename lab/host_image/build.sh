#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes the root of somebody's image a lab host: build.sh ROOT BUSYBOX. BUSYBOX is a static one, for where there is no package of it.
set -eu
root=$1 busybox=$2
here=$(dirname "$0")
export DEBIAN_FRONTEND=noninteractive LC_ALL=C HOME=/root

has() {
    for program in "$@"; do
        chroot "$root" sh -c "PATH=/usr/sbin:/usr/bin:/sbin:/bin; command -v $program" >/dev/null || return 1
    done
}

release() { # of RHEL and its clones: 8, 9, 10
    sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' "$root/etc/os-release"
}

if ! has systemctl dockerd docker python3 iptables ip ps mount xargs awk || [ ! -x "$root/lib/systemd/systemd" ]; then
    if has dnf; then
        [ -n "$(find "$root/etc/yum.repos.d" -name 'docker-ce*.repo')" ] || cat >"$root/etc/yum.repos.d/docker-ce.repo" <<'REPO'
[docker-ce-stable]
name=Docker CE Stable
baseurl=https://download.docker.com/linux/centos/$releasever/$basearch/stable
gpgcheck=1
gpgkey=https://download.docker.com/linux/centos/gpg
REPO
        # Ansible from 2.17 on can't use the python3 of RHEL 8
        extra=$([ "$(release)" != 8 ] || echo python3.12)
        chroot "$root" dnf -qy --setopt=install_weak_deps=False --setopt=tsflags=nodocs install \
            systemd dbus docker-ce docker-ce-cli containerd.io python3 ${extra:+"$extra"} iptables iproute procps-ng shadow-utils util-linux \
            findutils gawk tar hostname
        chroot "$root" dnf -q clean all
    elif has apt-get; then
        apt="chroot $root apt-get -qqy -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false"
        $apt update
        extra=$(chroot "$root" apt-cache --names-only search '^docker-cli$' | cut -d ' ' -f 1)
        $apt --no-install-recommends install systemd systemd-sysv dbus docker.io ${extra:+"$extra"} python3 iptables iproute2 procps uidmap passwd
    else
        echo "it has neither dnf nor apt-get, so what it lacks can't be installed" >&2
        exit 1
    fi
fi

[ -x "$root/usr/bin/busybox" ] || [ -x "$root/bin/busybox" ] || install -m 0755 "$busybox" "$root/usr/bin/busybox"
sh "$here/../recipe/customize.sh" "$root"

# As customize.sh: what would touch the machine or wait for hardware that is not there.
for unit in firewalld.service auditd.service NetworkManager.service sssd.service kdump.service rhsmcertd.service dnf-makecache.timer \
    sysstat.service tuned.service systemd-user-sessions.service sys-fs-selinux.mount selinux-autorelabel-mark.service \
    import-state.service loadmodules.service dracut-shutdown.service snapd.service snapd.socket systemd-vconsole-setup.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# RHEL's packages leave it off
chroot "$root" systemctl enable docker.service docker.socket containerd.service

for python in python3.14 python3.13 python3.12 python3.11 python3.10 python3.9 python3; do
    if [ -x "$root/usr/bin/$python" ]; then
        ln -sfn "/usr/bin/$python" "$root/opt/lab/python"
        break
    fi
done
