# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The measured host: a lab host with its own engine, containers on it, and what it costs to look at them."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
OUT = BUILD / "bench"
NAME = "bench-host"

sys.path.insert(0, str(ROOT / "lab"))
import hosts  # noqa: E402
from engine import up as engine_up  # noqa: E402
from paths import DOCKER_HOST, docker  # noqa: E402

# Of these only what they bring to the target is run, without Ansible around it. The arguments let them do nothing.
EXPLODED = {"hardening_forecast_info": {"settings": {}}, "userns_migration": {"state": "absent"}}
MODULES = {"posture_info": "containment.docker.posture_info", "ping": "ansible.builtin.ping"}
FORECAST_FILES = 200000  # the module's default
THERE = "/srv"  # where the host has what is measured
REQUESTS = f"{THERE}/requests"  # and what docker_container_info needs


def up(suite):
    """A fresh host with a busybox image, the probe, the modules as Ansible ships them, and requests for the peer."""
    OUT.mkdir(parents=True, exist_ok=True)
    engine_up()
    hosts.down(NAME)
    hosts.up(NAME, suite)
    shell("docker import /opt/lab/busybox.tar busybox")
    for name in ("in_host.py", "audit.py", "limit.py", "forecast.py", "search.py", "copies.py"):
        docker("cp", pathlib.Path(__file__).with_name(name), f"{NAME}:{THERE}/{name}")
    _assemble()
    _give_requests()


def down():
    """Remove it, its containers and its data."""
    hosts.down(NAME)


def shell(script):
    """The output of a shell script in the host."""
    return docker("exec", NAME, "sh", "-euc", script).stdout


def start(first, last, options=""):
    """Start containers bench-<first> to bench-<last>, two at a time."""
    run = f"docker run -d --network none --name bench-{{}} {options} busybox sleep 1d"
    shell(f"seq {first} {last} | xargs -P 2 -I{{}} {run}")


def remove_containers():
    """Remove every container of the host."""
    shell("docker ps -aq | xargs docker rm -f")


def measure(rounds, *names):
    """Samples (see in_host.py) by name: modules, `audit` (posture_info without Ansible), `limit` (see limit.py), `inspect`,
    which is docker inspect $(docker ps -aq), `forecast`, and `forecast without search`.
    """
    commands = {name: ["python3", f"{THERE}/{name}.py"] for name in names if name in MODULES}
    if "audit" in names:
        commands["audit"] = ["python3", f"{THERE}/audit.py", f"{THERE}/debug_dir"]
    for name, files in (("forecast", FORECAST_FILES), ("forecast without search", 0)):
        if name in names:
            commands[name] = ["python3", f"{THERE}/forecast.py", exploded("hardening_forecast_info"), str(files)]
    if "limit" in names:
        commands["limit"] = ["python3", f"{THERE}/limit.py"]
    if "inspect" in names:
        commands["inspect"] = ["sh", "-c", "exec docker inspect $(docker ps -aq)"]
    job = json.dumps({"rounds": rounds, "commands": commands})
    return json.loads(docker("exec", NAME, "python3", f"{THERE}/in_host.py", job).stdout)


def exploded(module):
    """Where the host has what Ansible brings to a target of one of EXPLODED."""
    return f"{THERE}/{module}/debug_dir"


def search(tree):
    """What search.py says of a tree of the host."""
    return json.loads(shell(f"python3 {THERE}/search.py {exploded('hardening_forecast_info')} {tree}"))


def copies(*numbers):
    """What copies.py says of a tree on the disk that volumes are on. numbers: as copies.py takes them."""
    folder, text = "/var/lib/docker/volumes/bench", " ".join(map(str, numbers))
    return json.loads(shell(f"python3 {THERE}/copies.py {exploded('userns_migration')} {folder} {text}"))


