"""Installs what the locks name into `.venv`: run by `make setup` with the machine's own Python.

Only the standard library is at hand here. Done once; again when a lock, the Python or the place of
the checkout changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "requirements.lock"
JARS = CHECKOUT / "deploy/local/kafka/jgo.lock.toml"
_DECIDE = (LOCK, CHECKOUT / "pyproject.toml", JARS)
_STAMP = VENV / "installed.sha256"
_PYTHON = VENV / "bin" / "python"
_NEEDED = 2 * 1024**3  # bytes: packages, jars and a first stack

# What pip's own words mean for whoever reads them, and what to do.
_CAUSES = (
    (
        r"No space left",
        "the disk is full",
        "free 2 GB and run `make setup` again",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "a package differs from what requirements.lock names",
        "someone changed it on the way: check the package registry that pip is set up to use",
    ),
    (
        r"Max retries|Connection|[Tt]imed out|name resolution|ProxyError|SSLError",
        "the Python package registry cannot be reached",
        "check the network, the proxy (HTTPS_PROXY) and pip's settings (`pip config list`)",
    ),
    (
        r"No matching distribution found for (\S+)",
        "there is no wheel for this platform",
        "use Linux (x86-64, arm64; glibc) or macOS with CPython 3.11 or newer",
    ),
)


class RefusedError(Exception):
    """The set-up cannot go on; its arguments are what is missing and what to do."""


def main() -> int:
    """Installs what is missing; says what it does and how long it took."""
    try:
        _set_up()
    except RefusedError as refused:
        missing, remedy = refused.args
    except OSError as error:
        missing, remedy = str(error), f"see that you may write to {CHECKOUT} and its disk has room"
    except KeyboardInterrupt:
        missing, remedy = "interrupted", "run it again: it goes on where it was"
    else:
        return 0
    print(f"Refused: {missing}\nDo this: {remedy}", file=sys.stderr)
    return 1


def _set_up() -> None:
    wanted = fingerprint()
    if _STAMP.exists() and _STAMP.read_text() == wanted and _has_jars():
        return
    began = time.monotonic()
    _STAMP.unlink(missing_ok=True)  # what breaks off now is begun again
    _install()
    _STAMP.write_text(wanted)
    print(f"Set up after {time.monotonic() - began:.0f} s.")


def fingerprint() -> str:
    """Changes when something must be installed again."""
    seen = hashlib.sha256(f"{sys.version} {CHECKOUT}".encode())
    for file in _DECIDE:
        seen.update(file.read_bytes())
    return seen.hexdigest()


def _has_jars() -> bool:
    """Whether no jar was removed since; their hashes were checked when they were installed."""
    locked = tomllib.loads(JARS.read_text())["dependencies"]
    names = (f"{one['artifactId']}-{one['version']}.jar" for one in locked)
    return all((VENV / "share" / "kafka" / name).is_file() for name in names)


def _install() -> None:
    _check_disk()
    with _step("virtual environment"):
        _make_venv()
    with _step("packages of requirements.lock"):
        _install_packages()
    with _step("this project"):
        _pip("--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT))
        _compile()
    _run_visibly(str(_PYTHON), "-m", "deploy.local", "jars")


def _check_disk() -> None:
    free = shutil.disk_usage(CHECKOUT).free
    if free < _NEEDED:
        raise RefusedError(
            f"only {free // 1024**2} MB are free at {CHECKOUT}; the set-up needs 2 GB",
            "free some space and run `make setup` again",
        )


def _make_venv() -> None:
    """Keeps the one that is there when it works and is ours."""
    if VENV.is_symlink():
        raise RefusedError(
            f"{VENV} is a link: making an environment there would empty {VENV.resolve()}",
            "remove the link and run `make setup` again",
        )
    if _works():
        return
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=True)
    except subprocess.CalledProcessError as error:
        raise RefusedError(
            "this Python cannot make virtual environments with pip",
            "install its venv package (Debian, Ubuntu: apt-get install python3-venv)",
        ) from error


def _works() -> bool:
    if not (VENV / "bin" / "pip").exists() or str(VENV) not in _shebang():
        return False
    asked = [str(_PYTHON), "-c", "import pip, sys; print(sys.version)"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.strip() == sys.version


def _shebang() -> str:
    """Of an installed program: it names the place that the environment was made for."""
    return (VENV / "bin" / "pip").read_text().split("\n", 1)[0]


def _install_packages() -> None:
    total = len(re.findall(r"^[a-z0-9].*==", LOCK.read_text(), re.MULTILINE))
    _pip("--only-binary", ":all:", "--require-hashes", "-r", str(LOCK), total=total)


def _pip(*arguments: str, total: int = 0) -> None:
    """`pip install`; says how many of `total` packages it has come to."""
    command = [str(_PYTHON), "-m", "pip", "install", "--no-compile", "--progress-bar", "off"]
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    told = []
    with subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as running:
        for line in running.stdout or ():
            told.append(line)
            _show_progress(told, total)
    if running.returncode != 0:
        raise _refusal("".join(told))


def _show_progress(told: Sequence[str], total: int) -> None:
    count = sum(line.startswith(("Collecting", "Requirement already")) for line in told)
    if not total or not told[-1].startswith(("Collecting", "Requirement already", "Installing")):
        return
    if told[-1].startswith("Installing"):
        _overwrite("  unpacking ...")
    elif sys.stdout.isatty() or count % 20 == 0:
        _overwrite(f"  {count} of about {total} {told[-1].split()[1 if count else 0][:40]}")


def _overwrite(text: str) -> None:
    """On a terminal in place of the last line."""
    terminal = sys.stdout.isatty()
    print(f"\r\033[K{text}" if terminal else text, end="" if terminal else "\n", flush=True)


def _refusal(words: str) -> RefusedError:
    for pattern, missing, remedy in _CAUSES:
        if found := re.search(pattern, words):
            return RefusedError(f"{missing} ({found.group(0)})", remedy)
    return RefusedError(f"pip failed:\n{words[-2000:]}", "read pip's words above")


def _compile() -> None:
    """Byte code for all: without it each process compiles its modules anew when it starts."""
    folders = [str(VENV / "lib"), *("amends", "services", "workflows", "deploy", "buf")]
    subprocess.run(
        [str(_PYTHON), "-m", "compileall", "-q", "-j", "0", *folders],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        check=False,  # some packages carry files of other Python versions
    )


def _run_visibly(*command: str) -> None:
    """A step that says by itself why it failed."""
    if subprocess.run(command, cwd=CHECKOUT, check=False).returncode != 0:
        sys.exit(1)


@contextmanager
def _step(what: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{what} ...", flush=True)
    yield
    _overwrite(f"  {time.monotonic() - began:.1f} s")
    if sys.stdout.isatty():
        print()


if __name__ == "__main__":
    sys.exit(main())
