import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from console import complaint, run, table_of, write_fasta
from layered import TASKS, placed_model, whole_model
from modelled import hand_model, model, model_path, of_two_tasks

from deepprune.cli.tasks import cells_of, columns, engine_of, of_kernels
from deepprune.dna.codes import to_codes
from deepprune.models.layers_file import save_any_model
from deepprune.models.model_file import Use

SEVERAL = of_two_tasks(hand_model())


def test_columns_of_tasks_keep_odd_names_readable() -> None:
    assert list(columns(("change", "logit"), whole_model())) == [
        *("change_MAX", "change_GM12878|CTCF (2)", "logit_MAX", "logit_GM12878|CTCF (2)")
    ]
    assert TASKS[1] == "GM12878|CTCF  (2)"  # columns have no runs of blanks
    assert list(columns(("change", "logit"), model(Use(7)))) == ["change", "logit"]


def test_models_whose_logit_is_told_as_a_sum() -> None:
    assert of_kernels(model(Use(7))) and not of_kernels(SEVERAL) and not of_kernels(placed_model())


def test_cells_are_numbers_of_single_precision() -> None:
    assert cells_of(np.array([[0.5, np.nan], [1 / 3, -2e-7]])) == ["0.5\t", "0.33333334\t-2e-7"]
    assert cells_of(np.array([[np.nan]])) == [""]


def test_few_kernels_need_two_threads() -> None:
    engine = engine_of(SEVERAL)
    assert engine.threads == 2 and engine.predict(to_codes(["TTCGT"])).tolist() == [[4.25, 9.5]]


def test_few_kernel_models_of_several_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, sequences = model_path(tmp_path, SEVERAL), write_fasta(tmp_path, ["TTCGT", "NNNNNN", "ACG"])
    found = table_of(run(capsys, "predict", path, sequences))
    assert list(found)[5:] == ["probability_a", "probability_b"]
    np.testing.assert_allclose(found["probability_b"], 1 / (1 + np.exp([-9.5, 0, -8.5])), rtol=1e-6)
    whole = table_of(run(capsys, "predict", path, sequences, "--logits"))
    assert list(whole)[5:] == ["probability_a", "probability_b", "logit_a", "logit_b"]
    assert whole["logit_a"].tolist() == [4.25, -0.5, 3.75] and whole["logit_b"].tolist() == [9.5, 0, 8.5]
    (tmp_path / "g.fa").write_text(">chr1\nTAACGAT\n")
    rows = "chr1\t4\ta\tC\tT\nchrM\t4\tb\tC\tT\nchr1\t4\tc\tC\tG\n"
    (tmp_path / "v.vcf").write_text(f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n{rows}")
    given = ["variants", path, str(tmp_path / "v.vcf"), "--genome", str(tmp_path / "g.fa")]
    # As in test_variants: -2 by the kernel, nothing by the background
    assert run(capsys, *given) == [
        "chrom\tpos\tid\tref\talt\tstatus\tchange_a\tchange_b",
        "chr1\t4\ta\tC\tT\tscored\t-2.0\t-4.0",
        "chrM\t4\tb\tC\tT\tunknown_contig\t\t",
        "chr1\t4\tc\tC\tG\tscored\t-2.0\t-4.0",
    ]
    table = table_of(run(capsys, *given, "--logits"))
    assert list(table)[8:] == ["logit_ref_a", "logit_ref_b", "logit_alt_a", "logit_alt_b"]
    assert table["logit_ref_b"].fillna(0).tolist() == [9.5, 0, 9.5]


def test_commands_that_read_kernels_refuse_other_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequences, several = write_fasta(tmp_path, ["TTCGT"]), model_path(tmp_path, SEVERAL)
    assert complaint(capsys, "explain", several, sequences) == (
        f"{several} has 2 tasks, but what kernels contribute is told of one alone; give the model of one task (predict "
        "and variants take several)"
    )
    assert "no kernel of this model yields a motif" in complaint(capsys, "hits", several, sequences)
    layers = tmp_path / "layers.model.npz"
    save_any_model(layers, placed_model())
    for command in ("explain", "hits"):
        assert complaint(capsys, command, layers, sequences).startswith(
            f"{layers} holds a network of several layers, but kernels are read of few-kernel networks alone; give the"
        )


def test_few_kernels_need_no_tensorflow(tmp_path: Path) -> None:
    command = "import sys; sys.modules['tensorflow'] = None; from deepprune.cli.main import main; sys.exit(main())"
    arguments = ["predict", model_path(tmp_path, SEVERAL), write_fasta(tmp_path, ["TTCGT"])]
    done = subprocess.run([sys.executable, "-c", command, *arguments], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.count("\n") == 2
