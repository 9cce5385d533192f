"""Genomes: indexed FASTA.

https://www.htslib.org/doc/faidx.html
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyfaidx

from deepprune.dna.codes import N_CODE, foreign_letter, to_codes
from deepprune.errors import InputError, quoted
from deepprune.io.fasta import check_letters
from deepprune.io.files import is_gzip, open_bytes, write_atomic


def prepare_genome(source: str | Path, target: str | Path) -> None:
    """Make target a plain FASTA with the sequences of source (plain, gzip or bgzip), and target.fai its index.

    From a plain FASTA a window is one seek and one read. A source that is plain already becomes a symbolic link:
    genomes are gigabytes, and only the index is new.
    """
    source, target = Path(source), Path(target)
    if source.resolve() == target.resolve() and not target.is_symlink():
        raise InputError(f"{source}: a genome cannot be prepared in its own place; give another target")
    with write_atomic(f"{target}.fai") as index, write_atomic(target) as fasta:
        if is_gzip(source):
            with open_bytes(source) as unpacked, fasta.open("wb") as file:
                shutil.copyfileobj(unpacked, file, 1 << 20)
        else:
            fasta.symlink_to(source.resolve())
        build_index(fasta, index, source)


def build_index(fasta: Path, index: Path, source: str | Path) -> None:
    """Write the index of a plain FASTA; error messages name the source that it was made from."""
    try:
        pyfaidx.Faidx(fasta, indexname=index).close()
    except (pyfaidx.FastaIndexingError, ValueError) as error:
        raise InputError(f"{source}{_mistake(' '.join(str(error).split()))}") from None


def _mistake(reason: str) -> str:
    """Say in a user's words why a genome has no index, from pyfaidx's; its places need lines of one length."""
    if found := re.search(r"Inconsistent line found in >(.*) at line ([\d.,]+)\.", reason):
        return (
            f", line {found[2]}: a line of {quoted(found[1])} is shorter or longer than those before it; write the "
            "genome with lines of one length (seqkit seq -w 60)"
        )
    if found := re.search(r"Unexpected text before the first sequence .* at line (\d+)\.", reason):
        return f", line {found[1]}: text before the first header; FASTA starts with '>'"
    if found := re.search(r'Duplicate key "(.*)"', reason):
        return f": two sequences are called {quoted(found[1])}; rename or remove one"
    if found := re.search(r"Bad sequence name .* at line (\d+)\.", reason):
        return f", line {int(found[1]) + 1}: a header without a name; write one behind '>'"
    return " holds no sequence in FASTA; give the genome of the peaks"


@contextmanager
def open_genome(path: str | Path, index: str | Path | None = None) -> Iterator[pyfaidx.Faidx]:
    """Open a plain FASTA with its index (default: path.fai), which is built if it is missing or out of date."""
    path, index = Path(path), Path(index or f"{path}.fai")
    if is_gzip(path):
        raise InputError(f"{path} is compressed, but windows are cut from plain FASTA; unpack it")
    if not index.exists() or index.stat().st_mtime < path.stat().st_mtime:
        try:
            with write_atomic(index) as temporary:
                build_index(path, temporary, path)
        except OSError as error:
            raise InputError(f"{index}: {error.strerror or error}; make its folder writable") from None
    try:
        opened = pyfaidx.Faidx(path, indexname=index, as_raw=True, rebuild=False)
    except (pyfaidx.IndexNotFoundError, ValueError):
        raise InputError(f"{index} is no index of a FASTA; remove it, and it is made again") from None
    with opened as genome:
        yield genome


def cut_windows(
    peaks: pd.DataFrame, genome: pyfaidx.Faidx, width: int, where: str | Path = "peaks"
) -> tuple[np.ndarray, pd.DataFrame, pd.Series]:
    """Return the windows of width bp around usable summits, their peaks, and why the other peaks have none.

    A window starts at summit - width // 2. Codes: uint8, shape (used, width), in the peaks' order. Peaks: the used
    ones, with the window's start and end instead of their own. Reasons: of each peak, "" for a used one.  where: the
    file of the peaks, for messages. InputError if no chromosome is known.
    """
    check_names(peaks["chrom"], genome, where)
    return cut_known(peaks, genome, width)


def cut_known(peaks: pd.DataFrame, genome: pyfaidx.Faidx, width: int) -> tuple[np.ndarray, pd.DataFrame, pd.Series]:
    """Return the same of peaks whose chromosomes' names have been checked."""
    start = peaks["summit"] - width // 2
    reason = reasons_to_skip(peaks, start, genome, width)
    used = peaks.assign(start=start, end=start + width)[reason == ""]
    codes = to_codes(fetch_windows(used, genome)).reshape(-1, width)
    clean = ~(codes == N_CODE).any(axis=1)
    reason[used.index[~clean]] = "with_n"
    return codes[clean], used[clean], reason


def reasons_to_skip(peaks: pd.DataFrame, start: pd.Series, genome: pyfaidx.Faidx, width: int | pd.Series) -> pd.Series:
    """Return, for each peak, why no window of width bp can be cut from start, "" where one can."""
    length = peaks["chrom"].map({name: record.rlen for name, record in genome.index.items()})
    reason = pd.Series("", index=peaks.index)
    reason[(start < 0) | (start + width > length)] = "beyond_chromosome"
    reason[~peaks["summit"].between(peaks["start"], peaks["end"])] = "summit_outside"
    reason[length.isna()] = "unknown_contig"
    return reason


def fetch_windows(places: pd.DataFrame, genome: pyfaidx.Faidx) -> list[str]:
    """Return the genome's letters from start to end of each place; InputError for a letter that is no nucleotide."""
    chroms, starts, ends = (places[column].tolist() for column in ("chrom", "start", "end"))
    windows = [""] * len(places)
    # In the order of the file, so that a genome on a slow disk is read once and sequentially.
    for i in sorted(range(len(places)), key=lambda i: genome.index[chroms[i]].offset + starts[i]):
        windows[i] = fetch(genome, chroms[i], starts[i], ends[i])
    return windows


def fetch(genome: pyfaidx.Faidx, chrom: str, start: int, end: int) -> str:
    """Return the genome's letters from start to end; InputError for a letter that is no nucleotide."""
    text = str(genome.fetch(chrom, start + 1, end))
    if foreign_letter(text):
        path = Path(genome.filename)
        # A prepared genome is a link to the user's if that is plain.
        check_letters(text, f"{path.resolve() if path.is_symlink() else path}, {chrom}:{start}-{end}")
    return text


def check_names(chroms: pd.Series, genome: pyfaidx.Faidx, where: str | Path, of: str = "peaks") -> None:
    """Raise InputError if the genome lacks all of these chromosomes, or has more of them under other names.

    where: the file that names them, for messages.  of: whose they are. Messages do not name the genome: it may be a
    copy that the workflow made.
    """
    names = list(genome.index)
    known = int(chroms.isin(names).sum())
    cut = int(chroms.str.removeprefix("chr").isin(names).sum())
    put = int(("chr" + chroms).isin(names).sum())
    if cut > known:
        remedy = f"remove 'chr' from the chromosomes of the {of}"
    elif put > known:
        remedy = f"put 'chr' before the chromosomes of the {of}"
    elif known:
        return
    else:
        remedy = f"use the genome of the {of}"
    strange = chroms[~chroms.isin(names)].iloc[0]
    raise InputError(
        f"{where}: the genome has the chromosomes of {known or 'none'} of the {len(chroms)} {of}: they are named like "
        f"{quoted(strange)} in the {of}, like {quoted(names[0])} in the genome; {remedy}"
    )
