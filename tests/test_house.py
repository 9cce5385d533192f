"""The files around the package agree with each other."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from options import DEFAULT
from packaging.requirements import Requirement

import deepprune
from deepprune.config.options import check_config, check_study
from deepprune.config.schema import options, schema
from deepprune.data import sheet
from deepprune.data.sheet import columns, read_lines
from deepprune.io.motif import read_motifs
from deepprune.io.table import read_table

ROOT = Path(__file__).resolve().parents[1]
ENVS = sorted((ROOT / "envs").glob("*.yaml"))
# the conda environments' Python decides between the lock's lines for different Pythons
MARKERS = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux"}


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    """Return the version of every package in the lock file, for Python 3.11 on Linux."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    packages = [Requirement(line.removesuffix("\\").strip()) for line in lines if line[:1].isalnum()]
    return {
        package.name: str(package.specifier).removeprefix("==")
        for package in packages
        if package.marker is None or package.marker.evaluate(MARKERS)
    }


def keys(tree: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted keys of a nested mapping, groups included."""
    for key, below in tree.items():
        yield prefix + key
        if isinstance(below, dict):
            yield from keys(below, f"{prefix}{key}.")


def subschemas(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and all below it."""
    yield tree
    for below in tree.get("properties", {}).values():
        yield from subschemas(below)


def test_lock_holds_every_dependency_in_range(locked: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]]
    assert [need.name for need in wanted if need.name not in locked] == []
    assert [str(need) for need in wanted if not need.specifier.contains(locked[need.name])] == []


@pytest.mark.parametrize("env", ENVS, ids=lambda path: path.stem)
def test_conda_pins_are_those_of_the_lock(env: Path, locked: dict[str, str]) -> None:
    content = yaml.safe_load(env.read_text())
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pinned = dict(pin.split("==") for pin in extras[env.stem]) if env.stem in extras else {}
    assert content["channels"] == ["conda-forge", "nodefaults"]
    python, pip, packages = content["dependencies"]
    assert (python, pip) == (f"python={MARKERS['python_version']}", "pip")
    pins = dict(pin.split("==") for pin in packages["pip"])
    assert pins == {name: (locked | pinned)[name] for name in pins} and set(pinned) <= set(pins)


def test_every_stage_installs_the_package() -> None:
    assert [env.stem for env in ENVS] == ["data", "gkm", "motifs", "summary", "train"]
    scripts = {env.with_suffix(".post-deploy.sh").read_text() for env in ENVS}
    assert len(scripts) == 1
    assert "--no-deps" in scripts.pop()


