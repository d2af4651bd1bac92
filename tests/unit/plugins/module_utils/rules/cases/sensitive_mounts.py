# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule sensitive-mounts."""

from ansible_collections.containment.docker.plugins.module_utils.common.evidence import Unreadable
from ansible_collections.containment.docker.plugins.module_utils.dockerd.process import DaemonProcess
from ansible_collections.containment.docker.plugins.module_utils.linux.places import Place
from ansible_collections.containment.docker.plugins.module_utils.linux.sensitive_places import TREES

from ..mounting import (
    HOST,
    VOLUMES_FROM_REQUESTED,
    at,
    binds,
    engine_mounts,
    host_has,
    mounted,
    mounts,
    not_looked,
    volume,
)
from ..subjects import Case, both

ROOT_DIR = "/var/lib/docker/100000.100000"


def allowed(*paths):
    return {("policy", "allowed_mounts"): paths}


def extensions(*words):
    """dockerd's command line has these."""
    return {("daemon", "process"): DaemonProcess(77, ("dockerd", *words), 0.0, "/srv")}


NRI_ELSEWHERE = {("daemon", "running"): {"nri-opts": {"enable": True, "plugin-path": "/srv/nri/./plugins"}}}
NRI_OFF = {("daemon", "running"): {"nri-opts": {"enable": False, "plugin-path": "/srv/nri/plugins"}}}
NEW_VOLUME = {"Type": "volume", "Name": "made", "Driver": "local", "Source": "", "Target": "/x"}
CASES = (
    Case("container", "pass", "none at all"),
    Case("container", "fail", "/etc, read-only", binds("/etc:/x:ro"), "/etc is mounted at '/x'"),
    Case("container", "fail", "a directory below", binds("/etc/ssh:/x:ro,z"), "/etc/ssh"),
    Case(
        "container", "fail", "a directory above", binds("/var:/x"), "/var, which contains /var/lib/docker, is mounted"
    ),
    Case("container", "fail", "/", binds("/:/host:ro"), "/, which contains"),
    Case("container", "fail", "..", binds("/srv/../etc:/x"), "/etc is"),
    Case("container", "fail", "doubled slashes", binds("//etc//:/x"), "/etc is"),
    Case("container", "fail", "a link that each host has", binds("/var/run/dbus:/x"), "/run/dbus"),
    Case("container", "fail", "the second of two", binds("/srv/www:/a", "/root/.ssh:/b"), "/root/.ssh"),
    Case("container", "pass", "a name that only begins so", binds("/etcetera:/x", "/usrdata:/y", "/development:/z")),
    Case("container", "pass", "a directory of its own", binds("/srv/www:/usr/share/www")),
    Case("container", "pass", "a named volume called like a directory", binds("etc:/etc")),
    Case("container", "pass", "an anonymous volume", binds("/etc")),
    Case("container", "fail", "a whole home directory", binds("/home/ann:/x"), "/home/ann"),
    Case("container", "fail", "somebody's keys", binds("/home/ann/.ssh/id_ed25519:/x:ro"), ".ssh"),
    Case("container", "pass", "a project in a home directory", binds("/home/ann/project:/x")),
    Case("container", "fail", "where dockerd finds NRI's plugins", binds("/opt/nri/plugins:/x"), "/opt/nri/plugins"),
    Case("container", "fail", "what configures them", binds("/etc/nri/conf.d:/x"), "/etc/nri/conf.d"),
    Case(
        "container",
        "fail",
        "where dockerd finds its extensions",
        binds("/usr/libexec/docker/moby-extensions:/x"),
        "moby-ext",
    ),
    Case(
        "container",
        "fail",
        "NRI's plugins elsewhere",
        both(NRI_ELSEWHERE, binds("/srv/nri/plugins:/x:ro")),
        "/srv/nri/plugins",
    ),
    Case(
        "container",
        "fail",
        "what contains them",
        both(NRI_ELSEWHERE, binds("/srv:/x")),
        "/srv, which contains /srv/nri/plugins",
    ),
    Case("container", "pass", "a site allows them", both(NRI_ELSEWHERE, binds("/srv/nri:/x"), allowed("/srv/nri"))),
    Case(
        "container",
        "fail",
        "extensions elsewhere",
        both(extensions("-H", "fd://", "--extension-dir=/srv/ext"), binds("/srv/ext:/x:ro")),
        "/srv/ext",
    ),
    Case(
        "container",
        "fail",
        "the second directory of extensions, relative and in a word of its own",
        both(extensions("--extension-dir=/srv/one", "--extension-dir", "./two"), binds("/srv/two/a:/x")),
        "/srv/two/a",
    ),
    Case("container", "pass", "no directory of extensions", both(extensions("--x", "/srv/ext"), binds("/srv/ext:/x"))),
    Case("container", "pass", "extensions of another name", both(extensions("--extension-dir"), binds("/srv/ext:/x"))),
    Case("container", "pass", "NRI is off", both(NRI_OFF, binds("/srv/nri/plugins:/x"))),
    Case(
        "container",
        "fail",
        "a data root elsewhere",
        {
            ("daemon", "info", "DockerRootDir"): "/data/docker",
            **binds("/data/docker/containers:/x"),
        },
        "/data/docker/containers",
    ),
    Case(
        "container",
        "fail",
        "what contains a data root elsewhere",
        {
            ("daemon", "info", "DockerRootDir"): "/data/docker",
            **binds("/data:/x"),
        },
        "/data, which contains /data/docker",
    ),
    Case(
        "container",
        "fail",
        "by Mounts",
        mounts({"Type": "bind", "Source": "/etc", "Target": "/x", "ReadOnly": True}),
        "/etc",
    ),
    Case(
        "container",
        "fail",
        "by the options of a local volume",
        mounts(
            {
                "Type": "volume",
                "Target": "/x",
                "VolumeOptions": {
                    "DriverConfig": {
                        "Name": "local",
                        "Options": {
                            "type": "none",
                            "o": "rw,rbind",
                            "device": "/etc",
                        },
                    }
                },
            }
        ),
        "/etc",
    ),
    Case(
        "container",
        "fail",
        "as a layer of an overlay volume",
        volume(type="overlay", o="lowerdir=/srv/a:/etc,upperdir=/srv/u,workdir=/srv/w", device="overlay"),
        "/etc",
    ),
    Case(
        "container",
        "fail",
        "a disk of the host as a volume",
        volume(type="ext4", device="/dev/sda1"),
        "/dev/sda1",
    ),
    Case(
        "container",
        "pass",
        "a share of another machine whose name looks like a path",
        volume(type="cifs", o="username=u", device="//etc/share"),
    ),
    Case(
        "container",
        "fail",
        "a volume made before with device=/etc, stopped",
        {
            ("daemon", "volumes"): {"made": {"type": "none", "o": "bind", "device": "/etc"}},
            **binds("made:/x"),
        },
        "/etc",
    ),
    Case(
        "container",
        "fail",
        "the same, as the engine shows it",
        {
            ("daemon", "volumes"): {"made": {"type": "none", "o": "bind", "device": "/etc"}},
            **engine_mounts("volume", ROOT_DIR + "/volumes/made/_data", Name="made"),
        },
        "/etc",
    ),
    Case(
        "container",
        "pass",
        "an ordinary volume, as the engine shows it",
        {
            ("daemon", "volumes"): {"made": None},
            **engine_mounts("volume", ROOT_DIR + "/volumes/made/_data", Name="made"),
        },
    ),
    Case(
        "container",
        "fail",
        "by VolumesFrom, as the engine shows it",
        {
            HOST + ("VolumesFrom",): ["other"],
            **engine_mounts("bind", "/etc"),
        },
        "/etc",
    ),
    Case(
        "container",
        "unknown",
        "by VolumesFrom, in a create request",
        VOLUMES_FROM_REQUESTED,
        "other",
    ),
    Case(
        "container",
        "unknown",
        "which volumes there are can't be asked",
        {
            ("daemon", "volumes"): Unreadable("no answer within 5 s"),
            **binds("made:/x"),
        },
        "no answer",
    ),
    Case(
        "container",
        "pass",
        "allowed, and what is below",
        {
            **allowed("/etc/ssl/"),
            **binds("/etc/ssl:/a:ro", "/etc/ssl/certs:/b:ro"),
        },
    ),
    Case(
        "container",
        "fail",
        "allowed is compared by components",
        {
            **allowed("/etc/ssl"),
            **binds("/etc/ssl-private:/a:ro"),
        },
        "/etc/ssl-private",
    ),
    Case("container", "fail", "allowed below is not allowed above", {**allowed("/etc/ssl"), **binds("/etc:/a:ro")}),
    Case(
        "container",
        "fail",
        "out of what is allowed by ..",
        {
            **allowed("/etc/ssl"),
            **binds("/etc/ssl/../shadow:/a:ro"),
        },
        "/etc/shadow",
    ),
    Case(
        "container",
        "fail",
        "the kernel alone shows it: the source was a link",
        mounted(
            b"900 700 254:1 /etc /x\\040y ro,relatime - ext4 /dev/vda1 rw",
        ),
        "/etc is mounted at '/x y'",
    ),
    Case(
        "container",
        "pass",
        "the kernel shows it, and it is allowed",
        {
            **allowed("/etc"),
            **mounted(b"900 700 254:1 /etc/ssl /x ro,relatime - ext4 /dev/vda1 rw"),
        },
    ),
    Case(
        "container",
        "fail",
        "the host's /dev under another name",
        mounted(
            b"900 700 0:5 / /x rw,nosuid - devtmpfs udev rw",
        ),
        "/dev is mounted",
    ),
    Case(
        "container",
        "fail",
        "a file on the host's /run",
        mounted(
            b"900 700 0:23 /systemd/private//deleted /x rw,nosuid - tmpfs tmpfs rw",
        ),
        "/run/systemd/private",
    ),
    Case(
        "container",
        "fail",
        "another container's root",
        mounted(
            b"900 700 254:1 /var/lib/docker/100000.100000/overlay2/abc/diff /x rw - ext4 /dev/vda1 rw",
        ),
        "overlay2/abc",
    ),
    Case(
        "container",
        "fail",
        "hosts files that are not a container's",
        mounted(
            b"900 700 254:1 /var/lib/docker/100000.100000/containers/x/hosts /x rw - ext4 /dev/vda1 rw",
        ),
        "containers/x/hosts",
    ),
    Case(
        "container",
        "pass",
        "a volume, its init, the host's shared memory, all by the engine",
        {
            HOST + ("IpcMode",): "host",
            HOST + ("Init",): True,
            **mounted(
                b"900 700 254:1 /var/lib/docker/100000.100000/volumes/data/_data /data rw - ext4 /dev/vda1 rw",
                b"901 700 254:1 /usr/libexec/docker/docker-init /sbin/docker-init ro - ext4 /dev/vda1 rw",
                b"902 702 0:28 / /dev/shm rw,nosuid,nodev - tmpfs tmpfs rw",
            ),
        },
    ),
    Case(
        "container",
        "pass",
        "a filesystem that only the container has",
        mounted(
            b"900 700 0:99 /etc /etc rw - tmpfs tmpfs rw",
        ),
    ),
    Case(
        "container",
        "unknown",
        "the host's mounts can't be read",
        {
            ("host", "mounts"): Unreadable("/proc/1/mountinfo: Permission denied"),
        },
        "Permission denied",
    ),
)
CASES += tuple(Case("container", "fail", "%s by the table" % path, binds(path + "/x:/x:ro"), path) for path in TREES)
CASES += (
    Case("container", "pass", "the host's time zone, read-only", binds("/etc/localtime:/etc/localtime:ro")),
    Case("container", "pass", "all time zones, read-only", binds("/usr/share/zoneinfo:/z:ro")),
    Case("container", "fail", "the host's time zone, writable", binds("/etc/localtime:/etc/localtime"), "/etc/localt"),
    Case(
        "container",
        "pass",
        "the host's time zone behind its link",
        both(
            binds("/etc/localtime:/etc/localtime:ro"),
            at("/etc/localtime", Place("/usr/share/zoneinfo/Europe/Berlin", "file")),
        ),
    ),
    Case(
        "container",
        "pass",
        "the same in the kernel",
        mounted(b"900 700 254:1 /usr/share/zoneinfo/UTC /etc/localtime ro - ext4 /dev/vda1 rw"),
    ),
    Case(
        "container",
        "fail",
        "a time zone that leads to the passwords",
        both(binds("/etc/localtime:/etc/localtime:ro"), at("/etc/localtime", Place("/etc/shadow", "file"))),
        "/etc/shadow",
    ),
    Case("container", "fail", "the whole host through a process", binds("/proc/1/root/srv/../etc:/x"), "/etc"),
    Case(
        "container",
        "pass",
        "a directory on an ostree host, which is below /sysroot as well",
        both(
            host_has(b"50 27 254:9 / /sysroot ro - xfs x rw", b"51 27 254:9 /ostree/deploy/os/var /var rw - xfs x rw"),
            mounted(b"900 700 254:9 /ostree/deploy/os/var/app /x rw - xfs x rw"),
        ),
    ),
    Case(
        "container",
        "fail",
        "what the host has bound from it onto root's keys",
        both(
            host_has(b"50 27 254:1 /srv/data/rootssh /root/.ssh rw - ext4 /dev/vda1 rw"),
            mounted(b"900 700 254:1 /srv/data /x rw - ext4 /dev/vda1 rw"),
        ),
        "/root/.ssh is mounted at '/x'",
    ),
    Case(
        "container",
        "fail",
        "the same before it runs",
        both(
            host_has(b"50 27 254:1 /srv/data/rootssh /root/.ssh rw - ext4 /dev/vda1 rw"),
            binds("/srv/data:/x"),
        ),
        "/root/.ssh",
    ),
    Case(
        "container",
        "fail",
        "the host's /etc by another mount of its, before it runs",
        both(host_has(b"50 27 254:1 /etc /srv/conf rw - ext4 /dev/vda1 rw"), binds("/srv/conf:/x")),
        "/etc",
    ),
    Case(
        "container",
        "fail",
        "a directory in which the host has mounted its /etc",
        both(host_has(b"50 27 254:1 /etc /srv/jail/etc rw - ext4 /dev/vda1 rw"), binds("/srv/jail:/x")),
        "/etc",
    ),
    Case(
        "container",
        "pass",
        "what the host has bound from it onto another harmless place",
        both(
            host_has(b"50 27 254:1 /srv/data/www /srv/www rw - ext4 /dev/vda1 rw"),
            mounted(b"900 700 254:1 /srv/data /x rw - ext4 /dev/vda1 rw"),
        ),
    ),
    Case(
        "container",
        "fail",
        "a link to /run, before it runs",
        both(binds("/srv/a:/x"), at("/srv/a", Place("/run", "dir"))),
        "/run is mounted",
    ),
    Case(
        "container",
        "unknown",
        "a link that others may exchange, before it runs",
        both(engine_mounts("bind", "/srv/a"), at("/srv/a", Place("/srv/b", "dir", loose="/srv/a"))),
        "'/srv/a' is a link",
    ),
    Case(
        "container",
        "unknown",
        "on a network's filesystem, before it runs",
        not_looked(engine_mounts("bind", "/srv/a")),
        "network",
    ),
    Case(
        "container",
        "pass",
        "a remote engine's host is not this one",
        both(
            {("daemon", "state"): "remote"},
            binds("/srv/a:/x"),
            at("/srv/a", Place("/run", "dir")),
        ),
    ),
    Case(
        "container",
        "pass",
        "a volume where the volumes stand behind a link",
        both(
            at(ROOT_DIR + "/volumes", Place("/root/docker-volumes", "dir")),
            mounted(b"900 700 254:1 /root/docker-volumes/data/_data /x rw - ext4 /dev/vda1 rw"),
        ),
    ),
    Case(
        "container",
        "fail",
        "what is beside the volumes there",
        both(
            at(ROOT_DIR + "/volumes", Place("/root/docker-volumes", "dir")),
            mounted(b"900 700 254:1 /root/docker /x rw - ext4 /dev/vda1 rw"),
        ),
        "/root/docker",
    ),
    Case(
        "container",
        "pass",
        "a volume where the data root is bound from elsewhere",
        both(
            host_has(b"50 27 254:1 /usr/local/docker-data /var/lib/docker rw - ext4 /dev/vda1 rw"),
            mounted(
                b"900 700 254:1 /usr/local/docker-data/100000.100000/volumes/data/_data /x rw - ext4 /dev/vda1 rw",
                b"901 700 254:1 /usr/local/docker-data/100000.100000/containers/f00%s/hosts /etc/hosts rw - ext4 d rw"
                % (b"0" * 61),
            ),
        ),
    ),
    Case(
        "container",
        "fail",
        "a volume that the host has bound onto a sensitive place",
        both(
            host_has(b"50 27 254:1 %s/volumes/data/_data /etc/app rw - ext4 /dev/vda1 rw" % ROOT_DIR.encode()),
            mounted(b"900 700 254:1 %s/volumes/data/_data /x rw - ext4 /dev/vda1 rw" % ROOT_DIR.encode()),
        ),
        "/etc/app",
    ),
    Case(
        "container",
        "pass",
        "a volume of which another container has a part",
        both(
            host_has(
                b"50 27 254:1 %s/volumes/data/_data/sub %s/containers/e00%s/mounts/volume-1 rw - ext4 /dev/vda1 rw"
                % (ROOT_DIR.encode(), ROOT_DIR.encode(), b"0" * 61)
            ),
            mounted(b"900 700 254:1 %s/volumes/data/_data /x rw - ext4 /dev/vda1 rw" % ROOT_DIR.encode()),
        ),
    ),
)
for _kind in ("mqueue", "binfmt_misc", "pstore", "fusectl", "selinuxfs", "hugetlbfs"):
    CASES += (
        Case(
            "container",
            "fail",
            "a volume of type %s, never started" % _kind,
            {("daemon", "volumes"): {"made": {"type": _kind, "device": "none"}}, **binds("made:/x")},
            "mounted at '/x'",
        ),
    )
