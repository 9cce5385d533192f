"""Each command with each kind of wrong file in each place: one line, nothing written, never a traceback."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from console import LONG
from modelled import hand_model, model_path

from deepprune.cli.main import main
from deepprune.errors import LONGEST
from deepprune.models.parameters import initial_parameters
from deepprune.models.store import save_parameters

FASTA = "".join(f">s{i}\n{LONG}\n" for i in range(3))
MEME = "MEME version 4\n\nMOTIF a\nletter-probability matrix: w= 1\n0.7 0.1 0.1 0.1\n"
VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + "chr1\t12\t.\tA\tG\t.\t.\t.\n"
# Commands with a place for each file that they read
COMMANDS = {
    "shuffle": ["shuffle", "FASTA"],
    "predict": ["predict", "MODEL", "FASTA"],
    "predict peaks": ["predict", "MODEL", "PEAKS", "--genome", "GENOME"],
    "explain": ["explain", "MODEL", "FASTA"],
    "hits": ["hits", "MEME", "FASTA"],
    "hits of peaks": ["hits", "MEME", "PEAKS", "--genome", "GENOME"],
    "hits with a background": ["hits", "MEME", "FASTA", "--background", "BACKGROUND"],
    "variants": ["variants", "MODEL", "VCF", "--genome", "GENOME"],
    "tomtom": ["tomtom", "MEME", "MEMES"],
    "logo": ["logo", "-o", "OUT", "MEME"],
    "encode": ["encode", "IDS"],
    "sheet": ["sheet", "FOLDER"],
    "run": ["run", "PEAKS", "--genome", "GENOME", "-o", "OUT", "--cores", "1"],
    "run with options": ["run", "PEAKS", "--genome", "GENOME", "-o", "OUT", "--options", "YAML"],
}
KINDS = "FASTA", "MODEL", "PEAKS", "GENOME", "MEME", "MEMES", "BACKGROUND", "VCF", "IDS", "FOLDER", "YAML"
# (command, place of a wrong file)
PLACES = [(name, place) for name, words in COMMANDS.items() for place, word in enumerate(words) if word in KINDS]
# The genome of a run is read by a job of the workflow, whose messages have tests of their own.
PLACES = [(name, place) for name, place in PLACES if (name.split()[0], COMMANDS[name][place]) != ("run", "GENOME")]
WRONG = {
    "none": None,
    "empty": b"",
    "blank": b"\n \n\n",
    "binary": bytes(range(256)) * 9,
    "UTF-16": FASTA.encode("utf-16"),
    "gzip cut off": gzip.compress(np.random.default_rng(0).bytes(3000))[:-100],
    "gzip of binary": gzip.compress(bytes(range(256)) * 9),
    "one long line": b"A" * 300_000,
    "no end of columns": b"\t" * 5000 + b"\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "another archive": b"PK\x03\x04" + bytes(99),
    "JSON": b'{"a": [1, 2, {"b": null}]}\n',
    "an error page": b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
    "a table with commas": b"chrom,start,end\nchr1,100,200\n",
}
# What is no wrong file
ACCEPTED: set[tuple[str, str]] = {("YAML", "empty"), ("YAML", "blank")}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return a right file of each kind."""
    folder = tmp_path_factory.mktemp("right")
    texts = {
        "FASTA": FASTA,
        "PEAKS": "".join(f"chr1\t{start}\t{start + 30}\n" for start in range(0, 300, 40)),
        "GENOME": f">chr1\n{LONG.replace('N', 'A') * 10}\n",
        "MEME": MEME,
        "MEMES": MEME,
        "BACKGROUND": "".join(f"{base} 0.25\n" for base in "ACGT"),
        "VCF": VCF,
        "IDS": "wgEncodeAwgTfbsHaibGm12878NrsfPcr1xUniPk\n",
        "YAML": "train: {max_epochs: 1}\n",
    }
    for kind, text in texts.items():
        (folder / kind).write_text(text)
    (folder / "FOLDER").mkdir()
    paths = {kind: str(folder / kind) for kind in (*texts, "FOLDER")}
    return paths | {"MODEL": model_path(folder, hand_model())}


def wrong_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield wrong files of all kinds, with what they are."""
    for name, content in WRONG.items():
        path = folder / name.replace(" ", "_")
        if content is not None:
            path.write_bytes(content)
        yield name, path
    (folder / "dangling").symlink_to(folder / "nowhere")
    yield "a dangling link", folder / "dangling"
    yield "a folder", folder
    yield "below a file", folder / "empty" / "file"
    yield "a name without end", folder / ("n" * 300)
    yield "a name that cannot be printed", folder / "a\x1b[2J\nb"
    save_parameters(folder / "weights.npz", [initial_parameters(5, 4, np.random.default_rng(0))])
    yield "weights", folder / "weights.npz"


@pytest.mark.parametrize(("command", "place"), PLACES)
def test_each_command_refuses_each_wrong_file(
    command: str, place: int, right: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, out = COMMANDS[command][place], tmp_path / "out"
    for name, path in wrong_files(tmp_path):
        if (kind, name) in ACCEPTED or (kind == "FOLDER" and name == "a folder"):
            continue
        words = [right.get(word, str(out) if word == "OUT" else word) for word in COMMANDS[command]]
        words[place] = str(path)
        case = f"{command}, {kind}: {name}"
        assert main(words) == 2, case
        written, told = capsys.readouterr()
        lines = [line for line in told.splitlines() if line.startswith("deepprune: error: ")]
        assert len(lines) == 1 and "Traceback" not in told, (case, told)
        assert lines[0].isprintable() and len(lines[0]) < LONGEST + 100, case
        assert path.name[:50].split("\x1b")[0] in lines[0] or "config: unknown option" in lines[0], (case, lines[0])
        assert written.count("\n") <= 1, (case, written)  # the header of a table at most
        assert not out.exists() or not any(out.iterdir()), case