def test_versions_agree() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == deepprune.__version__
    assert deepprune.__version__ in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("file", sorted((ROOT / "studies").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_studies_are_allowed_options(file: Path) -> None:
    config = merged(DEFAULT, yaml.safe_load(file.read_text()))
    assert config["folder"] == file.stem
    check_config(config)
    check_study(config["study"], [path.stem for path in (ROOT / "rules/studies").glob("*.smk")])


def merged(options: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return options with changes, group by group as Snakemake merges configuration files."""
    both = {name: merged(options[name], value) for name, value in changes.items() if is_group(options[name], value)}
    return options | changes | both


def is_group(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


def test_the_paper_has_five_simulated_data_sets_and_18_seeds() -> None:
    config = yaml.safe_load((ROOT / "studies" / "deepprune.yaml").read_text())
    assert len(config["seeds"]["simulated"]) == 18
    simulated, real = (read_table(ROOT / "studies" / name) for name in config["datasets"])
    assert len(simulated) == 5 and len(real) == 690
    motifs = [len(read_motifs(ROOT / "resources/deepprune" / path)) for path in simulated["path"]]
    assert motifs == [2, 2, 2, 4, 8]


def test_config_and_schema_name_the_same_options() -> None:
    known, written = list(options(schema("config"))), set(keys(yaml.safe_load((ROOT / "config.yaml").read_text())))
    # What is below an option, such as a value for each kind of data, is no option.
    assert set(known) <= written and len(known) == len(set(known))
    assert all(any(key.startswith(f"{option}.") for option in known) for key in written - set(known))


@pytest.mark.parametrize("name", ["config", "datasets"])
def test_schemas_describe_everything_and_allow_nothing_else(name: str) -> None:
    for part in subschemas(schema(name)):
        assert part["description"].endswith(".")
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert set(part["required"]) <= set(part["properties"])


def test_jaspar_releases_are_those_of_pyjaspar() -> None:
    pyjaspar = pytest.importorskip("pyjaspar")
    jaspar = schema("config")["properties"]["tomtom"]["properties"]["jaspar"]["properties"]
    assert sorted(jaspar["release"]["enum"]) == sorted(pyjaspar.jaspar_releases)


def test_default_sheet_names_the_three_simulated_sets() -> None:
    (_, header), *rows = read_lines(ROOT / "resources" / "simulated.tsv")
    assert header.split("\t") == [column for column in columns() if column not in sheet.OPTIONAL]
    names = ["two_motifs", "four_motifs", "eight_motifs"]
    assert [row.split("\t")[:3] for _, row in rows] == [[name, "simulated", f"motifs/{name}.meme"] for name in names]


def test_sources_are_short() -> None:
    ours = [
        path for folder in ("deepprune", "scripts", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")
    ]
    ours += [*ROOT.glob("Snakefile"), *ROOT.glob("rules/**/*.smk")]
    assert ROOT / "deepprune" / "config" / "options.py" in ours
    assert [str(path) for path in ours if len(path.read_text().splitlines()) > 350] == []


# make setup, with stand-ins for Python and uv


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the files that `make setup` reads, and in its bin/ the few commands that it is to find."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "bin").mkdir()
    for command in ("sh", "rm", "mkdir", "touch", "chmod"):
        (tmp_path / "bin" / command).symlink_to(str(shutil.which(command)))
    return tmp_path


def stand_in(checkout: Path, name: str, text: str) -> None:
    """Put a shell script of that name into bin/."""
    script = checkout / "bin" / name
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)


# Substitutes for uv when it makes the environment, and for the command that is then called there
ENVIRONMENT = 'mkdir -p .venv/bin; echo "#!/bin/sh" > .venv/bin/deepprune; chmod +x .venv/bin/deepprune'


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make with bin/ as the whole PATH."""
    env = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "PYTHON", "VIRTUAL_ENV")}
    env["PATH"] = str(checkout / "bin")
    return subprocess.run(
        [str(shutil.which("make")), *arguments], cwd=checkout, env=env, capture_output=True, text=True
    )


def test_setup_refuses_an_old_python_in_one_line(checkout: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        stand_in(checkout, name, "exit 1")
    done = make(checkout, "setup")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("deepprune needs Python 3.11, 3.12 or 3.13")
    assert not (checkout / ".venv").exists()


def test_setup_leaves_the_choice_of_python_to_uv_unless_one_is_named(checkout: Path) -> None:
    log = checkout / "log"
    stand_in(checkout, "uv", f'echo "$*" >> {log}; if [ "$1" = venv ]; then {ENVIRONMENT}; fi')
    assert make(checkout, "setup").returncode == 0
    assert "--python >=3.11,<3.14 .venv" in log.read_text()
    named = make(checkout, "setup", "--always-make", "PYTHON=python3.11")
    assert named.stderr.splitlines()[0].startswith("deepprune needs Python 3.11, 3.12 or 3.13, but python3.11 is not")
    stand_in(checkout, "python3.11", "exit 0")
    assert make(checkout, "setup", "--always-make", "PYTHON=python3.11").returncode == 0
    assert "--python python3.11 .venv" in log.read_text()


def test_setup_is_repeated_after_an_interruption_and_only_then(checkout: Path) -> None:
    log = checkout / "log"
    record = f'echo "$1 $2" >> {log}; if [ "$1" = venv ]; then {ENVIRONMENT}; fi'
    stand_in(checkout, "uv", f'{record}; [ "$1" = venv ]')
    assert make(checkout, "setup").returncode != 0
    stand_in(checkout, "uv", record)
    assert make(checkout, "setup").returncode == 0
    assert log.read_text().splitlines() == ["venv --quiet", "pip install", "venv --quiet", "pip install", "pip install"]
    log.unlink()
    assert make(checkout, "setup").returncode == 0
    assert not log.exists()
    os.utime(checkout / "requirements.lock", (2**32, 2**32))
    assert make(checkout, "setup").returncode == 0
    assert log.exists()


def imported(file: Path) -> set[str]:
    """Return what a file imports: all of our modules, and the packages that it needs when it is loaded."""
    text = file.read_text()
    names = set(re.findall(r"^ *from (deepprune[\w.]*) import", text, re.MULTILINE))
    others = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    return names | {name for name in others if name not in sys.stdlib_module_names and name != "deepprune"}


def module_file(name: str) -> Path:
    """Return the file of one of our modules."""
    path = ROOT / name.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.mark.parametrize("stage", ["data", "train", "gkm", "motifs", "summary"])
def test_an_environment_holds_what_its_scripts_import(stage: str) -> None:
    rules = "".join(path.read_text() for path in sorted((ROOT / "rules").rglob("*.smk")))
    scripts = re.findall(rf'envs/{stage}\.yaml".*?"(?:\.\./)+(scripts/[\w/]+\.py)"', rules, re.DOTALL)
    assert scripts
    todo, seen = [ROOT / script for script in scripts], set()
    while todo:
        new = imported(todo.pop()) - seen
        seen |= new
        # The package itself imports its interface in Python only when that is used.
        todo += [module_file(name) for name in new if name.startswith("deepprune.")]
    packages = {"Bio": "biopython", "yaml": "pyyaml", "keras": "tensorflow", "markupsafe": "jinja2"}
    needed = {packages.get(name, name) for name in seen if name.split(".")[0] != "deepprune"}
    pins = yaml.safe_load((ROOT / f"envs/{stage}.yaml").read_text())["dependencies"][-1]["pip"]
    available = {pin.split("==")[0] for pin in pins} | {"numpy"}  # numpy comes with all of them
    assert needed <= available


# Input is never executed: forbidden calls by their last names, modules, options of calls
FORBIDDEN = {
    *("eval", "exec", "__import__", "import_module", "system", "popen", "getoutput", "getstatusoutput"),
    *("extractall", "extract", "unpack_archive", "enable_unsafe_deserialization", "full_load", "unsafe_load", "Markup"),
}
FORBIDDEN_MODULES = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "tarfile"}
FORBIDDEN_OPTIONS = {("allow_pickle", True), ("shell", True), ("safe_mode", False), ("autoescape", False)}
ALLOWED = {
    ("deepprune/report/captions.py", "Markup"): "of captions, which are files of report/",
    ("deepprune/sources/deepsea.py", "tarfile"): "three files by their names, written under names of our own",
}


def breaches(text: str) -> set[str]:
    """Return what in Python text could run something that was read."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=keywords):
                options = {(word.arg, word.value.value) for word in keywords if isinstance(word.value, ast.Constant)}
                found |= {name} & FORBIDDEN | {f"{key}={value}" for key, value in options & FORBIDDEN_OPTIONS}
                found |= {ast.unparse(node.func)} & {"yaml.load", "yaml.load_all"}
            case ast.Import(names=names):
                found |= {alias.name.split(".")[0] for alias in names} & FORBIDDEN_MODULES
            case ast.ImportFrom(module=str(module)):
                found |= {module.split(".")[0]} & FORBIDDEN_MODULES
    return found


@pytest.mark.parametrize("folder", ["deepprune", "scripts"])
def test_nothing_that_is_read_is_run(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    found = {(str(file.relative_to(ROOT)), what) for file in files for what in breaches(file.read_text())}
    assert found == {key for key in ALLOWED if key[0].startswith(folder)}


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("eval(x)", "eval"),
        ("builtins.exec(x)", "exec"),
        ("os.system(f'rm {x}')", "system"),
        ("subprocess.run(x, shell=True)", "shell=True"),
        ("np.load(x, allow_pickle=True)", "allow_pickle=True"),
        ("import pickle as p", "pickle"),
        ("from pickle import loads", "pickle"),
        ("import tarfile", "tarfile"),
        ("zipfile.ZipFile(x).extractall()", "extractall"),
        ("yaml.load(x, Loader=yaml.Loader)", "yaml.load"),
        ("keras.models.load_model(x, safe_mode=False)", "safe_mode=False"),
        ("jinja2.Environment(autoescape=False)", "autoescape=False"),
        ("markupsafe.Markup(x)", "Markup"),
    ],
)
def test_a_breach_is_seen(text: str, breach: str) -> None:
    assert breaches(text) == {breach}


SHELL = r"^ *(shell|run|notebook|wrapper):|\bshell\("
TRUSTING = r"\|\s*safe\b|autoescape|={{"  # the last: an attribute without quotes


def test_rules_hold_no_shell_and_templates_escape_every_value() -> None:
    for pattern, files, breach in (
        (SHELL, [ROOT / "Snakefile", *(ROOT / "rules").rglob("*.smk")], "    shell:\n"),
        (TRUSTING, list((ROOT / "deepprune").rglob("*.j2")), "{{ name | safe }}"),
    ):
        assert len(files) > 3 and re.search(pattern, breach, re.MULTILINE)
        assert [path.name for path in files if re.search(pattern, path.read_text(), re.MULTILINE)] == []


def test_every_locked_package_has_its_hash() -> None:
    # pip and uv then take nothing else under that name.
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    packages = [number for number, line in enumerate(lines) if line[:1].isalnum()]
    assert len(packages) > 50
    assert all(lines[number + 1].lstrip().startswith("--hash=sha256:") for number in packages)
