# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases of the rule restart-policy."""

from ..subjects import Case


def policy(name, tries=0):
    return {("inspect", "HostConfig", "RestartPolicy"): {"Name": name, "MaximumRetryCount": tries}}


CASES = (
    Case("container", "pass", "on-failure, five times", seen="on-failure with 5 tries"),
    Case("container", "pass", "none", policy("no"), "is no"),
    Case("container", "pass", "a swarm's task has an empty one", policy(""), "is no"),
    Case("container", "pass", "a request that names none", {("inspect", "HostConfig", "RestartPolicy"): None}, "is no"),
    Case("container", "fail", "always", policy("always"), "always"),
    Case("container", "fail", "unless-stopped", policy("unless-stopped"), "unless-stopped"),
    Case("container", "fail", "on-failure for ever", policy("on-failure"), "no limit of tries"),
    Case("container", "fail", "too many tries", policy("on-failure", 6), "6 tries"),
    Case("container", "unknown", "a policy that dockerd does not know", policy("ON-FAILURE", 5), "does not know"),
    Case("container", "unknown", "tries that are no number", policy("on-failure", "5"), "has a whole number"),
    Case("container", "unknown", "no mapping", {("inspect", "HostConfig", "RestartPolicy"): "no"}, "has an object"),
)

CREATED = {"restart": [("add", "--restart=on-failure:5", 'restart: "on-failure:5"')]}
