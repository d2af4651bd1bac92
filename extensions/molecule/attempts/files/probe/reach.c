/*
 * Copyright (c) 2026, the containment.docker authors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What can be reached: the engine, the host's processes, its services and other containers. At most a ping is sent. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe.h"

static const char PING[] = "GET /_ping HTTP/1.0\r\n\r\n", ANSWER[] = "HTTP/1.";
static const char *const ENGINES[] = {"/run/docker.sock", "/var/run/docker.sock", "/host/run/docker.sock"};

static int ping(int fd) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char few[sizeof ANSWER - 1];

    return write(fd, PING, sizeof PING - 1) == sizeof PING - 1 && poll(&ready, 1, QUIET_MS) == 1 &&
           read(fd, few, sizeof few) == sizeof few && memcmp(few, ANSWER, sizeof few) == 0;
}

void ping_engine(const char *unused) {
    int error = ENOENT;

    (void)unused;
    for (size_t i = 0; i < sizeof ENGINES / sizeof *ENGINES; i++) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        snprintf(address.sun_path, sizeof address.sun_path, "%s", ENGINES[i]);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
            if (errno != ENOENT)
                error = errno;
        } else if (ping(fd)) {
            works(ENGINES[i]);
        }
        close(fd);
    }
    refused_by(error);
}

/* The environment's variable holds ADDRESS:PORT. Connects, and sends nothing. */
void connect_to(const char *variable) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct pollfd ready = {.events = POLLOUT};
    char text[64], *colon;
    int error = ETIMEDOUT;
    socklen_t size = sizeof error;

    snprintf(text, sizeof text, "%s", getenv(variable) ? getenv(variable) : "");
    colon = strchr(text, ':');
    if (!colon)
        absent("no address given");
    *colon = 0;
    inet_pton(AF_INET, text, &address.sin_addr);
    address.sin_port = htons((unsigned short)atoi(colon + 1));
    ready.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connect(ready.fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS)
        refused_by(errno);
    if (poll(&ready, 1, QUIET_MS) == 1)
        getsockopt(ready.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        refused_by(error);
    works(text);
}

/* Whether process 1 below `place` is the host's init, and not what the container was started with. */
static int shows_init(const char *place) {
    char path[64], name[16] = "";
    FILE *comm;

    snprintf(path, sizeof path, "%s/proc/1/comm", place);
    comm = fopen(path, "r");
    if (!comm)
        return 0;
    if (!fgets(name, sizeof name, comm))
        name[0] = 0;
    fclose(comm);
    return strcmp(name, "systemd\n") == 0 || strcmp(name, "init\n") == 0;
}

void see_processes(const char *unused) {
    (void)unused;
    if (shows_init(""))
        works("/proc");
    if (shows_init("/host"))
        works("/host/proc");
    refused("only its own");
}

/* Signal 0: whether it could be sent. */
void signal_processes(const char *unused) {
    (void)unused;
    if (!shows_init(""))
        refused("only its own");
    if (kill(1, 0) != 0)
        refused_by(errno);
    works("process 1");
}

/* In a cgroup namespace of its own, a container's own group reads "/". */
void see_control_groups(const char *unused) {
    char line[512];
    FILE *groups = fopen("/proc/self/cgroup", "r");

    (void)unused;
    if (!groups)
        refused_by(errno);
    while (fgets(line, sizeof line, groups)) {
        const char *path = strrchr(line, ':');

        if (path && strcmp(path, ":/\n") != 0)
            works("names");
    }
    refused("only its own");
}

/* A segment of the host's, whose key the environment's variable holds; not even attached. */
void see_shared_memory(const char *variable) {
    const char *key = getenv(variable);

    if (!key)
        absent("no key given");
    if (shmget((key_t)strtol(key, NULL, 0), 0, 0) >= 0)
        works("a segment of the host's");
    if (errno == ENOENT)
        refused("only its own");
    refused_by(errno);
}
