# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab: a Docker engine of its own, and on it disposable systemd hosts with engines of their own. See README.md."""

import argparse
import json
import os
import shlex
import sys

import engine
import hosts
import images
import packages
import vm
from paths import DOCKER_HOST, LabError, say


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="lab.py", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="install missing Debian packages; starts no service")
    commands.add_parser("env", help="print what to export to reach the lab's engine, and for molecule")
    commands.add_parser("clean", help="stop the engine and remove all that the lab made")
    for name, texts in {
        "engine": {
            "up": "start the lab's engine",
            "down": "stop it",
            "status": "print its pid if it runs",
            "busybox": "import busybox, print its name",
        },
        "host": {
            "build": "build a suite's image",
            "up": "start a host and wait for its engine",
            "up-all": "start several at once; prints why not, by name",
            "down": "remove hosts and their data",
            "exec": "run a command in a host",
            "list": "names of the running hosts",
        },
        "vm": {
            "build": "build and boot the virtual machine once, print where it is kept",
            "up": "start one from there and wait for ssh; prints the file for ssh -F",
            "down": "remove one",
            "ssh": "a shell in one, which is started if need be",
            "exec": "run a command in one",
            "list": "names of the running ones",
        },
    }.items():
        actions = commands.add_parser(name).add_subparsers(dest="action", required=True)
        for action, text in texts.items():
            add_arguments(actions.add_parser(action, help=text), name, action)
    return top


def add_arguments(action_parser, name, action):
    """The positional arguments and options of one action."""
    if (name, action) == ("host", "down"):
        action_parser.add_argument("names", nargs="+")
    elif action in ("up", "down", "exec") and name in ("host", "vm"):
        action_parser.add_argument("name")
    if name == "vm" and action == "ssh":
        action_parser.add_argument("name", nargs="?", default="mine")
    if name == "host" and action in ("up", "build"):
        action_parser.add_argument("suite", choices=images.NAMES)
    if name == "host" and action == "up":
        action_parser.add_argument("--cgroup", choices=["v1", "v2"], help="default: v1 where the machine has it")
    if action == "up-all":
        action_parser.add_argument("hosts", type=json.loads, metavar='[{"name": …, "suite": …, "cgroup": …}, …]')
    if action == "exec":
        action_parser.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- COMMAND")


def act(arguments):
    """Do what the command line says."""
    if arguments.command == "setup":
        packages.setup()
    elif arguments.command == "env":
        print(f"DOCKER_HOST={DOCKER_HOST} LAB_DOCKER_HOST={DOCKER_HOST}")
    elif arguments.command == "clean":
        vm.clean()
        engine.clean()
    elif arguments.command == "engine":
        act_on_engine(arguments.action)
    elif arguments.command == "vm":
        act_on_vm(arguments)
    else:
        act_on_host(arguments)


def act_on_engine(action):
    """engine up|down|status|busybox"""
    if action == "down":
        engine.down()
        return
    if action == "status":
        print(engine.running_pid() or "", end="")
        return
    engine.up()
    print(f"DOCKER_HOST={DOCKER_HOST}" if action == "up" else images.busybox())


def act_on_host(arguments):
    """host build|up|up-all|down|exec|list"""
    if arguments.action in ("build", "up", "up-all"):
        engine.up()
    elif not engine.running_pid():
        if arguments.action in ("down", "list"):
            return
        raise LabError("the lab's engine does not run: start it with 'engine up'.")
    if arguments.action == "build":
        print(images.build(arguments.suite))
    elif arguments.action == "up":
        hosts.up(arguments.name, arguments.suite, arguments.cgroup)
    elif arguments.action == "up-all":
        print(json.dumps(hosts.up_all(arguments.hosts)))
    elif arguments.action == "down":
        hosts.down_all(arguments.names)
    elif arguments.action == "list":
        print("\n".join(hosts.running()))
    else:
        hosts.exec_here(arguments.name, [item for item in arguments.argv if item != "--"] or ["true"])


def act_on_vm(arguments):
    """vm build|up|down|ssh|exec|list"""
    if arguments.action in ("build", "up", "ssh"):
        packages.setup(vm=True)
    if arguments.action == "build":
        print(vm.build().folder)
    elif arguments.action == "list":
        print("\n".join(vm.running()))
    elif arguments.action == "down":
        vm.down(arguments.name)
    elif arguments.action == "exec":
        words = [item for item in arguments.argv if item != "--"] or ["true"]
        _become(vm.ssh_argv(arguments.name, [shlex.join(words)]))
    else:
        vm.up(arguments.name)
        if arguments.action == "up":
            print(vm.ssh_config(arguments.name))
        else:
            say(f"'lab.py vm down {arguments.name}' removes it")
            _become(vm.ssh_argv(arguments.name, []))


def _become(argv):
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    try:
        act(parser().parse_args())
    except LabError as error:
        sys.exit(f"lab: {error}")
