"""Report what is publicly known of security holes in locked packages; a report alone, so that its status is always 0.

Usage: python .ci/audit.py requirements.lock [options of pip-audit, such as --vulnerability-service=osv]
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

MINUTES = 10
OPTIONS = ("--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=15")


def main(lock: str, options: Sequence[str]) -> None:
    """Run pip-audit and print a line for each hole, and one for all packages."""
    command = [sys.executable, "-m", "pip_audit", f"--requirement={lock}", *OPTIONS, *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES)
    except subprocess.TimeoutExpired:
        print(f"audit: no answer in {MINUTES} minutes; nothing was audited")
        return
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        *_, reason = ["pip-audit does not say why", *filter(str.strip, done.stderr.splitlines())]
        print(f"audit: {reason}; nothing was audited")
        return
    print(*report(packages), sep="\n")


def report(packages: Sequence[dict[str, Any]]) -> list[str]:
    """Return a line for each hole in pip-audit's list of packages, and a last one that says how many it looked at."""
    known = [package for package in packages if "skip_reason" not in package]
    lines = [
        f"audit: {package['name']} {package['version']}: {hole['id']}, "
        f"{'mended in ' + ', '.join(hole['fix_versions']) if hole['fix_versions'] else 'not mended yet'}"
        for package in known
        for hole in package["vulns"]
    ]
    holes = f"{len(lines)} known hole{'' if len(lines) == 1 else 's'}"
    last = f"audit: {holes} in the {len(known)} of {len(packages)} packages that the service knows"
    return [
        *lines,
        last if known else f"audit: the service knows none of {len(packages)} packages; nothing was audited",
    ]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