BOUND_VOLUME = host_has(b"50 27 254:1 /srv/vol %s/volumes/made/_data rw - ext4 /dev/vda1 rw" % ROOT_DIR.encode())
CASES += (
    Case("container", "pass", "a directory that a volume is bound to", both(BOUND_VOLUME, binds("/srv/vol:/x"))),
    Case(
        "container",
        "pass",
        "the same in the kernel",
        both(BOUND_VOLUME, mounted(b"900 700 254:1 /srv/vol /x rw - ext4 /dev/vda1 rw")),
    ),
    Case(
        "container",
        "pass",
        "a directory in which one is that a volume is bound to",
        both(
            BOUND_VOLUME, mounted(b"900 700 254:1 /srv /x rw - ext4 /dev/vda1 rw"), {("policy", "allowed_mounts"): ()}
        ),
    ),
)
INIT = mounted(b"901 700 254:1 /usr/libexec/docker/docker-init /sbin/docker-init ro - ext4 /dev/vda1 rw")
CASES += (
    Case("container", "pass", "the init of the daemon's default", both(INIT, {("daemon", "running", "init"): True})),
    Case(
        "container",
        "pass",
        "the engine's init, and how the daemon was started can't be told",
        both(INIT, {("daemon", "running"): Unreadable("changed since"), HOST + ("Init",): True}),
    ),
)

