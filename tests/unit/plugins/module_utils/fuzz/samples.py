# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real systems show, as the parsers read it."""

import glob
import io
import json
import os

from ansible_collections.containment.docker.plugins.module_utils.audit import history_record

UNIT = r"""[Unit]
Description=Docker Application Container Engine
# a comment \
[Service]
Type=notify
EnvironmentFile=-/etc/default/docker
Environment="A=1 2" B='x' C=a\x20b
UnsetEnvironment=D
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS ${A} \
  --label=a=%%b --label "c=d e"
ExecReload=/bin/kill -s HUP $MAINPID
[Install]
WantedBy=multi-user.target
"""
DROP_IN = "[Service]\nExecStart=\nExecStart=-@/usr/bin/dockerd dockerd --data-root=/srv/%p --pidfile=%t/docker.pid $A\n"
EXEC_START = (
    "{ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS ; ignore_errors=no ; "
    "start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }"
)
SHOWN_UNIT = (
    "LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=123\nNeedDaemonReload=no\nFragmentPath=/lib/systemd/"
    "system/docker.service\nDropInPaths=/etc/systemd/system/docker.service.d/a.conf\nExecStart=" + EXEC_START + "\n"
)
SPECIFICATION = (
    '{"ociVersion":"1.2.0","annotations":{"a":"b"},"linux":{"resources":{"devices":[{"allow":false,"access":"rwm"},'
    '{"allow":true,"type":"c","major":1,"minor":5,"access":"rwm"}]},"devices":[{"path":"/dev/fuse","type":"c","major":10,'
    '"minor":229}],"cgroupsPath":"/docker/0","seccomp":{"defaultAction":"SCMP_ACT_ERRNO"}}}'
)
ENVIRONMENT = (
    "# a comment\nDOCKER_OPTS='--label=a=b\\'\nA=\"x \\\" \\\\ y\" z\nB=one\\\n two\nexport C=d\n; x\nD='q\nr'\n",
    "DOCKER_OPTS=--icc=false --label=a=b\\",
)
COMMANDS = (
    "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
    "--icc=false -D --label 'a=b c' --label=\"d\" --add-runtime=x=/usr/bin/x --default-ulimit nofile=64:64 -l debug",
    r"--log-opt max-size=10m \; --dns 1.1.1.1 --bip=10.0.0.1/24 --insecure-registry a:5000 --tls=true --mtu 1500 a\\",
    "--http-proxy http://x --config-file=/srv/d.json --userns-remap default --exec-opt native.cgroupdriver=systemd",
)
LOG = (
    'time="2026-08-01T04:00:00Z" level=error msg="a \\"b\\" c" error="d"\nfailed to start daemon: x\n',
    "Aug 01 dockerd[1]: level=fatal msg=x\n",
)
SETTINGS = (
    {
        "icc": True,
        "labels": ["a=b"],
        "log-opts": {"max-size": "10m", "tag": "ü"},
        "userns-remap": "default",
        "hosts": ["fd://", "tcp://0.0.0.0:2376"],
        "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 64, "Soft": 64}},
    },
    {
        "runtimes": {"x": {"path": "/usr/bin/x", "runtimeArgs": ["--debug"]}},
        "features": {"containerd-snapshotter": True},
        "dns": ["1.1.1.1", "fe80::1%eth0"],
        "mtu": 1500,
        "shutdown-timeout": 15,
        "default-address-pools": [{"base": "10.0.0.0/8", "size": 24}],
        "proxies": {"http-proxy": "http://u:p@x"},
        "registry-mirrors": ["https://x"],
        "insecure-registries": ["10.0.0.0/8"],
        "seccomp-profile": "builtin",
    },
    {},
)
TCP = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 100 0 0 10 0\n"
    "   1: 00000000000000000000000000000000:0947 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 "
    "00000000     0        0 1235 1 0 100 0 0 10 0\n",
)
ANSWERS = (
    'HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"a": [1, 2]}',
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: Docker/26.1.5 (linux)\r\n\r\n5\r\n[{}, \r\n3;x=y\r\n{}]\r\n0\r\n\r\n",
    'HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n{"message":"no such container"}',
    "HTTP/1.1 304 Not Modified\r\n\r\n",
)
AUDIT = (
    'type=AVC msg=audit(1785556800.125:421): avc:  denied  { read write } for  pid=1234 comm="cat" name="x" '
    'dev="vda1" ino=12 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=system_u:object_r:etc_t:s0 tclass=file '
    "permissive=1\ntype=PATH msg=audit(1785556800.125:421): item=0 name=2F6120 inode=12 dev=fe:01 mode=0100644 ouid=0 "
    "obj=u:r:t:s0 nametype=NORMAL\n",
    "audit: type=1400 audit(1785556800.125:7): avc:  denied  { name_connect } for  pid=1 comm=61 dest=80 scontext=a:b:c:d "
    "tcontext=a:b:c tclass=tcp_socket permissive=0\n",
)
KMSG = (
    "6,1234,5678901,-;audit: type=1400 audit(1785556800.125:7): avc:  denied  { read }\n SUBSYSTEM=x\n\x00"
    "4,1235,5678902,-;a\\x20b\\x5c\n\x0030,1236,1,-;user\n\x006,9,9,-;audit: audit_lost=1 audit_rate_limit=0\n",
)
CONTEXTS = (
    "/\tsystem_u:object_r:root_t:s0\n/var/lib/docker(/.*)?\tsystem_u:object_r:container_var_lib_t:s0\n"
    "/srv/([^/]*/)?www(/.*)?\tsystem_u:object_r:httpd_sys_content_t:s0\n/proc/.*\t<<none>>\n"
    "/var/run/docker\\.sock\t-s\tsystem_u:object_r:container_var_run_t:s0\n/opt/[a-z]+/x{2}\t--\tu:r:t:s0\n",
    "/var/run /run\n/lib64 /usr/lib\n",
)
BOOT = ("BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet selinux=1 enforcing=0x0 lsm=landlock,selinux security=selinux",)
LABELS = ("system_u:system_r:container_t:s0:c1,c1023", "u:r:spc_t:s0-s0:c0.c1023", "unconfined_u:r:x_t", "s0:c5.c9")
SECURITY = (
    "no-new-privileges\nlabel=type:x_t\nseccomp={}",
    "no-new-privileges:false\napparmor=docker-default\nlabel:disable",
    "seccomp=unconfined\nwritable-cgroups=true",
)
ADDRESSES = ("unix:///run/docker.sock", "/run/x.sock", "tcp://[fe80::1%eth0]:2376", "tcp://a.example:2375/", "ssh://a")
REQUESTS = (
    {
        "Image": "a",
        "User": "1000",
        "HostConfig": {"Binds": ["/etc:/x:ro"], "CapAdd": ["SYS_ADMIN"], "Mounts": [{"Type": "bind", "Source": "/"}]},
    },
    {"Image": "a", "HostConfig": {"DeviceRequests": [{"Driver": "nvidia", "Count": -1}], "Privileged": True}},
    {"Image": "a", "HostConfig": None},
)