def play(tasks, **environment):
    """Run tasks on the host by ansible-playbook: {"controller": CPU s, "target": CPU s of all that the host did}.

    The lab's engine, which carries the connection, is not counted.
    """
    variables = {
        "ansible_connection": "community.docker.docker",
        "ansible_host": NAME,
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_pipelining": "ANSIBLE_KEEP_REMOTE_FILES" not in environment,
    }
    inventory = {"all": {"hosts": {NAME: {}}, "vars": variables}}
    (OUT / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    playbook = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (OUT / "playbook.json").write_text(json.dumps(playbook), encoding="utf-8")
    usage = _target_usage()
    process = subprocess.Popen(
        [BUILD / "venv/bin/ansible-playbook", "-i", OUT / "inventory.json", OUT / "playbook.json"],
        env={
            **os.environ,
            "DOCKER_HOST": DOCKER_HOST,
            "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "collections"),
            "ANSIBLE_NOCOLOR": "1",
            "PATH": f"{BUILD / 'venv/bin'}:/usr/bin:{os.environ['PATH']}",
            **environment,
        },
        cwd=OUT,
        stdin=subprocess.DEVNULL,
        stdout=open(OUT / "playbook.log", "wb"),
        stderr=subprocess.STDOUT,
    )
    _pid, status, controller = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"bench: ansible-playbook failed:\n{(OUT / 'playbook.log').read_text()[-3000:]}")
    return {"controller": controller.ru_utime + controller.ru_stime, "target": _target_usage() - usage}


def _assemble():
    """Let Ansible itself assemble the modules, so that what is run is byte for byte what it ships to a target."""
    tasks = [{module: {}} for module in MODULES.values()]
    tasks += [
        {f"containment.docker.{name}": arguments, "ignore_errors": True, "check_mode": True}
        for name, arguments in EXPLODED.items()
    ]
    play(tasks, ANSIBLE_KEEP_REMOTE_FILES="1")
    for name in EXPLODED:
        shell(f"mkdir {THERE}/{name} && cp ~/.ansible/tmp/*/AnsiballZ_{name}.py {THERE}/{name}/{name}.py")
        shell(f"cd {THERE}/{name} && python3 {name}.py explode")
    for name in MODULES:
        shell(f"cp ~/.ansible/tmp/*/AnsiballZ_{name}.py {THERE}/{name}.py")
    shell(f"cd {THERE} && python3 posture_info.py explode")  # into debug_dir


def _give_requests():
    """docker_container_info needs requests, which the lab's hosts do not have."""
    python = shell("python3 -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])'").strip()
    folder = OUT / f"python{python}"
    requirements = pathlib.Path(__file__).with_name("requirements.txt")
    if not folder.exists():
        subprocess.run(
            [BUILD / "venv/bin/python", "-m", "pip", "install", "-qq", "--no-deps", "--no-compile"]
            + ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
            + [f"--python-version={python}", "--requirement", requirements, "--target", folder],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    docker("cp", folder, f"{NAME}:{REQUESTS}")


def _target_usage():
    """CPU seconds that the host's control group has used, as this machine's kernel counts them."""
    inspect = json.loads(docker("container", "inspect", NAME).stdout)[0]
    groups = pathlib.Path(f"/proc/{inspect['State']['Pid']}/cgroup").read_text(encoding="ascii").split()
    paths = {controllers: path for _id, controllers, path in (group.split(":", 2) for group in groups)}
    for controllers, path in paths.items():
        if "cpuacct" in controllers.split(","):
            usage = pathlib.Path(f"/sys/fs/cgroup/{controllers}{_own(path, inspect['Id'])}/cpuacct.usage")
            return int(usage.read_text(encoding="ascii")) / 1e9
    stat = pathlib.Path(f"/sys/fs/cgroup{_own(paths[''], inspect['Id'])}/cpu.stat").read_text(encoding="ascii")
    return int(dict(line.split() for line in stat.splitlines())["usage_usec"]) / 1e6


def _own(path, container):
    """The control group of the host as a whole: its init sits in a group below it."""
    before, name, _after = path.partition(container)
    rest = ".scope" if _after.startswith(".scope") else ""
    return before + name + rest
