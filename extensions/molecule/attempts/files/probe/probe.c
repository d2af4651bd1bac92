/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/*
 * Tries, inside a container, what a contained process must not be able to do. Prints a line for each attempt:
 *
 *     id works WITH | id refused WHY | id absent WHY
 *
 * Absent: there is nothing here to attempt it on. Usage: probe
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

#define SECONDS 5 /* for one attempt */
#define SETUID_PROBE "/setuid-probe"

static const struct attempt {
    const char *id;
    void (*try)(const char *argument);
    const char *argument;
} ATTEMPTS[] = {
    {"core-pattern", open_for_writing, "/proc/sys/kernel/core_pattern"},
    {"sysrq-trigger", open_for_writing, "/proc/sysrq-trigger"},
    {"irq-affinity", open_for_writing, "/proc/irq/*/smp_affinity"},
    {"vm-sysctl", open_for_writing, "/proc/sys/vm/overcommit_memory"},
    {"fs-sysctl", open_for_writing, "/proc/sys/fs/suid_dumpable"},
    {"uevent-helper", open_for_writing, "/sys/kernel/uevent_helper"},
    {"sys-file", open_for_writing, "/sys/kernel/mm/*/enabled"},
    {"control-group", open_for_writing,
     "/sys/fs/cgroup/{cgroup.max.descendants,system.slice/cgroup.max.descendants,pids/pids.max}"},
    {"kcore", read_few, "/proc/kcore"},
    {"keys", read_few, "/proc/keys"},
    {"timer-list", read_few, "/proc/timer_list"},
    {"mount-tmpfs", mount_tmpfs, NULL},
    {"mount-cgroup", mount_cgroup, NULL},
    {"release-agent", open_release_agent, NULL},
    {"remount-proc-sys", remount_proc_sys, "/proc/sys/kernel/core_pattern"},
    {"remount-sys", remount_sys, "/kernel/mm/*/enabled"},
    {"block-device", open_block_device, NULL},
    {"user-namespace", new_user_namespace, NULL},
    {"keyctl", use_keyctl, NULL},
    {"bpf", use_bpf, NULL},
    {"perf", use_perf, NULL},
    {"crypto-socket", open_crypto_socket, NULL},
    {"setuid", become_root, SETUID_PROBE},
    {"host-file", create_file, "/host/owned"},
    {"host-secret", open_secret, "/host/etc/shadow"},
    {"open-by-handle", open_by_handle, NULL},
    {"engine-socket", ping_engine, NULL},
    {"see-processes", see_processes, NULL},
    {"signal-processes", signal_processes, NULL},
    {"see-control-groups", see_control_groups, NULL},
    {"shared-memory", see_shared_memory, "PROBE_SHARED_MEMORY"},
    {"host-loopback", connect_to, "PROBE_LOOPBACK"},
    {"neighbour", connect_to, "PROBE_NEIGHBOUR"},
};

static const char *current;

static _Noreturn void tell(const char *outcome, const char *why) {
    printf("%s %s %s\n", current, outcome, why);
    fflush(stdout);
    _exit(0);
}

_Noreturn void works(const char *with) {
    tell("works", with);
}

_Noreturn void refused(const char *why) {
    tell("refused", why);
}

_Noreturn void absent(const char *why) {
    tell("absent", why);
}

_Noreturn void refused_by(int error) {
    const char *name = strerrorname_np(error);

    if (error == ENOENT || error == ENOSYS || error == ENODEV || error == ENXIO || error == EOPNOTSUPP)
        absent(name);
    refused(name ? name : "unknown");
}

/* The attempt in a child of its own; how it ended, where it could not say so itself. */
static void run(const struct attempt *attempt) {
    int status;
    pid_t child = fork();

    current = attempt->id;
    if (child < 0)
        printf("%s absent fork\n", current);
    if (child == 0) {
        alarm(SECONDS);
        attempt->try(attempt->argument);
        _exit(1);
    }
    if (child > 0 && waitpid(child, &status, 0) == child && status != 0)
        printf("%s refused %s\n", current, WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "no answer");
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc == 1 && strcmp(argv[0], SETUID_PROBE) == 0) {
        current = "setuid";
        tell_if_root();
    }
    for (size_t i = 0; i < sizeof ATTEMPTS / sizeof *ATTEMPTS; i++)
        run(&ATTEMPTS[i]);
    return 0;
}
