"""Files that only their owner may read, replaced whole."""

import os
import tempfile
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Writes the file so that no reader sees half of it and no other user any of it."""
    handle, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 600
    with os.fdopen(handle, "w") as out:
        out.write(text)
    Path(half).replace(file)
