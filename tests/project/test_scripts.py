"""Test scripts/serve and scripts/check on a copy, with every outside command faked."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TOOLS = ("easel", "ruff", "mypy", "lint-imports")
BASICS = ("bash", "cat", "cp", "cut", "dirname", "env", "mkdir", "sed", "sh", "sha256sum", "timeout", "touch")
FAKE_PYTHON = f"""#!/bin/sh
echo "python $*" >>"$LOG"
case "$*" in
  *urlopen*) exit "${{INDEX_DOWN:-0}}" ;;
  *version_info*) exit "${{PYTHON_OLD:-0}}" ;;
  *ensurepip*) [ -z "$NO_ENSUREPIP" ] || [ -e apt-ran ] ;;
  "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "-m pip show torch") echo "Version: 2.13.0${{INSTALLED_BUILD-+cpu}}" ;;
  "-m pip install"*)
    [ -z "$PIP_FAILS" ] || exit 1
    for tool in {" ".join(TOOLS)}; do cp "$FAKES/tool" ".venv/bin/$tool"; done ;;
esac
"""
FAKE_TOOL = """#!/bin/sh
echo "${0##*/} $*" >>"$LOG"
[ "$FAILS" != "${0##*/} $*" ]
"""
FAKE_APT = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
touch apt-ran
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def write_command(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def run(tmp_path: Path, log: Path) -> Run:
    """Run a script of the copy; keyword arguments become the fakes' environment."""
    checkout, fakes = tmp_path / "checkout", tmp_path / "fakes"
    checkout.mkdir()
    fakes.mkdir()
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, checkout)
    for name in BASICS:
        (fakes / name).symlink_to(str(shutil.which(name)))
    write_command(fakes / "python3", FAKE_PYTHON)
    write_command(fakes / "tool", FAKE_TOOL)
    write_command(fakes / "apt-get", FAKE_APT)
    write_command(fakes / "nvidia-smi", '#!/bin/sh\nexit "${NO_GPU:-1}"\n')
    write_command(fakes / "id", '#!/bin/sh\necho "${USER_ID:-0}"\n')
    write_command(fakes / "sudo", "#!/bin/sh\nexit 1\n")
    write_command(fakes / "chromium", "#!/bin/sh\n")
    write_command(fakes / "fc-list", '#!/bin/sh\necho "$FONT"\n')

    def run_script(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": str(fakes), "LOG": str(log), "FAKES": str(fakes), "FONT": "Noto"}
        return subprocess.run(
            [str(checkout / script), *arguments],
            env={**variables, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run_script


def calls(log: Path, start: str) -> list[str]:
    """Return the lines of the log that begin with `start`."""
    return [line for line in log.read_text().splitlines() if line.startswith(start)]


@pytest.mark.parametrize(
    ("arguments", "environment", "wanted"),
    [
        ((), {}, f" torch==2.13.0+cpu --extra-index-url {CPU_INDEX}"),
        ((), {"INDEX_DOWN": "1"}, " torch==2.13.0+cpu"),
        ((), {"NO_GPU": "0"}, ""),
        (("--gpu",), {}, ""),
    ],
    ids=["no GPU", "no GPU and the index unreachable", "a GPU seen", "a GPU asked"],
)
def test_pip_is_given_the_build_of_torch_that_suits_the_machine(run, arguments, environment, wanted):
    printed = run("scripts/serve", "--print-install", *arguments, **environment).stdout
    start = "pip install --constraint constraints.txt --editable"
    assert printed == f"{start} .\\[provenance\\]{wanted}\n"


def test_serve_makes_the_environment_installs_and_hands_its_options_on(run, log):
    assert run("scripts/serve", "--port", "0").returncode == 0
    assert calls(log, "python -m venv") == ["python -m venv --clear .venv"]
    assert len(calls(log, "python -m pip install")) == 1
    assert calls(log, "easel") == ["easel serve --port 0"]


def test_the_second_serve_does_not_call_pip(run, log):
    run("scripts/serve")
    log.unlink()
    assert run("scripts/serve").returncode == 0
    assert log.read_text() == "easel serve\n"


def test_a_changed_constraint_calls_pip_again(run, log, tmp_path):
    run("scripts/serve")
    constraints = tmp_path / "checkout/constraints.txt"
    constraints.write_text(constraints.read_text() + "# changed\n")
    run("scripts/serve")
    assert len(calls(log, "python -m pip install")) == 2


def test_asking_for_the_gpu_takes_the_small_build_out_first(run, log):
    run("scripts/serve")
    run("scripts/serve", "--gpu")
    assert calls(log, "python -m pip uninstall") == ["python -m pip uninstall --yes --quiet torch"]
    assert calls(log, "python -m pip install")[-1].endswith("--editable .[provenance]")


def test_a_cuda_build_that_is_there_already_stays(run, log):
    run("scripts/serve", "--gpu", INSTALLED_BUILD="")
    assert not calls(log, "python -m pip uninstall")


def test_no_cpu_wheel_anywhere_stops_with_a_way_out(run, log):
    result = run("scripts/serve", INDEX_DOWN="1", PIP_FAILS="1")
    assert result.returncode == 1
    assert re.search("could not be reached.*--gpu", result.stderr)
    assert not calls(log, "easel")


def test_a_failing_pip_leaves_no_stamp_behind(run, log):
    assert run("scripts/serve", PIP_FAILS="1").returncode == 1
    assert run("scripts/serve").returncode == 0
    assert len(calls(log, "python -m pip install")) == 2


def test_root_gets_the_missing_venv_package_from_debian(run, log):
    assert run("scripts/serve", NO_ENSUREPIP="1").returncode == 0
    assert "apt-get install -qq --yes python3-venv" in calls(log, "apt-get")


def test_anybody_else_is_told_in_one_line_what_to_install(run, log):
    result = run("scripts/serve", NO_ENSUREPIP="1", USER_ID="1000")
    assert result.returncode == 1
    assert "sudo apt-get install python3-venv" in result.stderr.splitlines()[-1]
    assert not calls(log, "python -m venv")


def test_a_python_too_old_is_named(run):
    result = run("scripts/serve", PYTHON_OLD="1")
    assert result.returncode == 1
    assert "needs Python 3.11" in result.stderr


def test_check_runs_every_step_with_the_tools_of_the_tests(run, log):
    result = run("scripts/check")
    assert result.returncode == 0, result.stderr
    assert "--editable .[dev] " in calls(log, "python -m pip install")[0]
    steps = ("ruff check", "ruff format --check", "mypy --strict", "lint-imports", "python -m pytest")
    assert all(calls(log, step) for step in steps)


def test_a_failing_step_is_named_and_is_the_last(run, log):
    result = run("scripts/check", FAILS="mypy --strict")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == "check: mypy failed."
    assert not calls(log, "lint-imports")


def test_check_fetches_the_browser_and_a_chinese_font_when_they_are_missing(run, log):
    run("scripts/check", FONT="")
    assert "apt-get install -qq --yes fonts-noto-cjk" in calls(log, "apt-get")


def test_serve_after_check_has_nothing_to_install(run, log):
    run("scripts/check")
    run("scripts/serve")
    assert len(calls(log, "python -m pip install")) == 1


def test_ci_runs_check_and_nothing_else(run):
    _, command = (ROOT / ".ci/run").read_text().splitlines()
    assert command.endswith('scripts/check"')
    assert run(".ci/run").returncode == 0


@pytest.fixture
def address() -> Iterator[str]:
    """Run a server on loopback and return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(("page", "code"), [("", 0), ("no-such-page", 1)])
def test_an_index_is_reachable_when_it_answers_with_its_page(address, page, code):
    command = f". scripts/lib.sh; reachable {sys.executable} {address}{page}"
    assert subprocess.run(["bash", "-c", command], cwd=ROOT).returncode == code


def test_a_closed_port_is_not_reachable():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        command = f". scripts/lib.sh; reachable {sys.executable} http://127.0.0.1:{free.getsockname()[1]}/"
        assert subprocess.run(["bash", "-c", command], cwd=ROOT).returncode == 1


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines)


def test_constraints_pin_every_requirement_within_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = {canonicalize_name(name): version for name, version in constraints().items()}
    extras = project["optional-dependencies"].values()
    for line in (*project["dependencies"], *chain.from_iterable(extras)):
        requirement = Requirement(line)
        if requirement.name == project["name"]:
            continue  # an extra that takes in another
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, line


def test_constraints_are_sorted_and_name_no_local_version():
    pins = constraints()
    assert list(pins) == sorted(pins, key=str.lower)
    assert all(re.fullmatch(r"[0-9a-z.]+", version) for version in pins.values())


def test_the_scripts_in_python_import_only_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    scripts = [
        path for path in (ROOT / "scripts").iterdir() if path.read_text().startswith("#!/usr/bin/env python3")
    ]
    imports = [
        (path, node.module, alias.name)
        for path in scripts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    assert len(scripts) > 1
    assert not [each for each in imports if not hasattr(importlib.import_module(each[1]), each[2])]
