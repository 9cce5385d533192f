"""The build: wheels hold the workflow, which lies beside the package in a checkout."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# What a run needs beside the package; MANIFEST.in lists the same for the sdist.
FILES = ("Snakefile", "config.yaml")
FOLDERS = ("rules", "scripts", "report", "profiles", "resources", "envs", "studies")


class BuildWithWorkflow(build_py):
    """Copies the workflow into the package as deepprune/workflow/."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # the package then is that of a checkout
        here, workflow = Path(__file__).parent, Path(self.build_lib, "deepprune", "workflow")
        shutil.rmtree(workflow, ignore_errors=True)
        workflow.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(here / name, workflow / name)
        for name in FOLDERS:
            ignored = shutil.ignore_patterns("downloads", "__pycache__")
            shutil.copytree(here / name, workflow / name, ignore=ignored)


setup(cmdclass={"build_py": BuildWithWorkflow})
