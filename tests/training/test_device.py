import importlib
import os
import sys
import tempfile
from pathlib import Path

import pytest

from deepprune.training.device import XLA_FLAGS, absent, device, quiet, temporary_folder


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("XLA_FLAGS", "TF_XLA_FLAGS", "TF_CPP_MIN_LOG_LEVEL", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_folders_that_killed_processes_left_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("mine-left", "mine-new", "other-left"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
        os.utime(tmp_path / name, None if name == "mine-new" else (0, 0))
    with temporary_folder("mine-") as held:
        os.utime(held, (0, 0))
        with temporary_folder("mine-") as second:
            found = {path.name for path in tmp_path.iterdir()}
            assert found == {"mine-new", "other-left", held.name, second.name}
    assert {path.name for path in tmp_path.iterdir()} == {"mine-new", "other-left"}


def compile_into_cache(name, content):
    """Write a file into the folder that the flag names, as XLA does."""
    folder = Path(os.environ["TF_XLA_FLAGS"].rpartition("=")[2])
    (folder / name).write_bytes(content)
    return sorted(path.name for path in folder.iterdir())


def test_compiled_programs_are_kept_and_found_again(tmp_path):
    with device(0, tmp_path):
        assert compile_into_cache("a.pb", b"program") == ["a.pb"]
    (kept,) = tmp_path.glob("*/*.pb")
    assert kept.read_bytes() == b"program"
    with device(0, tmp_path):
        assert compile_into_cache("b.pb", b"other") == ["a.pb", "b.pb"]
    assert len(list(tmp_path.glob("*/*"))) == 2


def test_a_damaged_program_is_removed_instead_of_used(tmp_path):
    with device(0, tmp_path):
        compile_into_cache("a.pb", b"program")
    (kept,) = tmp_path.glob("*/*.pb")
    kept.write_bytes(b"prog")
    with device(0, tmp_path):
        assert compile_into_cache("b.pb", b"other") == ["b.pb"]
    assert [path.read_bytes() for path in tmp_path.glob("*/*")] == [b"other"]


def test_what_another_job_is_writing_is_left_alone(tmp_path):
    with device(0, tmp_path):
        compile_into_cache("a.pb", b"program")
    (kept,) = tmp_path.glob("*/*.pb")
    half_written = kept.with_name(".0123.pb")
    half_written.write_bytes(b"prog")
    with device(0, tmp_path):
        assert compile_into_cache("b.pb", b"other") == ["a.pb", "b.pb"]
    assert half_written.exists()


def test_programs_of_another_processor_are_not_used(tmp_path, monkeypatch):
    with device(0, tmp_path):
        compile_into_cache("a.pb", b"program")
    monkeypatch.setattr("platform.machine", lambda: "another")
    with device(0, tmp_path):
        assert compile_into_cache("b.pb", b"other") == ["b.pb"]


def test_packages_that_are_absent_for_a_while(monkeypatch):
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    kept = importlib.import_module("json")
    with absent("wave", "json"):
        assert importlib.import_module("json") is kept  # imported before
        with pytest.raises(ImportError, match="wave"):
            importlib.import_module("wave")
    assert importlib.import_module("wave").__name__ == "wave"


def test_a_gpu_is_seen_only_if_given_and_flags_of_the_user_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_auto_jit=0")
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_max_isa=AVX2")
    with device(0, tmp_path):
        assert os.environ["XLA_FLAGS"] == f"--xla_cpu_max_isa=AVX2 {XLA_FLAGS}"
        assert os.environ["CUDA_VISIBLE_DEVICES"] == "-1"
        assert os.environ["TF_XLA_FLAGS"].startswith("--tf_xla_auto_jit=0 --tf_xla_persistent_cache_directory=")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    with device(1, tmp_path):
        assert "CUDA_VISIBLE_DEVICES" not in os.environ


def test_what_is_written_below_python_is_not_shown(capfd):
    os.write(2, b"before ")
    with quiet():
        os.write(2, b"meanwhile ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after" and os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    with pytest.raises(ValueError, match="here"), quiet():
        raise ValueError("here")
    os.write(2, b"still")
    assert capfd.readouterr().err == "still"
