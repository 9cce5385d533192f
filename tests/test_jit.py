"""`deepprune compile` compiles what the package calls."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from deepprune.cli.main import main
from deepprune.dna.shuffle import dinucleotide_shuffle
from deepprune.io.motif import Motif
from deepprune.motifs.kernels import THRESHOLDS, Reading, kernel_motifs
from deepprune.motifs.tomtom import tomtom
from deepprune.motifs.windows import KernelBank


def overloads() -> dict[str, int]:
    """Return the number of compiled signatures of each compiled function."""
    return {
        f"{module}.{name}": len(value.signatures)
        for module in ("deepprune.dna.shuffle", "deepprune.motifs.windows", "memelite.tomtom")
        for name, value in vars(importlib.import_module(module)).items()
        if hasattr(value, "signatures")
    }


def test_compile_leaves_nothing_to_compile() -> None:
    assert main(["compile"]) == 0
    compiled = overloads()
    assert compiled["memelite.tomtom._tomtom"] and compiled["deepprune.motifs.windows._scan"]
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, (50, 80), dtype=np.uint8)
    dinucleotide_shuffle(codes, 1, np.arange(50, dtype=np.uint64))
    kernels = rng.normal(size=(24, 4, 8)).astype(np.float32).transpose(2, 0, 1)  # as the networks keep them
    bank = KernelBank(kernels, np.zeros(8, np.float32), np.ones(8, np.float32), np.arange(8))
    for method in THRESHOLDS:
        kernel_motifs(codes[codes[:, 0] < 3], bank, Reading(method))
    motifs = [Motif(str(i), "", rng.dirichlet(np.ones(4), 6 + i % 20), 30.0) for i in range(80)]
    tomtom(motifs[:30], motifs)
    assert overloads() == compiled


def test_compiled_functions_are_kept_in_a_folder_of_the_user_s(tmp_path: Path) -> None:
    code = "from deepprune.dna.shuffle import dinucleotide_shuffle as f; import numpy as np\n"
    code += "f(np.zeros((1, 9), np.uint8), 0, np.zeros(1, np.uint64))"
    env = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    subprocess.run([sys.executable, "-c", code], check=True, env=env | {"XDG_CACHE_HOME": str(tmp_path)})
    assert list((tmp_path / "deepprune" / "numba").rglob("shuffle._shuffle*.nbc"))
