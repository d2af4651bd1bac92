# Copyright (c) 2026, the containment.docker authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of this project. `make env` first; then `build/venv/bin/nox -l` lists them, `nox -s NAME` runs one.

`make test` runs them all and adds up what they ran (tools/run_tests.py).
"""

import fcntl
import json
import os
import pathlib
import shutil
import sys

import antsibull_nox
import nox

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))
import junit  # noqa: E402
import matrix  # noqa: E402

sys.path.insert(0, str(ROOT / "lab"))
import paths  # noqa: E402

BUILD = ROOT / "build"
RESULTS = BUILD / "results"
REQUIREMENTS = ROOT / "tests" / "requirements"
FOUND = matrix.interpreters.list_pythons()
UNIT = "tests/unit"
TARGETS = ROOT / "tests" / "integration" / "targets"
# What runs on a target, and so on every Python from 3.6 on. The rest of the unit tests needs ansible-core itself.
TARGET_UNITS = (f"{UNIT}/plugins/module_utils", f"{UNIT}/plugins/modules")

nox.options.default_venv_backend = "uv"
nox.options.envdir = str(BUILD / "nox")
os.environ.update(
    PATH=matrix.interpreters.path(first=[BUILD / "venv" / "bin"]),
    ANSIBLE_COLLECTIONS_PATH=str(BUILD / "collections"),
    ANSIBLE_HOME=str(BUILD / "ansible"),
    ANTSIBULL_NOX_INSTALL_COLLECTIONS="never",
    PYTHONDONTWRITEBYTECODE="1",
    LAB_DOCKER_HOST=paths.DOCKER_HOST,
    UV_CACHE_DIR=str(BUILD / "cache" / "uv"),
    UV_CONSTRAINT=str(REQUIREMENTS / "lint.txt"),
)
RESULTS.mkdir(parents=True, exist_ok=True)
antsibull_nox.load_antsibull_nox_toml()


def install(session, *arguments):
    """Install exactly what a pinned file of this project says, without the constraints of the linters."""
    session.install(*arguments, env={"UV_CONSTRAINT": ""})


def add_units(version):
    """units-3.x: the target-side code on one Python; from 3.10 on also the filters, with the newest core it runs.

    Between the oldest and the newest Python without what takes longest: UNITS_OF_ENDS in tools/matrix.py.
    """

    @nox.session(name=f"units-{version}", python=version)
    def units(session):
        """Unit tests on one Python."""
        install(session, "-r", str(REQUIREMENTS / "units.txt"))
        paths, python_path = TARGET_UNITS, [str(BUILD / "collections")]
        if version in matrix.CONTROLLER:
            install(session, "-r", str(REQUIREMENTS / "formats.txt"))
            session.install("ansible-core")
            paths = (UNIT,)
        else:
            python_path.append(str(module_utils_of_core_216(session)))
        results = RESULTS / f"units-{version}.xml"
        left_out = [f"--ignore={path}" for path in matrix.left_out_units(version, list(FOUND))]
        command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}", *left_out, *paths]
        session.run(*command, *session.posargs, env={"PYTHONPATH": ":".join(python_path)})


def module_utils_of_core_216(session):
    """ansible.module_utils as ansible-core 2.16 ships them to Python 3.6 targets: a folder for PYTHONPATH."""
    folder = BUILD / "core216"
    with open(BUILD / "core216.lock", "w", encoding="ascii") as handle:  # two Pythons may begin at once
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "ansible").is_dir():
            pins = (REQUIREMENTS / "core216.txt").read_text(encoding="utf-8").splitlines()
            core = next(line for line in pins if line.startswith("ansible-core=="))
            python = FOUND[matrix.core_216_python()]
            command = [
                "uv",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--python",
                python,
                "--target",
                str(folder),
                core,
            ]
            session.run(*command, external=True, env={"UV_CONSTRAINT": ""})
    return folder


def add_sanity(name, requirements, version, parts=((),)):
    """sanity-…: ansible-test sanity of one ansible-core over a copy of the checkout, on every Python it supports.

    parts: the arguments of ansible-test sanity, for each run of it.
    """

    @nox.session(name=f"sanity-{name}", python=version)
    def sanity(session):
        """ansible-test sanity of one ansible-core."""
        install(session, *requirements)
        home = BUILD / f"sanity-{name}"
        tree = home / "ansible_collections" / "containment" / "docker"
        copy_checkout(session, tree)
        (site_packages,) = pathlib.Path(session.virtualenv.location).glob("lib/python3*/site-packages")
        matrix.prepare_pip_for_ansible_test(home, site_packages)
        with session.chdir(tree):
            # HOME: ansible-test keeps its environments there; the locale must be UTF-8
            environment = {"HOME": str(home), "ANSIBLE_COLLECTIONS_PATH": str(home), "LC_ALL": "C.UTF-8"}
            command = ["ansible-test", "sanity", "--venv", "--color", "no", "--junit"]
            reports = set()
            for part in (session.posargs,) if session.posargs else parts:
                session.run(*command, *part, env=environment, success_codes=[0, 1])
                # status 1 is that of a failed test, and of a run that ended before any
                earlier, reports = reports, set((tree / "tests" / "output" / "junit").glob("*.xml"))
                if reports == earlier:
                    session.error(f"no report of ansible-test sanity {' '.join(part)}")
        for report in reports:
            shutil.copy(report, RESULTS / f"sanity-{name}-{report.name}")
        failed = [failure.test for failure in junit.failures(sorted(reports))]
        if failed:
            session.error(f"ansible-test sanity failed: {', '.join(failed)}")


def copy_checkout(session, tree):
    """What git knows or would add, at the path that ansible-test demands; git there too, or it finds no files."""
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    listed = session.run(
        "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", external=True, silent=True
    )
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    session.run("git", "init", "--quiet", str(tree), external=True)
    session.run("git", "-C", str(tree), "add", "--all", external=True)


def integration_targets():
    """Names of the targets, as ansible-test would find them; a hidden one is only what others depend on."""
    aliases = sorted(TARGETS.glob("*/aliases"))
    return [path.parent.name for path in aliases if "hidden" not in path.read_text(encoding="utf-8").split()]


def add_integration(core, requirements, controller, collections, target):
    """integration-…: the modules executed by one ansible-core with one target Python against a live engine."""

    @nox.session(name=f"integration-{core}-py{target}", python=controller)
    def integration(session):
        """The modules executed by one ansible-core with one target Python."""
        install(session, *requirements)
        scratch = pathlib.Path(session.create_tmp()) / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        variables = {
            **engine_variables(session),
            "ansible_python_interpreter": FOUND[target],
            "prefix": f"containment-it-{core}-{target}",  # another core's may run beside it
            "scratch": str(scratch),
            "targets": integration_targets(),
        }
        playbook = ["ansible-playbook", "-i", "localhost,", "-c", "local", "tests/integration/targets.yml"]
        extra = ("-e", json.dumps(variables))
        environment = {"ANSIBLE_COLLECTIONS_PATH": str(BUILD / collections), "ANSIBLE_ROLES_PATH": str(TARGETS)}
        session.run(*playbook, *extra, *session.posargs, env=environment)


def add_ansible_test_integration(requirements, controller, target):
    """ansible-test-integration: the same targets as ansible-test itself runs them, from a copy of the checkout.

    target: the Python that executes modules, the oldest that the newest core serves; without it the controller's does.
    """

    @nox.session(name="ansible-test-integration", python=controller)
    def ansible_test_integration(session):
        """Each integration target by ansible-test, against a live engine."""
        install(session, *requirements)
        home = BUILD / "ansible-test-integration"
        tree = home / "ansible_collections" / "containment" / "docker"
        copy_checkout(session, tree)
        posix = tree.parents[1] / "ansible" / "posix"
        shutil.rmtree(posix, ignore_errors=True)
        shutil.copytree(BUILD / "collections" / "ansible_collections" / "ansible" / "posix", posix)
        scratch = pathlib.Path(session.create_tmp()) / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        variables = {**engine_variables(session), "prefix": "containment-it-ansible-test", "scratch": str(scratch)}
        if target:
            variables["ansible_python_interpreter"] = target
        # ansible-test hands this file to each play
        (tree / "tests" / "integration" / "integration_config.yml").write_text(json.dumps(variables), encoding="utf-8")
        with session.chdir(tree):
            # HOME: ansible-test keeps its own files there; the locale must be UTF-8
            environment = {"HOME": str(home), "ANSIBLE_COLLECTIONS_PATH": str(home), "LC_ALL": "C.UTF-8"}
            command = ["ansible-test", "integration", "--local", "--allow-unsupported", "--color", "no"]
            session.run(*command, *session.posargs, env=environment)


def engine_variables(session):
    """The lab's engine and an image in it, for the targets."""
    lab = [sys.executable, str(ROOT / "lab" / "lab.py"), "engine"]
    image = session.run(*lab, "busybox", external=True, silent=True).strip().splitlines()[-1]
    return {"engine": os.environ["LAB_DOCKER_HOST"], "image": image}


