# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutations of real samples, and the bounds under which a parser reads them."""

import contextlib
import os
import random
import re
import resource
import signal
from typing import Iterator, List, Sequence

INPUTS = int(os.environ.get("FUZZ_INPUTS", "8000"))  # over all parsers together
SEED = int(os.environ.get("FUZZ_SEED", "2026"))
CPU_SECONDS = 2.0  # of one input; the slowest needs some hundredths
MEMORY = 768 << 20  # what the whole run may add to the address space of the tests
LENGTH = 200000  # of one input, in characters or bytes

_TOKENS = (
    "\\ \\\\ ' \" $ ${ $$ % %% = ; : , / - -- # [ ] { } ( ) * \x00 \x1b \x7f \r \n \t \u2028 \ufeff \ud800 \udc80 \u0660 ²"
    " 0 -0 -1 +1 1_0 0x10 010 1e5 1e999 00 4294967295 4294967296 9223372036854775808 true false null NaN Infinity None"
    ' "" {} [] [null] {"":0} .. /../ // . :: ::1 [::1] %2f \\040 \\012 \\x41 \\u0000 \\U0010ffff \\777'
).split(" ") + [" "]
_PART = re.compile(r"[\w.-]+|[^\w.-]")


class TooLong(BaseException):
    """One input took more than CPU_SECONDS. No Exception, as parsers catch those."""


def _late(_number, _frame):
    raise TooLong()


@contextlib.contextmanager
def bounds(seconds: float = CPU_SECONDS) -> Iterator[None]:
    """Run the body with a bound on CPU time (TooLong; anew after each `again`) and on memory (MemoryError)."""
    with open("/proc/self/statm") as stream:
        size = int(stream.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGVTALRM, _late)
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, hard))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGVTALRM, before)


def again() -> None:
    """Begin the time of the next input."""
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)


def extremes(samples: Sequence[str]) -> Iterator[str]:
    """Each sample with each of its numbers too long for Python's int, and with a value nested too deeply for its stack."""
    for text in samples:
        for match in list(re.finditer(r"[0-9]+", text))[:40]:
            yield text[: match.start()] + "9" * 6000 + text[match.end() :]
        for match in list(re.finditer(r"[\[{]", text))[:10]:
            for piece in ("[", '{"a":'):
                yield text[: match.start()] + piece * 30000 + text[match.start() :]


def mutations(samples: Sequence[str], count: int, chance: random.Random) -> Iterator[str]:
    """The extremes, then so many inputs: each sample as it is and cut short, then mutated ones."""
    yield from extremes(samples)
    kept: List[str] = list(samples)
    for number in range(count):
        text = chance.choice(kept)
        if number < len(samples):
            text = samples[number]
        elif number < 2 * len(samples):
            text = samples[number - len(samples)]
            text = text[: chance.randrange(len(text) + 1)]
        else:
            for _round in range(chance.choice((1, 1, 1, 2, 3, 8))):
                text = chance.choice(_MUTATIONS)(text, kept, chance)[:LENGTH]
            if chance.random() < 0.05 and len(text) < 20000:
                kept = kept[-200:] + [text]
        yield text


def _span(text, chance):
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((1, 1, 2, 5, 20, 200)))


def _delete(text, _kept, chance):
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _double(text, _kept, chance):
    start, end = _span(text, chance)
    return text[:end] + text[start:]


def _swap(text, kept, chance):
    start, end = _span(text, chance)
    other = chance.choice(kept)
    first, last = _span(other, chance)
    return text[:start] + other[first:last] + text[end:]


def _token(text, _kept, chance):
    start, end = _span(text, chance)
    return text[:start] + chance.choice(_TOKENS) + text[chance.choice((start, end)) :]


def _word(text, _kept, chance):
    """Another token in place of a whole word or sign."""
    parts = _PART.findall(text[:20000])
    if not parts:
        return chance.choice(_TOKENS)
    parts[chance.randrange(len(parts))] = chance.choice(_TOKENS)
    return "".join(parts) + text[20000:]


def _cut(text, _kept, chance):
    return text[: chance.randrange(len(text) + 1)]


def _lines(text, _kept, chance):
    lines = text.split("\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[chance.choice((one, other))]
    return "\n".join(lines)


def _many(text, _kept, chance):
    """One piece very often: deep nesting, long numbers, long runs that a pattern may try in many ways."""
    if chance.random() < 0.8:
        return text
    start, end = _span(text, chance)
    piece = chance.choice(_TOKENS + [text[start:end], '{"a":', "[", "9", " ", "a"])
    return text[:start] + piece * chance.choice((30, 1000, 5000, 60000)) + text[end:]


def _end(text, _kept, chance):
    """What ends in the middle of something: an escape, a quote, a key."""
    return text.rstrip() + chance.choice(("\\", "'", '"', "=", ":", "-", "$", "${", "%", "{", "[", ",", ";", " \\"))


_MUTATIONS = (_delete, _double, _swap, _token, _token, _word, _word, _cut, _lines, _many, _end)
