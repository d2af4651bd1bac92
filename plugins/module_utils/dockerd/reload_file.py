# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that dockerd starts with and takes in no reload: it validates the file alone then, without flags and defaults. Pure.

moby: daemon/config/config.go (Reload), config_linux.go (verifyUserlandProxyConfig, from 25.0 on).
"""

from typing import Any, List, Mapping, Optional

from ansible_collections.containment.docker.plugins.module_utils.dockerd.settings import engine_release

_SINCE = (25, 0)
PROXY, PROXY_PATH = "userland-proxy", "userland-proxy-path"


def obstacles(settings: Mapping[str, Any], version: Optional[str]) -> List[str]:
    """Keys of this daemon.json with which that dockerd takes no reload. None applies them, so they may be left out for one."""
    release = engine_release(version)
    if release is None or release < _SINCE:
        return []
    return [PROXY] if settings.get(PROXY) is True and not settings.get(PROXY_PATH) else []


def refusal(before: Mapping[str, Any], after: Mapping[str, Any], version: Optional[str]) -> str:
    """Why a file must not become so, "" if nothing is against it. What was there before is left alone."""
    if not obstacles(after, version) or obstacles(before, version):
        return ""
    return (
        f"with {PROXY}: true in the file every reload of dockerd {version} fails, as it looks for {PROXY_PATH} "
        f"there, too: leave the key out (true "
        "is the default), or add that path"
    )