RECORDED = {"docker-socket": ["remove --volume=/var/run/docker.sock:/var/run/docker.sock:ro"]}
CREATED = {
    "proc": [("remove", "--volume=/proc:/host/proc", 'volumes: ["/proc:/host/proc"]')],
    "dev": [("remove", "--volume=/dev:/host/dev:ro", 'volumes: ["/dev:/host/dev:ro"]')],
    "etc": [("remove", "--volume=/etc:/host/etc:ro", 'volumes: ["/etc:/host/etc:ro"]')],
    "etc-by-mount": [
        (
            "remove",
            "--mount=type=bind,source=/etc,target=/host/etc,readonly,bind-propagation=rslave",
            "volumes: [{type: bind, source: /etc, target: /host/etc, read_only: true, bind: {propagation: rslave}}]",
        )
    ],
    "etc-by-volume": [
        (
            "remove",
            "--mount=type=volume,source=made,target=/x,volume-driver=local,volume-opt=device=/etc,volume-opt=o=bind,volume-opt=type=none",
            "volumes: [{type: volume, source: made, target: /x}]",
        )
    ],
    "odd": [
        (
            "remove",
            "--volume=$'/etc/a\\x20b\\x27\\x22\\x24\\x28reboot\\x29\\x60id\\x60\\x5c\\x0a\\x1b\\x5b31m\\x21\\u00e9,:/x:ro'",
            'volumes: ["/etc/a b\'\\"$$(reboot)`id`\\\\\\x0a\\x1b[31m!é,:/x:ro"]',
        ),
        (
            "remove",
            '--mount=\'type=bind,"source=/root/b, ""c""",target=/y\'',
            'volumes: [{type: bind, source: "/root/b, \\"c\\"", target: /y}]',
        ),
    ],
    "socket": [
        (
            "remove",
            "--volume=/var/run/docker.sock:/var/run/docker.sock:ro",
            'volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]',
        )
    ],
    "volumes-from": [("remove", "--volumes-from=etc:ro", 'volumes_from: ["container:etc:ro"]')],
    "shared-and-sensitive": [("remove", "--volume=/etc:/shared:shared", 'volumes: ["/etc:/shared:shared"]')],
}
