# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which places of a host give it away: one table, each entry with what the host's root runs or reads there. Pure.

FHS is the Filesystem Hierarchy Standard 3.0; a name with a section number is a manual page.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """path: the directory or file, with all below it; why: what is there; source: who says so."""

    path: str
    why: str
    source: str


PLACES = (
    Place("/var/lib/docker", "images, other containers, their secrets", "dockerd(8), --data-root"),
    # what boots the host and what runs on it
    Place("/boot", "kernel, initial ramdisk, boot loader", "FHS 3.5"),
    Place("/efi", "boot loader", "file-hierarchy(7)"),
    Place("/bin", "programs that root runs", "FHS 3.4"),
    Place("/sbin", "programs that root runs", "FHS 3.16"),
    Place("/lib", "libraries and kernel modules", "FHS 3.9"),
    Place("/lib32", "libraries", "FHS 3.10"),
    Place("/lib64", "libraries", "FHS 3.10"),
    Place("/libx32", "libraries", "FHS 3.10"),
    Place("/usr", "programs and libraries that root runs", "FHS 4"),
    Place("/nix/store", "all programs and units of a NixOS host", "Nix manual, Store Path"),
    Place("/nix/var", "profiles that choose what root runs", "Nix manual, Profiles"),
    Place("/gnu/store", "all programs of a Guix host", "Guix manual, The Store"),
    Place("/sysroot", "the physical root, with each deployment of the host", "ostree manual, Deployments"),
    Place("/ostree", "repository and deployments that the host boots", "ostree manual, Repository"),
    Place("/var/usrlocal", "/usr/local of an ostree host", "rpm-ostree manual, Treefile"),
    Place("/var/lib/dkms", "sources of modules that root builds and loads", "dkms(8)"),
    Place("/var/lib/snapd", "images, keys and mount units of snaps, which snapd runs as root", "snapd, dirs/dirs.go"),
    Place("/var/lib/flatpak", "programs, and exports into every session", "flatpak-installation(5)"),
    Place("/var/lib/machines", "images that systemd-nspawn boots", "machinectl(1)"),
    Place("/var/lib/portables", "images whose units systemd runs", "portablectl(1)"),
    Place("/var/lib/extensions", "images that are merged into /usr", "systemd-sysext(8)"),
    Place("/var/lib/confexts", "images that are merged into /etc", "systemd-confext(8)"),
    Place("/var/lib/systemd", "linger, credentials, random seed", "file-hierarchy(7)"),
    Place("/var/lib/cloud", "scripts that root runs, user data", "cloud-init manual, Instance data"),
    Place("/var/lib/dpkg", "maintainer scripts that root runs", "dpkg(1)"),
    Place("/var/lib/rpm", "the package database with scripts", "rpm(8)"),
    Place("/var/spool/cron", "jobs that root runs", "crontab(1)"),
    Place("/var/spool/at", "jobs that root runs", "at(1)"),
    Place("/var/spool/anacron", "when jobs of root run again", "anacron(8)"),
    # configuration, accounts and keys
    Place("/etc", "accounts, keys, units, jobs", "FHS 3.7"),
    Place("/root", "root's keys and start-up files", "FHS 3.14"),
    Place("/var/roothome", "root's home on an ostree host", "rpm-ostree manual, Treefile"),
    Place("/var/backups", "copies of passwd, shadow, group and the package state", "Debian, passwd.cron.daily"),
    Place("/var/lib/sss", "cached password hashes, keys, pipes of SSSD", "sssd.conf(5)"),
    Place("/var/lib/samba/private", "password database and machine secrets", "smb.conf(5), private dir"),
    Place("/var/lib/krb5kdc", "the keys of a whole realm", "kdc.conf(5)"),
    Place("/var/lib/private", "state of services with DynamicUser", "systemd.exec(5)"),
    Place("/var/log", "traces, and what people paste there", "FHS 5.10"),
    # the running kernel and what listens
    Place("/dev", "the disks", "FHS 3.6"),
    Place("/proc", "the running kernel and all processes", "proc(5)"),
    Place("/sys", "the running kernel", "sysfs(5)"),
    Place("/run", "sockets of engines, systemd and D-Bus", "FHS 3.15"),
    # engines and what manages machines: images, other containers, their secrets, sockets
    Place("/var/snap/docker", "the same of the snap", "snapcraft, docker"),
    Place("/var/lib/containerd", "images and other containers", "containerd-config.toml(5)"),
    Place("/var/lib/containers", "images and other containers of Podman and CRI-O", "containers-storage.conf(5)"),
    Place("/var/lib/buildkit", "images, build secrets", "buildkitd.toml(5)"),
    Place("/var/lib/kubelet", "secrets and credentials of all pods", "Kubernetes, Node certificates"),
    Place("/var/lib/rancher", "server keys, tokens and the store of k3s and RKE2", "k3s manual, --data-dir"),
    Place("/var/lib/k0s", "certificates and the store of k0s", "k0s manual, --data-dir"),
    Place("/var/snap/microk8s", "certificates and the store of MicroK8s", "MicroK8s manual, Services"),
    Place("/var/lib/etcd", "every secret of a cluster", "etcd manual, --data-dir"),
    Place("/var/lib/cni", "addresses and network state", "cni, libcni"),
    Place("/opt/cni", "programs that root runs for each container", "cni specification"),
    Place("/opt/containerd", "programs that root runs", "containerd-config.toml(5)"),
    Place("/opt/nri", "plugins that root runs", "NRI, plugin_path"),
    Place("/var/lib/lxc", "roots and hooks of containers", "lxc.container.conf(5)"),
    Place("/var/lib/lxd", "socket, database and roots of machines", "LXD manual, daemon"),
    Place("/var/snap/lxd", "the same of the snap", "LXD manual, daemon"),
    Place("/var/lib/incus", "socket, database and roots of machines", "incusd(1)"),
    Place("/var/lib/libvirt", "disks, sockets and secrets of machines", "libvirtd(8)"),
)
TREES = tuple(place.path for place in PLACES)

# Read-only, these say no more of a host than its time: a container that has them is no weaker.
TIME = ("/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo")
