#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Called by mmdebstrap with the new root: what makes it a disposable host on somebody else's kernel.
set -eu
root=$1
here=$(dirname "$0")

install -d "$root/opt/lab"
install -m 0755 "$here/init.sh" "$root/opt/lab/init"
install -m 0755 "$here/busybox-image.sh" "$root/opt/lab/busybox-image.sh"
install -m 0644 "$here/lab-unseal.service" "$root/etc/systemd/system/lab-unseal.service"
chroot "$root" sh /opt/lab/busybox-image.sh /usr/bin/busybox /opt/lab/busybox.tar 2>/dev/null ||
    chroot "$root" sh /opt/lab/busybox-image.sh /bin/busybox /opt/lab/busybox.tar
chroot "$root" systemctl enable lab-unseal.service

# The kernel is shared with the machine and with other hosts: nothing at boot may load modules, set sysctls or the
# clock, or write what belongs to the whole machine. (The packaged docker units stay as they are.)
for unit in \
    systemd-modules-load.service systemd-sysctl.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
    proc-sys-fs-binfmt_misc.mount systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket \
    systemd-udevd-control.socket systemd-timesyncd.service systemd-random-seed.service systemd-pstore.service \
    sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
    dev-hugepages.mount systemd-oomd.service systemd-logind.service systemd-logind-varlink.socket systemd-networkd.service \
    systemd-network-generator.service systemd-resolved.service systemd-rfkill.service systemd-rfkill.socket \
    systemd-firstboot.service systemd-journald-audit.socket systemd-hwdb-update.service getty.target \
    console-getty.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    fstrim.timer motd-news.timer systemd-boot-random-seed.service kmod-static-nodes.service \
    podman.socket podman.service podman-restart.service redis-server.service rsync.service podman-auto-update.service podman-auto-update.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

printf 'uninitialized\n' >"$root/etc/machine-id"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/docker/key.json"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
