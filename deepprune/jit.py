"""numba with a cache folder.

Import this before numba or anything that uses it.
numba keeps compiled functions beside the source by default, which a shared or read-only installation forbids; and
memelite, the engine of Tomtom, takes a minute to compile. NUMBA_CACHE_DIR, if set, stays in force.
"""

import os
from pathlib import Path
from typing import Any

import numba

config: Any = numba.config
# numba looks up the cache when a function is defined.
if not config.CACHE_DIR:
    _user_cache = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111 (never fails)
    if _user_cache.is_absolute():
        config.CACHE_DIR = str(_user_cache / "deepprune" / "numba")

njit = numba.njit
set_threads = numba.set_num_threads
threads: int = config.NUMBA_NUM_THREADS
