# Copyright: (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a site allows: the measure that some rules judge by."""

from typing import Any, Dict

# moby: oci/caps/defaults.go, DefaultCapabilities
DEFAULT_CAPABILITIES = (
    "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
    "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
)

DEFAULT = {
    "allowed_capabilities": DEFAULT_CAPABILITIES,
    # host paths that containers may mount although they are sensitive; a directory allows what is below it
    "allowed_mounts": (),
    # host devices, as /dev/fuse
    "allowed_devices": (),
    # registries that may be spoken to without TLS, as docker info shows them; loopback always may
    "allowed_insecure_registries": (),
}  # type: Dict[str, Any]