def read(*paths):
    """The kernel's own, as it is on this machine."""
    return [_text(path) for path in paths]


def kept(folder):
    """The samples in a folder of tests/unit/plugins/module_utils/linux/samples."""
    here = os.path.join(os.path.dirname(os.path.dirname(__file__)), "linux", "samples", folder)
    return [_text(path) for path in sorted(glob.glob(here + "/*")) if not path.endswith(".license")]


def cgroups(container):
    """/proc/<pid>/cgroup of a container's process, by each driver and version."""
    return (
        "0::/system.slice/docker-%s.scope\n" % container,
        "0::/docker/%s/init\n" % container,
        "12:memory:/docker/%s\n11:cpu,cpuacct:/docker/%s\n1:name=systemd:/docker/%s\n0::/\n" % ((container,) * 3),
        "2:memory:/\n1:cpu:/\n0::/x\n",
    )


def lists(here):
    """GET /containers/json as engines answer it."""
    with io.open(os.path.join(here, "samples", "docker-26.1.json"), encoding="utf-8") as stream:
        sample = json.load(stream)
    return [json.dumps([{"Id": "a", "Names": ["/ä"]}, {"Id": "b"}]), "[]", json.dumps([sample["bridge"]])]


def profiles(here):
    """Docker's own profile and small ones."""
    own = _text(os.path.join(here, "seccomp", "default-20.10.json"))
    small = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
        "syscalls": [
            {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
            {"name": "read", "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"], "minKernel": "4.8"}},
        ],
    }
    return [own, json.dumps(small), json.dumps(dict(small, defaultAction="SCMP_ACT_ALLOW", syscalls=[]))]


def recorded():
    """A record of an audit's result, as it is kept on the host."""
    subjects = {"host": history_record.Subject("host", {"apparmor": "fail", "selinux": "pass"}, "")}
    record = history_record.Record("2026-08-01T04:00:00Z", "unix:///run/docker.sock", "/var/lib/docker", True, subjects)
    return [history_record.encode(record).decode("utf-8")]


def _text(path):
    with io.open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


# The beginning of a certificate's DER, of version 1: number, algorithm, issuer, dates, subject.
CERTIFICATE = (
    "\x30\x36\x30\x34\x02\x01\x01\x30\x00\x30\x00\x30\x1e\x17\x0d250101000000Z\x17\x0d271231235959Z\x30\x0b123456789ab"
)
# One socket with its peer, and the end of the answer.
PEERS = "\x28\0\0\0\x14\0\2\0\1\0\0\0\0\0\0\0\1\1\1\0\7\0\0\0\0\0\0\0\0\0\0\0\x08\0\2\0\x09\0\0\0"
CONTEXT = (
    '{"Name":"prod","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://root@localhost:22","SkipTLSVerify":false}}}'
)
