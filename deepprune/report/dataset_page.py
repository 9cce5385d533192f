"""The page of a data set."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from deepprune.data.skipped import REASONS
from deepprune.evaluation.labels import numbers_text
from deepprune.figures.logo import motif_strip, reverse_matches
from deepprune.io.fasta import PLACE, Record, read_fasta
from deepprune.io.motif import Motif, by_name, read_motifs
from deepprune.io.table import read_table, records
from deepprune.motifs.evidence import CHANCE
from deepprune.motifs.strongest import strongest_fields
from deepprune.report.captions import captions, subjects
from deepprune.report.html import TEMPLATES, embedded, embedded_figure, write_html
from deepprune.report.motif_rows import called, motif_rows, of_kernels, position_bars
from deepprune.report.numbers import fixed, signed
from deepprune.report.verdict import AGAINST, verdict

TEMPLATE = TEMPLATES / "dataset_page.html.j2"

# Formats as their users call them
KINDS = {
    "seqgz": "DeepBind's sequences",
    "narrowpeak": "narrowPeak",
    "bed": "BED",
    "fasta": "FASTA",
    "csail": "CSAIL's sequences",
    "encode": "ENCODE",
    "occupancy": "motif occupancy",
    "simulated": "simulated",
    "multitask_simulated": "simulated, several tasks",
    "multitask_peaks": "peak files, several tasks",
    "deepsea": "DeepSEA's bundle",
}
MATCHES = 3  # best matches listed for each kernel
# A line of text shows a sequence up to this far from its sites; GAP replaces longer stretches in between.
CONTEXT = 12
GAP = " ... "


class PageFiles(NamedTuple):
    """The files that the page of a data set is made of.

    known: motif files that the kernels were compared with.  recovery: figures of simulated data sets.  counts: table of
    their recovered motifs; None for real data sets.  matching: figure of data sets of motif occupancy.
    """

    summary: str | Path
    model: str | Path
    distinct: str | Path
    matrices: str | Path
    positions: str | Path
    known: Sequence[str | Path]
    kernels: str | Path
    motifs: str | Path
    histograms: str | Path
    strongest: str | Path
    sites: str | Path
    tomtom: str | Path
    chance: str | Path
    rates: str | Path
    curve: str | Path
    profile: str | Path
    comparison: str | Path
    captions: Sequence[str | Path]
    recovery: Sequence[str | Path]
    counts: str | Path | None
    matching: str | Path | None = None


def write_page(files: PageFiles, row: Mapping[str, str], rungs: Sequence[int], path: str | Path) -> None:
    """Write the page of a data set.

    row: its dataset, format, target, cell_type.  rungs: the numbers of kernels of the recovery figures.
    """
    table, motifs = read_table(files.kernels), read_table(files.distinct)
    tomtom, comparison = read_table(files.tomtom), read_table(files.comparison)
    (model,) = read_table(files.model).to_dict("records")
    summary = read_table(files.summary)
    (counts,) = records(summary)
    figures = [{"kernels": rung, "image": embedded(path)} for rung, path in zip(rungs, files.recovery, strict=True)]
    kernels = with_distinct(table, motifs)
    write_html(
        TEMPLATE,
        path,
        dataset=row["dataset"],
        row=row,
        kind=KINDS[row["format"]],
        counts=counts,
        against=AGAINST[counts["against"]],
        verdict=verdict(model, comparison, counts["against"], called(motifs, model["motif"])),
        motifs=distinct_rows(files, motifs, tomtom),
        left_out=left_out(counts),
        profile=embedded(files.profile),
        matching=embedded(files.matching) if files.matching else "",
        simulated=row["format"] == "simulated",
        captions=captions(files.captions, subjects(comparison, summary)),
        curve=embedded(files.curve),
        parts=parts(comparison, table["criterion"].iloc[0]),
        kernels=kernel_rows(
            kernels,
            by_name(read_motifs(files.motifs, may_be_empty=True)),
            tomtom,
            read_table(files.chance),
            read_table(files.histograms),
        ),
        distinct=distinct(kernels),
        rates=read_table(files.rates).to_dict("records"),
        recovered=read_table(files.counts).fillna("").to_dict("records") if files.counts else [],
        recovery=figures,
        strongest=strongest(read_fasta(files.strongest), read_table(files.sites), kernels),
    )


def distinct_rows(files: PageFiles, table: pd.DataFrame, tomtom: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of the distinct motifs with logos and the positions of their sites."""
    known = by_name(motif for path in files.known for motif in read_motifs(path))
    rows = motif_rows(table, by_name(read_motifs(files.matrices, may_be_empty=True)), known, tomtom)
    positions = read_table(files.positions)
    return [row | position_bars(positions, row["motif"]) for row in rows]


