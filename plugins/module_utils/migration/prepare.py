# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make images, volumes, networks and containers in the new root, while the first engine and its containers work on."""

import time
from typing import Any, Dict, Mapping

from ansible_collections.containment.docker.plugins.module_utils.common.text import inert
from ansible_collections.containment.docker.plugins.module_utils.docker_api import container_name
from ansible_collections.containment.docker.plugins.module_utils.docker_api.client import Engine, EngineError, quote
from ansible_collections.containment.docker.plugins.module_utils.migration import (
    bulk_copy,
    definition,
    facts,
    images,
    pull,
    record,
    second_engine,
    tree,
)
from ansible_collections.containment.docker.plugins.module_utils.migration.definition import Definition
from ansible_collections.containment.docker.plugins.module_utils.migration.model import COPY, CREATE, STOPPED
from ansible_collections.containment.docker.plugins.module_utils.migration.sandbox import CommandError
from ansible_collections.containment.docker.plugins.module_utils.migration.work import Failed, Work


class NewRoot:
    """What the new root has now. volumes: name -> directory in the new root. copied: name of a volume that has a first copy ->
    what `bulk_copy.copy_live` returned."""

    def __init__(self) -> None:
        self.definitions: Dict[str, Definition] = {}
        self.volumes: Dict[str, str] = {}
        self.copied: Dict[str, int] = {}
        self.seconds = 0.0


def prepare(work: Work) -> NewRoot:
    """Start the second engine and fill it. Raises Failed, JournalError; everything it made is in the record by then."""
    begin = time.monotonic()
    new_root, old, new = NewRoot(), work.host.engine(second_engine.PATIENCE), second_engine.engine()
    try:
        work.enter(record.PREPARING)
        if work.options.pull:
            _pull(work, new)
        second_engine.start(work.record.program, work.record.config)
        new_ids = _images(work, old, new)
        work.enter(record.PREPARING, images=tuple(new_ids.values()))
        _networks(work, new)
        _volumes(work, new, new_root)
        _containers(work, new, new_root, new_ids)
    except (EngineError, CommandError, tree.Unshiftable) as error:
        raise Failed(inert(error))
    except (LookupError, TypeError) as error:
        raise Failed(f"an answer of the engine has an unexpected shape: {type(error).__name__}: {inert(error)}")
    except OSError as error:
        raise Failed(f"{error.filename or 'a file'}: {error.strerror}")
    finally:
        old.close()
        new.close()
    new_root.seconds = time.monotonic() - begin
    return new_root


def _images(work: Work, old: Engine, new: Engine) -> Dict[str, str]:
    wanted = images.wanted(work.facts.images, _coming(work), work.options.all_images)
    present = {item["Id"] for item in new.get("/images/json?all=1")}
    missing = [image for image in wanted if image.id not in present]
    with work.progress.copying(f"{len(missing)} images", sum(image.size for image in wanted)):
        images.copy(old, new, missing, work.progress.watched)
    return images.identify(old, new, wanted)


def _pull(work: Work, new: Engine) -> None:
    """What a registry has for another platform than this host's does not arrive by this, and is copied afterwards."""
    coming = images.from_registries(images.wanted(work.facts.images, _coming(work), work.options.all_images))
    if coming:
        variables = pull.proxies(work.host.unit_status().main_pid)
        second_engine.start(work.record.program, work.record.config, variables)
        with work.progress.copying(f"{len(coming)} images from registries", 0):
            pull.pull(new, coming)


def _coming(work: Work) -> Any:
    names = set(work.plan.names("container", CREATE, STOPPED))
    return [inspect for inspect in work.facts.containers if container_name.inspected(inspect) in names]


def _networks(work: Work, new: Engine) -> None:
    names = set(work.plan.names("network", CREATE))
    for network in work.facts.networks:
        if inert(network["Name"]) in names:
            work.enter(record.PREPARING, networks=work.record.networks + (network["Name"],))
            answer = new.create("/networks/create", definition.network_request(network))
            bridges = facts.bridges([dict(network, Id=answer["Id"])])
            work.enter(record.PREPARING, new_bridges=work.record.new_bridges + bridges)


def _volumes(work: Work, new: Engine, new_root: NewRoot) -> None:
    copy, create = set(work.plan.names("volume", COPY)), set(work.plan.names("volume", CREATE))
    settled: Dict[int, int] = {}
    for volume in work.facts.volumes:
        name = volume.inspect["Name"]
        if inert(name) not in copy | create:
            continue
        work.enter(record.PREPARING, volumes=work.record.volumes + (name,))
        answer = new.create("/volumes/create", definition.volume_request(volume.inspect))
        if inert(name) in copy:
            new_root.volumes[name] = answer["Mountpoint"]
            if bulk_copy.can_update(volume.inspect["Mountpoint"]):
                content = volume.content or tree.NOTHING
                with work.progress.copying(f"volume {name}", content.size, answer["Mountpoint"]):
                    source, target = volume.inspect["Mountpoint"], answer["Mountpoint"]
                    new_root.copied[name] = bulk_copy.copy_live(
                        source, target, work.facts.ids, content.identities, settled
                    )


def _containers(work: Work, new: Engine, new_root: NewRoot, new_ids: Mapping[str, str]) -> None:
    names = {inspect["Id"]: container_name.inspected(inspect) for inspect in work.facts.containers}
    wanted = [
        definition.definition(
            inspect,
            names,
            images.reference(inspect, work.facts.images, new_ids),
            names[inspect["Id"]] in work.facts.expected.host_users,
        )
        for inspect in _coming(work)
    ]
    for item in definition.create_order(wanted):
        work.enter(record.PREPARING, containers=work.record.containers + (item.name,))
        new.create(f"/containers/create?name={quote(item.name)}", item.body)
        for network, endpoint in item.networks:
            new.post(f"/networks/{quote(network)}/connect", {"Container": item.name, "EndpointConfig": endpoint})
        new_root.definitions[item.name] = item
