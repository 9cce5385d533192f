"""The motif of a factor, and its instances in a whole genome."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from deepprune.data.stream import genome_chunks
from deepprune.errors import InputError
from deepprune.io.files import write_atomic
from deepprune.io.genome import open_genome
from deepprune.io.motif import Motif, by_name
from deepprune.io.table import read_rows
from deepprune.motifs.instances import Search, bed_rows, patterns, placed

COLUMNS = ("target", "motif")


def motif_of_factor(factor: str, known: Sequence[Motif], exceptions: Mapping[str, str] | None = None) -> Motif:
    """Return the known motif of a factor; see `known_motif`. InputError if there is none."""
    motif = known_motif(factor, known, exceptions)
    if motif is None:
        raise InputError(
            f"none of the {len(known)} known motifs is called {factor}; name one in the table occupancy.motifs "
            f"(columns {', '.join(COLUMNS)}), or leave the data sets of this target out"
        )
    return motif


def known_motif(factor: str, known: Sequence[Motif], exceptions: Mapping[str, str] | None = None) -> Motif | None:
    """Return the known motif of a factor: the one that a table names for it, or one of its own name, or None.

    exceptions: identifiers of motifs by factor; InputError for an unknown one. Letters' case does not matter in names;
    motifs of the factor with a partner do not count. Of several, the name without an addition such as `(var.2)` comes
    first, then the lowest identifier.
    """
    if name := (exceptions or {}).get(factor):
        return named(name, factor, known)
    own = [motif for motif in known if motif.alt.split("(")[0].upper() == factor.upper()]
    return min(own, key=lambda motif: ("(" in motif.alt, motif.name), default=None)


def named(name: str, factor: str, known: Sequence[Motif]) -> Motif:
    """Return the known motif of this identifier, which a table gives a factor."""
    motifs = by_name(known)
    if name not in motifs:
        versions = [other for other in motifs if other.split(".")[0] == name.split(".")[0]]
        hint = f"did you mean {versions[-1]}?" if versions else "correct it"
        raise InputError(
            f"occupancy.motifs gives {factor} the motif {name}, which is not among the {len(known)} known ones of "
            f"tomtom.jaspar; {hint}"
        )
    return motifs[name]


def read_exceptions(path: str | Path) -> dict[str, str]:
    """Return the motif of each factor in a tab-separated table with the COLUMNS; InputError names the line.

    Blank lines and lines that begin with # do not count.
    """
    expected = f"the columns {' and '.join(COLUMNS)}, separated by a tab"
    rows = [(f"{path}, line {number}", cells) for number, cells in read_rows(path)]
    if not rows or rows[0][1] != list(COLUMNS):
        raise InputError(f"{rows[0][0] if rows else path}: the first line must name {expected}")
    found: dict[str, str] = {}
    for where, cells in rows[1:]:
        if len(cells) != len(COLUMNS) or not all(cells):
            raise InputError(f"{where}: a row must have two cells; give {expected}")
        target, motif = cells
        if target in found:
            raise InputError(f"{where}: the target {target} is listed before; remove one of its rows")
        found[target] = motif
    return found


def scan_genome(genome: str | Path, motif: Motif, p_value: float, path: str | Path) -> None:
    """Write the instances of a motif on both strands of a genome as BED; see `bed_rows`. None is left out.

    genome: plain FASTA.  p_value: the largest of an instance. InputError if no word of the motif reaches it.
    """
    check_reach(motif, p_value)
    with open_genome(genome) as opened, write_atomic(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for found in placed(genome_chunks(opened, motif.width - 1), Search([motif], p_value=p_value)):
            file.write(bed_rows(found, [motif]))


def check_reach(motif: Motif, p_value: float) -> None:
    """Raise InputError if even the best word of a motif has a larger p-value, as for short motifs."""
    smallest = min(pattern.scoring.p_values[-1] for pattern in patterns(Search([motif])))
    if smallest > p_value:
        raise InputError(
            f"the motif {motif.name} ({motif.alt}) of {motif.width} bp has no instance: the p-value of its best word "
            f"is {smallest:.2g}, but occupancy.p_value is {p_value:g}; raise it, or name another motif in the table "
            "occupancy.motifs"
        )