def add_molecule(scenario):
    """molecule-…: one scenario on fresh hosts, which the scenario `default` makes and removes."""

    @nox.session(name=f"molecule-{scenario}", venv_backend="none", default=scenario not in matrix.BY_HAND)
    def molecule(session):
        """One Molecule scenario on fresh hosts."""
        state = BUILD / "molecule-state" / scenario
        # A run that was ended by force leaves there that its hosts are made and prepared.
        shutil.rmtree(state, ignore_errors=True)
        environment = {"MOLECULE_EPHEMERAL_DIRECTORY": str(state)}
        session.run("molecule", "test", "-s", scenario, *session.posargs, external=True, env=environment)


for python in FOUND:
    add_units(python)
DEV = ("-r", str(REQUIREMENTS / "dev.txt"))
CORE_216 = ("-r", str(REQUIREMENTS / "core216.txt"))
if matrix.core_216_python():
    add_sanity("2.16", CORE_216, matrix.core_216_python(), matrix.sanity_216_parts(FOUND))
    if "3.6" in FOUND:
        add_integration("2.16", CORE_216, matrix.core_216_python(), "collections-2.16", "3.6")
if matrix.newest_core_python():
    add_sanity("newest", DEV, matrix.newest_core_python(), matrix.sanity_newest_parts(FOUND))
    add_ansible_test_integration(DEV, matrix.newest_core_python(), FOUND.get("3.9"))