def with_distinct(kernels: pd.DataFrame, motifs: pd.DataFrame) -> pd.DataFrame:
    """Return the table of kernels with their distinct motifs in the column `distinct`, "" for one without a motif."""
    names = of_kernels(motifs)
    return kernels.assign(distinct=[names.get(kernel, "") for kernel in kernels["motif"]])


def left_out(counts: Mapping[Any, Any]) -> list[str]:
    """Return how many rows of a data set's files gave no sequence for each reason that occurs, and why."""
    return [f"{counts[reason]:,} ({meaning})" for reason, meaning in REASONS.items() if counts[reason]]


def parts(comparison: pd.DataFrame, criterion: str) -> list[dict[Any, Any]]:
    """Return the rows of networks pruned by a criterion whose logits have a background; none without."""
    pruned = (comparison["method"] == "deepprune") & (comparison["criterion"] == criterion)
    return records(comparison[pruned].dropna(subset="auroc_kernels"))


def distinct(kernels: pd.DataFrame) -> list[str]:
    """Return a phrase for each seed: how many kernels, and how many distinct motifs these read; see `with_distinct`."""
    found = []
    for seed, own in kernels.groupby("seed"):
        motifs = own["distinct"][own["distinct"] != ""].nunique()
        found.append(f"seed {seed}: {numbers_text([len(own)], 'kernel')}, {numbers_text([motifs], 'distinct motif')}")
    return found


def kernel_rows(
    table: pd.DataFrame,
    motifs: Mapping[str, Motif],
    tomtom: pd.DataFrame,
    chance: pd.DataFrame,
    histograms: pd.DataFrame,
) -> list[dict[Any, Any]]:
    """Return the kernels' table, each row with its logo, best matches, null rate and histogram."""
    turned = reverse_matches(tomtom)
    trimmed = chance[chance["form"] == "trimmed"].set_index("motif").to_dict("index")
    rows = records(table)
    for row in rows:
        motif = motifs.get(row["motif"])
        turn = motif if row["motif"] in turned else None
        row["logo"] = embedded_figure(motif_strip(motif)) if motif else None
        row["reversed_logo"] = embedded_figure(motif_strip(turn.reverse_complement())) if turn else None
        row["jaspar"] = best_matches(tomtom, row["motif"], "jaspar")
        row["implanted"] = best_matches(tomtom, row["motif"], "implanted")
        row["chance"] = trimmed.get(row["motif"])
        row["by_chance"] = row["chance"] is not None and row["chance"]["p-value"] > CHANCE
        bins = histograms[histograms["motif"] == row["motif"]]
        row["low"], row["high"] = bins["from"].min(), bins["to"].max()
        row["bars"] = bars(bins["positives"].to_numpy(), bins["negatives"].to_numpy())
    return rows


def best_matches(tomtom: pd.DataFrame, motif: str, database: str) -> list[dict[str, Any]]:
    """Return names and E-values of the best matches of a motif in one database, best first."""
    found = tomtom[(tomtom["Query_ID"] == motif) & (tomtom["database"] == database)].head(MATCHES).fillna("")
    return [
        {"name": match["Target_name"] or match["Target_ID"], "evalue": match["E-value"]}
        for match in found.to_dict("records")
    ]


