# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit costs, beside its peers, on real containers. Prints a table; build/bench/ gets it and bench.json.

BENCH_N="10 100 200 300": how many containers. BENCH_LOOP_N="10 100": with how many the loop over docker_container_info
is run, which costs seconds for each ten. BENCH_ROUNDS=5: samples of each, of which the median counts.
BENCH_SUITE=trixie: the host. BENCH_FILES=20000, BENCH_LARGE=4, BENCH_MB=1000: the tree that a migration copies, half of it in so
many large files, BENCH_COPIES times (as often as BENCH_ROUNDS). BENCH_ONLY=copies measures nothing else.
"""

import json
import os
import signal
import sys

import host
import ratios
import report

LABELLED = (10, 30)
LABEL_LINES, LABEL_LENGTH = 32, 32 * 1024  # 1 MiB; docker takes lines of up to 64 KiB


def numbers(name, default):
    """A list of numbers from the environment, ascending."""
    return sorted({int(number) for number in os.environ.get(name, default).replace(",", " ").split()})


def say(text):
    """Progress, on stderr."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def checked(samples, containers):
    """The samples; the run ends if the audit did not see each container, for then its cost means nothing."""
    for sample in samples["posture_info"] + samples.get("audit", []):
        if sample["containers"] != containers or sample["unknown"]:
            sys.exit(f"bench: of {containers} containers the audit judged {sample}")
    return samples


def with_large_labels(rounds):
    """[(containers, samples)] with 1 MiB of labels on each."""
    host.shell(
        f"for i in $(seq {LABEL_LINES}); do printf 'large%s=' $i; head -c {LABEL_LENGTH} /dev/zero | tr '\\0' x; echo; "
        "done >/srv/labels"
    )
    samples, there = [], 0
    for count in LABELLED:
        say(f"{count} containers with 1 MiB of labels each")
        host.start(there + 1, count, "--label-file /srv/labels")
        there = count
        samples.append((count, checked(host.measure(rounds, "posture_info"), count)))
    host.remove_containers()
    return samples


def growing(counts, loop_counts, rounds):
    """([(containers, samples)], [(containers, {play: CPU})]) for more and more ordinary containers."""
    samples, plays, there = [], [], 0
    for count in sorted({*counts, *loop_counts}):
        say(f"{count} ordinary containers")
        host.start(there + 1, count)
        there = count
        if count in counts:
            names = ("posture_info", "audit", "ping", "limit", "inspect", "forecast", "forecast without search")
            samples.append((count, checked(host.measure(rounds, *names), count)))
        if count in loop_counts:
            say(f"docker_container_info in a loop over {count} containers")
            names = [f"bench-{number}" for number in range(1, count + 1)]
            loop = {
                "community.docker.docker_container_info": {"name": "{{ item }}"},
                "loop": names,
                "environment": {"PYTHONPATH": host.REQUESTS},
            }
            audit = {"containment.docker.posture_info": {}}
            ping = {"ansible.builtin.ping": {}}
            plays.append(
                (count, {"ping": host.play([ping]), "posture_info": host.play([audit]), "loop": host.play([loop])})
            )
    return samples, plays


def copied(rounds):
    """The tree that was copied, and the seconds that it took by kind."""
    defaults = {"files": ("BENCH_FILES", 20000), "megabytes": ("BENCH_MB", 1000), "large": ("BENCH_LARGE", 4)}
    defaults["copies"] = ("BENCH_COPIES", rounds)
    tree = {key: int(os.environ.get(*map(str, pair))) for key, pair in defaults.items()}
    return dict(tree, seconds=host.copies(*tree.values(), rounds))


def main():
    """The whole run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rounds = int(os.environ.get("BENCH_ROUNDS", "5"))
    counts, loop_counts = numbers("BENCH_N", "10 100 200 300"), numbers("BENCH_LOOP_N", "10 100")
    if len(counts) < 2 or len(loop_counts) < 2 or loop_counts[0] < 1:
        sys.exit("bench: BENCH_N and BENCH_LOOP_N need two numbers or more: growth is what is measured")
    if counts[0] < 10:
        sys.exit(
            "bench: BENCH_N begins at 10: of fewer containers the engine tells in one piece, which limit.py does not read"
        )
    try:
        host.up(os.environ.get("BENCH_SUITE", "trixie"))
        where = host.shell("docker version -f '{{.Server.Version}}'; python3 -V").split("\n")
        if os.environ.get("BENCH_ONLY") == "copies":
            tree = copied(rounds)
            print(ratios.copies_table({"tree": tree}), *ratios.copies_goals(tree), sep="\n")
            return
        labelled = with_large_labels(min(rounds, 3))
        ordinary, plays = growing(counts, loop_counts, rounds)
        say("the search for setuid files, and a migration's copies")
        search = host.search("/usr")
        tree = copied(rounds)
    finally:
        host.down()
    results = {
        "engine": where[0],
        "python": where[1],
        "processors": os.cpu_count(),
        "load": os.getloadavg()[1],
        "ordinary": ordinary,
        "labelled": labelled,
        "plays": plays,
        "search": search,
        "tree": tree,
    }
    (host.OUT / "bench.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    text = report.render(results)
    (host.OUT / "bench.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
