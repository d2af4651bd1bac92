# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every parser over mutated real samples: it returns, or refuses in its own way, in bounded time and memory.

FUZZ_INPUTS (over all parsers together) and FUZZ_SEED in the environment make the run longer, or another one.
"""

import io
import os
import random
import re

import pytest

from ansible_collections.containment.docker.plugins import module_utils

from . import mutate, parsers
from .parsers import PARSERS

EACH = max(1, mutate.INPUTS // len(PARSERS))


@pytest.mark.parametrize("parser", PARSERS, ids=[parser.name for parser in PARSERS])
def test_returns_or_refuses(parser):
    chance = random.Random("%d %s" % (mutate.SEED, parser.name))
    read = 0
    with mutate.bounds():
        for text in mutate.mutations(parser.samples, EACH, chance):
            data = text.encode("utf-8", "surrogatepass") if parser.binary else text
            mutate.again()
            try:
                parser.read(data)
                read += 1
            except parser.refuses:
                continue
            except BaseException as error:
                pytest.fail("%s(%s): %s: %s" % (parser.name, _as_text(data), type(error).__name__, str(error)[:300]))
    assert read, "nothing is read, so nothing is tested"


def _as_text(data):
    text = repr(data)
    return text if len(text) < 2000 else "%s … %s, length %d" % (text[:1200], text[-200:], len(data))


def test_real_samples_are_read():
    for parser in PARSERS:
        for text in parser.samples[:1]:
            parser.read(text.encode("utf-8", "surrogateescape") if parser.binary else text)


# What a person wrote as a module's option, which argument_spec has checked already; and what only wraps another parser.
NOT_HERE = {
    "audit/audit",
    "common/waiver",
    "forecast/waived",
    "migration/expected",
    "judge/waiver_findings",
    "denials/waivers",
    "denials/records",
    "docker_api/integers",
    "judge/waiver",
    "kernel_mounts/waivers",
    "remediation/run",
    "transaction/preflight",
}


def test_no_parser_is_left_out():
    table = io.open(parsers.__file__, encoding="utf-8").read()
    top = list(module_utils.__path__)[0]
    for folder, _folders, names in os.walk(top):
        for name in names:
            if name.endswith(".py"):
                text = io.open(os.path.join(folder, name), encoding="utf-8").read()
                module = os.path.relpath(os.path.join(folder, name), top)[:-3]
                if re.search(r"^def (parse|decode|scan|split)\w*\(", text, re.M) and module not in NOT_HERE:
                    assert re.search(r"\b%s\b" % name[:-3], table), module


def _endless(text):
    while True:
        text = text[1:] or "a"


def _growing(_text):
    kept = []
    while True:
        kept.append("a" * (1 << 20))


@pytest.mark.parametrize("read, kind", [(_endless, mutate.TooLong), (_growing, MemoryError)])
def test_what_has_no_end_is_ended(read, kind):
    with pytest.raises(kind), mutate.bounds(0.3 if kind is mutate.TooLong else 20):
        read("abc")


def test_a_seed_gives_the_same_inputs():
    def run():
        return list(mutate.mutations(["dockerd --icc=false", "a\nb"], 500, random.Random("7")))

    assert run() == run() and len(set(run())) > 250
