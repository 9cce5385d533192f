"""DeepSEA's bundle, fetched and unpacked.

Zhou & Troyanskaya (2015), Nature Methods 12:931.
"""

import shutil
import tarfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TextIO

from deepprune.errors import InputError
from deepprune.io.files import write_atomic
from deepprune.sources.encode_tfbs import DOWNLOADS, address

FOLDER = f"{DOWNLOADS}/deepsea"
BUNDLE = "deepsea_train_bundle.v0.9.tar.gz"
PARTS = ("train.mat", "valid.mat", "test.mat")
CHUNK = 1 << 20


def fetched_bundle(row: Mapping[str, str], source: str) -> dict[str, str]:
    """Return a row of format deepsea with the folder into which the bundle will be unpacked."""
    return dict(row) | {"path": FOLDER}


def fetch_bundle(path: str | Path, sources: Mapping[str, str], terminal: TextIO) -> None:
    """Fetch the bundle to a path below DOWNLOADS; with its md5 sum, if the host or mirror lists one.

    sources: the base address of each source.  terminal: see download. InputError as there.
    """
    from deepprune.sources.download import download, read_md5sums  # slow, and the sheet imports this module

    sums = Path(path).with_name("md5sum.txt")
    try:
        download(address(str(sums), sources), sums, None, terminal)
        listed = Path(path).name in read_md5sums(sums)
    except InputError as error:
        # DeepSEA's own host has no such list. That of gzip covers the content in any case.
        print(f"no md5 sum: {error}", flush=True)
        listed = False
    download(address(str(path), sources), path, sums if listed else None, terminal)


def unpack_bundle(bundle: str | Path, targets: Mapping[str, str | Path]) -> None:
    """Write the files of a bundle, by their names, to their targets: all or none.

    Nothing else that the archive names or says is used. InputError if it is damaged or lacks one of the files.
    """
    missing = dict(targets)
    with ExitStack() as written:
        try:
            archive = written.enter_context(tarfile.open(bundle, "r|gz"))
            for member in archive:
                target = missing.pop(PurePosixPath(member.name).name, None) if member.isfile() else None
                content = archive.extractfile(member) if target else None
                if target and content:
                    temporary = written.enter_context(write_atomic(target))
                    with temporary.open("wb") as file:
                        shutil.copyfileobj(content, file, CHUNK)
                if not missing:
                    return
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise InputError(f"{bundle} cannot be unpacked ({error}); remove it, and it is fetched again") from None
        raise InputError(f"{bundle} holds no {' and no '.join(missing)}; give the bundle {BUNDLE} of DeepSEA")
