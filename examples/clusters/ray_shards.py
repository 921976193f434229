#!/usr/bin/env python3
"""The shards of a batch as tasks of a Ray cluster (pip install ray); a shard that is lost is begun again.

    python examples/clusters/ray_shards.py COUNT FOLDER FILE...

FOLDER gets a journal for each shard, and the answer: all.json. LICIT names the program. All nodes must see the folder
in which this is called, and what is named, under the same paths. With RAY_ADDRESS=auto the tasks go to the cluster that
this machine is in, else to one that Ray begins here.
"""

import os
import subprocess
import sys
from pathlib import Path

import ray


class Lost(Exception):
    """A shard that has no journal of all its scenarios."""


# Ray itself begins a task again whose node or worker is lost, and with `retry_exceptions` one whose program was.
@ray.remote(num_cpus=1, max_retries=2, retry_exceptions=[Lost])
def solve(licit: str, shard: str, journal: Path, files: list[str], here: str) -> str:
    arguments = ["batch", *files, "--quiet", "--jobs", "1", "--shard", shard, "--journal", journal]
    summary = ["--format", "csv", "--out", journal.with_suffix(".csv")]
    code = subprocess.run([licit, *arguments, *summary], cwd=here).returncode
    if code != 0:
        raise Lost(f"shard {shard}: exit code {code}")
    return shard


def main(count: int, folder: Path, files: list[str]) -> int:
    licit = os.environ.get("LICIT", "licit")
    folder.mkdir(parents=True, exist_ok=True)
    journals = [folder / f"{index}.sqlite" for index in range(1, count + 1)]
    ray.init()
    shards = enumerate(journals, 1)
    tasks = [solve.remote(licit, f"{index}/{count}", journal, files, os.getcwd()) for index, journal in shards]
    for task in tasks:
        try:
            print("ended: shard", ray.get(task))
        except (Lost, ray.exceptions.RayError) as error:
            print(error, file=sys.stderr)
    # Whatever became of them: merge refuses shards that are missing or have not ended.
    merged = folder / "all.sqlite"
    merged.unlink(missing_ok=True)
    answer = ["--format", "json", "--out", folder / "all.json"]
    return subprocess.run([licit, "merge", merged, *journals, *answer]).returncode


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
