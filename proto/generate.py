"""Generates amends/v1, buf/validate, docs/api.md and docs/events.md from proto/.

`--check` changes nothing and says what would; `--image FILE` writes the descriptors for `buf`;
`--release` makes the contract of today the one that `buf breaking` compares with for ever.

protovalidate's `validate.proto` travels inside its wheel as a descriptor; it is written out here as
a descriptor set, so that nothing but the locked packages is needed.
"""

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import grpc_tools
from google.protobuf import (
    descriptor_pb2,
    duration_pb2,
    field_mask_pb2,
    timestamp_pb2,
)
from google.type import money_pb2
from grpc_tools import protoc
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
WELL_KNOWN = Path(grpc_tools.__file__).parent / "_proto"
MYPY_GRPC = Path(sys.executable).parent / "protoc-gen-mypy_grpc"
GENERATED = ("amends/v1", "buf/validate")
RELEASED = PROTO / "released.binpb"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        if "--image" in arguments:
            image(target, Path(arguments[arguments.index("--image") + 1]))
            return 0
        if "--release" in arguments:
            image(target, RELEASED, comments=False)
            return 0
        generate(target)
        if "--check" in arguments:
            return _report(_drift(target)) or _describe("--check")
        for place in GENERATED:
            shutil.rmtree(ROOT / place, ignore_errors=True)
            shutil.copytree(target / place, ROOT / place)
    return _describe()


def generate(target: Path) -> None:
    """Writes every generated module below `target`; exits with protoc's message when it refuses."""
    ours = _ours()
    python = (f"--python_out={target}", f"--pyi_out={target}")
    _protoc(target, *python, files=["buf/validate/validate.proto", *ours])
    services = [name for name in ours if name.endswith("_service.proto")]
    stubs = (f"--grpc_python_out={target}", f"--mypy_grpc_out=quiet:{target}")
    _protoc(target, f"--plugin=protoc-gen-mypy_grpc={MYPY_GRPC}", *stubs, files=services)
    for place in GENERATED:
        (target / place / "__init__.py").write_text('"""Generated from proto/; never edited."""\n')


def image(scratch: Path, file: Path, *, comments: bool = True) -> None:
    """Writes what `buf` reads: our descriptors and everything that they import."""
    file.parent.mkdir(parents=True, exist_ok=True)
    told = ("--include_source_info",) if comments else ()
    _protoc(scratch, "--include_imports", *told, f"--descriptor_set_out={file}", files=_ours())


def validate_descriptors() -> bytes:
    """The serialized FileDescriptorSet of buf/validate/validate.proto and what it imports."""
    rules = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    imported = (descriptor_pb2, duration_pb2, field_mask_pb2, timestamp_pb2)
    files = []
    for module in imported:
        known = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(known)
        files.append(known)
    return descriptor_pb2.FileDescriptorSet(file=[*files, rules]).SerializeToString()


def _ours() -> list[str]:
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("amends/v1/*.proto"))


def _protoc(scratch: Path, *outputs: str, files: list[str]) -> None:
    validate = scratch / "validate.binpb"
    validate.write_bytes(validate_descriptors())
    arguments = [
        "protoc",
        f"--descriptor_set_in={validate}",
        f"-I{PROTO}",
        *(f"-I{place}" for place in _googleapis()),
        *outputs,
        *files,
    ]
    if protoc.main(arguments) != 0:
        sys.exit("protoc refused; its message stands above")


def _googleapis() -> list[Path]:
    """Where google/protobuf, google/type and google/rpc lie: shipped with the locked packages."""
    return [WELL_KNOWN, Path(money_pb2.__file__).parent.parent.parent]


def _drift(fresh: Path) -> list[str]:
    changed = []
    for place in GENERATED:
        made = {path.name for path in (fresh / place).iterdir()}
        committed = {path.name for path in (ROOT / place).iterdir() if path.suffix != ""}
        committed -= {"__pycache__"}
        _, different, missing = filecmp.cmpfiles(
            fresh / place, ROOT / place, made | committed, shallow=False
        )
        changed += [f"{place}/{name}" for name in (*different, *missing)]
    return changed


def _describe(*arguments: str) -> int:
    """The pages about the contract, by a Python that has not yet imported what was generated."""
    command = [sys.executable, "-m", "proto.describe", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _report(changed: list[str]) -> int:
    for name in sorted(changed):
        sys.stdout.write(f"{name} differs from proto/: run `make proto` and commit the result\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
