"""A small run through profiles/slurm on a real cluster: the places, names and results of its jobs."""

import re

import pytest
from submission import DATASETS, PROFILE, TARGETS, Study, tables

pytestmark = [pytest.mark.slow, pytest.mark.slurm]

FINISH = "rule_finish_auc_figure_logos_motifs_page_profile_figure_..."  # shortened by Slurm's plugin
SUMMARIES = {f"rule_table_wildcards_{name}" for name in ("auc", "comparison", "datasets", "motifs", "tomtom")}


def test_a_study_on_a_cluster_gives_the_tables_of_a_local_one(study: Study, expected) -> None:
    before = {job["jobid"] for job in study.site.accounts("jobid")}
    process = study.start(*TARGETS)
    output, _ = process.communicate(timeout=600)
    assert process.returncode == 0, output
    assert study.site.queue() == []
    columns = ("jobid", "jobname", "comment", "partition", "state", "reqtres", "timelimit", "elapsed")
    jobs = [job for job in study.site.accounts(*columns) if job["jobid"] not in before]
    for job in jobs:
        print(*job.values())

    # One submission each for preparation and training of each data set, for the later jobs, and for each table.
    preparing = {f"rule_dataset_wildcards_{name}" for name in DATASETS}
    training = {f"rule_train_wildcards_{name}" for name in DATASETS}
    assert sorted(job["comment"] for job in jobs) == sorted(
        preparing | training | SUMMARIES | {"rule_jaspar", "rule_study_tables", FINISH}
    )
    for job in jobs:
        assert job["state"] == "COMPLETED"
        assert job["jobname"].startswith(f"{PROFILE['slurm-jobname-prefix']}_")
        trains = job["comment"] in training
        assert job["partition"] == ("gpu" if trains else "cpu")
        assert ("gres/gpu=1" in job["reqtres"]) == trains
        # A batch asks for no more than its largest job.
        assert f"cpu={2 if trains else 1}," in job["reqtres"]

    logs = re.findall(r"has been submitted with SLURM jobid (\d+) \(log: (.*)\)", output)
    paths = {f"{study.folder}/logs/slurm/rule_train/{name}/" for name in DATASETS}
    assert {path.removesuffix(f"{job}.log") for job, path in logs} >= paths
    for name in DATASETS:
        assert "Warning: this job was given a GPU" in (study.folder / f"logs/train/{name}.log").read_text()
        assert (study.folder / f"logs/motifs/{name}.log").exists()
    assert tables(study.folder) == expected()
