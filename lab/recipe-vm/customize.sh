#!/bin/sh
# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Called by mmdebstrap with the new root: what makes it a disposable virtual machine with SELinux enforcing.
# LAB_KEYS names the folder with the keys of this build: "host" and "client", each with its ".pub".
set -eu
root=$1
here=$(dirname "$0")

install -d "$root/opt/lab"
install -m 0755 "$here/../recipe/busybox-image.sh" "$root/opt/lab/busybox-image.sh"
chroot "$root" sh /opt/lab/busybox-image.sh /usr/bin/busybox /opt/lab/busybox.tar

# the policy: the packaged one, and the engine's daemon as free as RHEL's is
printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$root/etc/selinux/config"
install -m 0644 "$here/lab_engine.cil" "$root/opt/lab/lab_engine.cil"
chroot "$root" semodule -n -X 400 -i /opt/lab/lab_engine.cil

# one user, one way in
rm -f "$root"/etc/ssh/ssh_host_*
install -m 0600 "$LAB_KEYS/host" "$root/etc/ssh/ssh_host_ed25519_key"
install -m 0644 "$LAB_KEYS/host.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
install -d -m 0700 "$root/root/.ssh"
install -m 0600 "$LAB_KEYS/client.pub" "$root/root/.ssh/authorized_keys"
install -d "$root/etc/ssh/sshd_config.d"
cat >"$root/etc/ssh/sshd_config.d/lab.conf" <<'CONFIG'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
UseDNS no
MaxSessions 50
CONFIG
# each login would ask logind and write three logs: seconds of an emulated processor
sed -i -e '/pam_systemd\|pam_motd\|pam_lastlog\|pam_mail/d' "$root/etc/pam.d/sshd" "$root/etc/pam.d/common-session"

# a container's network would cost an emulated processor more than all else of a start, and there is none to reach
install -d "$root/etc/docker"
printf '{\n  "bridge": "none",\n  "iptables": false\n}\n' >"$root/etc/docker/daemon.json"

printf 'lab-vm\n' >"$root/etc/hostname"
printf '127.0.0.1 localhost lab-vm\n' >"$root/etc/hosts"
printf '/dev/vda / ext4 rw,noatime 0 0\n' >"$root/etc/fstab"
install -m 0644 "$here/lab-network.service" "$root/etc/systemd/system/lab-network.service"
install -d "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\n' >"$root/etc/systemd/journald.conf.d/lab.conf"
chroot "$root" systemctl enable lab-network.service ssh.service auditd.service docker.service

# What only costs time in a machine that lives for minutes. The packaged units of docker, containerd and auditd stay.
for unit in \
    systemd-timesyncd.service systemd-random-seed.service systemd-pstore.service systemd-networkd-wait-online.service \
    systemd-resolved.service systemd-rfkill.service systemd-rfkill.socket systemd-firstboot.service \
    systemd-hwdb-update.service systemd-machine-id-commit.service systemd-update-utmp.service systemd-logind.service \
    getty.target serial-getty@ttyS0.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer motd-news.timer \
    systemd-boot-random-seed.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \
    dev-mqueue.mount systemd-journal-flush.service ldconfig.service systemd-journal-catalog-update.service \
    systemd-update-done.service systemd-udev-load-credentials.service systemd-networkd.service systemd-binfmt.service \
    proc-sys-fs-binfmt_misc.automount modprobe@configfs.service modprobe@fuse.service sys-kernel-config.mount \
    sys-fs-fuse-connections.mount; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

printf '%s\n' 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
rm -f "$root/etc/resolv.conf" "$root/etc/docker/key.json"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
