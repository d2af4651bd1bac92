# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a collector hands to the judge: values, reasons why there are none, and work not done yet. Pure.

Which keys there are, and what each holds, is said in judge/evidence_keys.py.
"""

from functools import wraps
from typing import Any, Callable, Dict, NamedTuple, NoReturn


class Unreadable(Exception):
    """Evidence that exists but could not be read: its text is the reason. Never a pass."""


class Meaningless(Unreadable, ValueError):
    """A value of the right type that no engine, kernel or policy gives there: nobody can say what it means."""


class Absent(Exception):
    """Evidence that this kind of subject does not offer: the layer stays silent."""


class Evidence(dict):
    """A dict whose items may be values, reasons why not (Unreadable), or work not done yet (Later).

    Reading an Unreadable raises it; reading a missing item raises Absent; a Later is done once. Collectors write
    into it until it is sealed; from then on it only answers.
    """

    _sealed = False

    def __getitem__(self, key: Any) -> Any:
        value = dict.__getitem__(self, key)
        kind = type(value)  # not isinstance: each rule reads a dozen items of each container
        if kind is not Later and kind is not Unreadable:
            return value
        if kind is Later:
            try:
                value = value.work()
            except Unreadable as reason:
                value = Unreadable(str(reason))
            dict.__setitem__(self, key, value)
        if isinstance(value, Unreadable):
            # A new one: an exception that is kept keeps the frames that it passed, and with them every inspect.
            raise Unreadable(str(value))
        return value

    def __missing__(self, key: Any) -> NoReturn:
        raise Absent(key)

    def seal(self) -> None:
        """Make every later write raise TypeError: what is judged must be what was collected."""
        self._sealed = True

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._sealed:
            _refuse_write(key)
        dict.__setitem__(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if self._sealed:
            _refuse_write(key)
        dict.__delitem__(self, key)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """As dict's, while collectors still write."""
        if self._sealed:
            _refuse_write("update")
        dict.update(self, *args, **kwargs)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """As dict's, while collectors still write."""
        if self._sealed:
            _refuse_write(key)
        return dict.setdefault(self, key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        """As dict's, while collectors still write."""
        if self._sealed:
            _refuse_write(key)
        return dict.pop(self, key, *default)


def _refuse_write(key: object) -> NoReturn:
    raise TypeError(f"evidence is only read once it is judged, and not written: {key!r}")


def results_beside(evidence: Evidence) -> Dict[Any, Any]:
    """Return what was computed of the evidence, for what is computed next of it.

    Beside the host's evidence stands what all of its containers share.
    """
    results: Dict[Any, Any] = evidence.__dict__.setdefault("_results", {})
    return results


def computed_once(work: Callable[[Evidence], Any]) -> Callable[[Evidence], Any]:
    """Decorate a function of the evidence whose result several rules need: the first of them computes it.

    Results are kept beside the evidence's items, so a copy of the evidence, of which some item may differ, has none.
    """

    @wraps(work)
    def known(evidence: Evidence) -> Any:
        results = results_beside(evidence)
        if work not in results:
            results[work] = work(evidence)
        return results[work]

    return known


class Later(NamedTuple):
    """Evidence that is collected only when a predicate asks for it."""

    work: Callable[[], Any]