for file in sorted(ROOT.glob("extensions/molecule/*/molecule.yml")):
    add_molecule(file.parent.name)


@nox.session
def mypy(session):
    """Types of the code that the collection ships, by the table in mypy.ini."""
    session.install("mypy")
    package = "ansible_collections.containment.docker.plugins"
    command = ["mypy", "--config-file", "mypy.ini", "--cache-dir", str(BUILD / "cache" / "mypy"), "-p", package]
    session.run(*command, *session.posargs, env={"MYPYPATH": str(BUILD / "collections")})


@nox.session
def browser(session):
    """The report page in Debian's Chromium: it filters, loads nothing, and axe-core finds no violation."""
    install(session, "-r", str(REQUIREMENTS / "browser.txt"))
    session.install("ansible-core")
    tests, modules = ROOT / "tests" / "browser", BUILD / "browser"
    modules.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(tests / name, modules / name)
    session.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(modules), external=True)
    environment = {
        "PYTHONPATH": f"{BUILD / 'collections'}:{tests}",
        "AXE": str(modules / "node_modules" / "axe-core" / "axe.min.js"),
    }
    results = RESULTS / "browser.xml"
    command = ["python", "-m", "pytest", "-q", "-rP", "-p", "no:cacheprovider", f"--junitxml={results}", str(tests)]
    session.run(*command, *session.posargs, env=environment)


@nox.session
def artifact(session):
    """What a release consists of, in build/dist: the archive, checked as Galaxy does, its SBOM and checksums."""
    session.install("ansible-core", "galaxy-importer")
    tree, dist = BUILD / "artifact" / "ansible_collections" / "containment" / "docker", BUILD / "dist"
    copy_checkout(session, tree)
    shutil.rmtree(dist, ignore_errors=True)
    with session.chdir(tree):
        session.run("ansible-galaxy", "collection", "build", "--output-path", str(dist))
    session.run("python", "tools/release_files.py", str(dist))


@nox.session
def docs(session):
    """The documentation site in build/site, the changelog, and the execution environment as ansible-builder reads it."""
    install(session, "-r", str(REQUIREMENTS / "docs.txt"))
    session.run("python", "tools/build_site.py", *session.posargs)
    session.run("python", "tools/render_changelog.py", "--check")
    context = BUILD / "execution-environment"
    session.run("python", "tools/execution_environment.py", str(context))


@nox.session(default=False)
def changelog(session):
    """Render CHANGELOG.md and CHANGELOG.rst from the fragments."""
    install(session, "-r", str(REQUIREMENTS / "docs.txt"))
    session.run("python", "tools/render_changelog.py", *session.posargs)


@nox.session(venv_backend="none")
def commands(session):
    """Each command of README, tutorials and examples, with the built collection installed, on hosts of the lab."""
    results = RESULTS / "commands.xml"
    command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}", "--durations=10"]
    session.run(*command, "tests/commands", *session.posargs, external=True)


@nox.session
def monitoring(session):
    """The alerts and the dashboard over the metrics that are written, by Prometheus's promtool."""
    install(session, "-r", str(REQUIREMENTS / "units.txt"), "-r", str(REQUIREMENTS / "formats.txt"))
    session.install("ansible-core")
    results = RESULTS / "monitoring.xml"
    command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}", "tests/monitoring"]
    session.run(*command, *session.posargs, env={"PYTHONPATH": str(BUILD / "collections")})


@nox.session(venv_backend="none")
def demo(session):
    """make demo's main job, end to end."""
    session.run("python", "tests/demo/demo.py", *session.posargs, external=True)