def bars(positives: np.ndarray, negatives: np.ndarray, height: float = 20.0) -> list[tuple[float, float]]:
    """Return a histogram's bar heights, positives up, negatives down: square roots of class shares."""
    shares = [np.sqrt(counts / max(counts.sum(), 1)) for counts in (positives, negatives)]
    largest = max(share.max(initial=0) for share in shares) or 1.0
    return [(float(up), float(down)) for up, down in zip(*(share / largest * height for share in shares), strict=True)]


def strongest(records: Sequence[Record], sites: pd.DataFrame, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the strongest sequences of each seed with the sites of its kernels, in lines of text."""
    columns = ["trimmed_start", "trimmed_width", "weight", "distinct"]
    trimmed = table.set_index("motif")[columns].to_dict("index")
    seeds: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        name, values = strongest_fields(record.name)
        found = sites[sites["sequence"] == name].sort_values("start", kind="stable").to_dict("records")
        logit = f"logit {fixed(float(values['logit']), 2)}"
        if "background" in values:
            logit += f", background {signed(float(values['background']), 2)}"
        title = f"{', '.join([name, *origin(values)])}: {logit}, {'bound' if values['bound'] == '1' else 'not bound'}"
        lines = site_lines(record.sequence, found, trimmed)
        seeds.setdefault(values["seed"], []).append({"title": title, "lines": lines})
    return [{"seed": seed, "sequences": sequences} for seed, sequences in seeds.items()]


def origin(values: Mapping[str, str]) -> list[str]:
    """Return the place of a sequence, from 1 and with both ends, and its name, where it has them.

    A name that is a place is left out: it is that of the peak and not of the sequence, and may count from 0.
    """
    found = []
    if "place" in values:
        chrom, _, ends = values["place"].rpartition(":")
        start, end = ends.split("-")
        found.append(f"{chrom}:{int(start) + 1}-{end}")
    name = values.get("name", "")
    return found if not name or PLACE.match(name) else [*found, name]


def site_lines(
    sequence: str, sites: Sequence[Mapping[Any, Any]], kernels: Mapping[Any, Mapping[Any, Any]]
) -> list[dict[str, Any]]:
    """Return a line of positions, one of the sequence, and one for each site below its place, without empty stretches.

    All words are those of the given strand, also where a kernel reads the other one.  sites: rows of their table, by
    start.  kernels: trimmed_start, trimmed_width, weight and distinct motif of each.
    """
    parts: list[list[int]] = []
    for site in sites:
        low, high = max(0, site["start"] - CONTEXT), min(len(sequence), site["end"] + CONTEXT)
        if parts and low - parts[-1][1] <= len(GAP):
            parts[-1][1] = max(high, parts[-1][1])
        else:
            parts.append([low, high])
    columns: dict[int, int] = {}  # of the text, by position in the sequence
    column = 0
    positions = ""
    for low, high in parts:
        positions = positions.ljust(column) + f"{low + 1}"
        columns |= {position: column + position - low for position in range(low, high)}
        column += high - low + len(GAP)
    text = GAP.join(sequence[low:high] for low, high in parts) if parts else sequence[: 4 * CONTEXT] + GAP
    lines: list[dict[str, Any]] = [{"text": positions or "1", "kernel": None, "soft": True}]
    lines.append({"text": text, "kernel": None, "soft": False})
    if not sites:
        lines.append({"text": "no window is active enough to be a site", "kernel": None, "soft": True})
    for site in sites:
        kernel = kernels[site["motif"]]
        first, last = kernel["trimmed_start"], kernel["trimmed_start"] + kernel["trimmed_width"]
        word = sequence[site["start"] : site["end"]]
        reverse, of_motif = site["strand"] == "-", f" ({kernel['distinct']})" if kernel["distinct"] else ""
        if reverse:
            first, last = len(word) - last, len(word) - first
        word = word[:first].lower() + word[first:last] + word[last:].lower()
        lines.append(
            {
                "text": " " * columns[site["start"]] + word,
                "kernel": site["motif"] + of_motif + (", reverse strand," if reverse else ""),
                "against": kernel["weight"] < 0,
                "contribution": site["contribution"],
            }
        )
    return lines
