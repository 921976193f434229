#!/usr/bin/env python3
"""Renewals against HiGHS on one integer program of the whole estate, side by side.

Set up, once (highspy is the only thing needed beside Python):

    python3 -m venv target/highspy && target/highspy/bin/pip install highspy==1.16.0

Run, with a release build:

    cargo build --release --bin licit
    cargo bench --bench renewals -- estate target/straight
    target/highspy/bin/python benches/renewals/straight.py target/straight/renewal.yaml

What is compared. `licit renew --write-model` states each scenario as one integer program of the whole estate that asks
for the least spend. It holds the levels above spend (unmet assignments, uncovered installs) at their best, as rows: HiGHS
is told the answer to the first three questions, asked the fourth, and not asked the others; `licit` finds all of them,
with who uses what, margins, and a proof that its checker accepts. HiGHS is asked for no gap, as it is for exact answers,
and may use as many threads as it likes. Its time is that of solving: files are read, and the model is built, before the
clock starts. The time of `licit` is that of the whole program, from the files to the printed result. A run of HiGHS that
is stopped at the limit counts as the limit. The two alternate, scenario by scenario; at the end `licit` answers all
scenarios in one run, which is how it is used, and which is compared with the sum for HiGHS.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Seconds beyond its limit after which a solver that does not stop is stopped.
GRACE_SECONDS = 30


def main():
    arguments = parse()
    if arguments.solve:
        solve(arguments.scenarios, arguments.limit, arguments.threads)
        return
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder) / "models"
        licit(arguments, "--write-model", str(models))
        index = json.loads((models / "models.json").read_text())["models"][: arguments.scenarios_max]
        print(f"HiGHS {highs_version()}, limit {arguments.limit} s, {len(index)} scenarios of {arguments.scenarios}")
        print(f"{'scenario':<36} {'licit s':>9} {'HiGHS s':>9} {'ratio':>8}  {'licit cost':>16} {'HiGHS cost':>16}  verdict")
        rows = [compare(arguments, models, row) for row in index]
        names = [flag for row in index for flag in ("--scenario", row["scenario"])]
        together, _ = licit(arguments, *names)
    report(rows, together)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", type=Path, help="the scenario file")
    parser.add_argument("--licit", type=Path, default=Path("target/release/licit"), help="the program")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each model [120]")
    parser.add_argument("--threads", type=int, default=0, help="threads of HiGHS, 0 for its own choice [0]")
    parser.add_argument("--scenarios-max", type=int, default=10, help="so many scenarios at most [10]")
    parser.add_argument("--solve", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def licit(arguments, *flags):
    """Seconds of a run of `licit renew`, and its result."""
    command = [str(arguments.licit.resolve()), "renew", str(arguments.scenarios), "--quiet", "--format", "json", *flags]
    start = time.perf_counter()
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - start
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {run.returncode}")
    return seconds, json.loads(run.stdout)


def compare(arguments, models, row):
    """Answers one scenario with both, and prints the line."""
    seconds, result = licit(arguments, "--scenario", row["scenario"])
    standing = result["scenarios"][0]["standing"]
    own = row["mps"]["cost"]
    other = highs(arguments, models / row["mps"]["file"])
    is_stopped = other["status"] != "Optimal"
    other_seconds = arguments.limit if is_stopped else other["seconds"]
    cost = None if other["cost"] is None else round(other["cost"])
    verdict = "same" if cost == own else "HiGHS is dearer" if cost is None or cost > own else "HIGHS IS CHEAPER"
    if is_stopped:
        verdict = f"{verdict}; HiGHS was stopped ({other['status']}, bound {other['bound']})"
    shown = "-" if cost is None else cost
    print(
        f"{row['scenario'][:36]:<36} {seconds:>9.3f} {other_seconds:>9.3f} {other_seconds / seconds:>8.1f}  "
        f"{own:>16} {shown:>16}  {standing}; {verdict}",
        flush=True,
    )
    return {"licit": seconds, "highs": other_seconds, "stopped": is_stopped, "same": cost == own}


def highs(arguments, model):
    """What HiGHS says of a model, in a process of its own that can be stopped."""
    command = [sys.executable, __file__, "--solve", str(model), "--limit", str(arguments.limit)]
    command += ["--threads", str(arguments.threads)]
    try:
        run = subprocess.run(
            command, stdout=subprocess.PIPE, check=True, timeout=arguments.limit + GRACE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"status": "killed", "seconds": arguments.limit, "cost": None, "bound": None}
    return json.loads(run.stdout.splitlines()[-1])


def solve(model, limit, threads):
    """Solves a model in this process and prints what came of it."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.setOptionValue("threads", threads)
    solver.setOptionValue("time_limit", limit)
    if solver.readModel(str(model)) != highspy.HighsStatus.kOk:
        sys.exit(f"{model}: HiGHS does not read it")
    start = time.perf_counter()
    solver.run()
    seconds = time.perf_counter() - start
    info = solver.getInfo()
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    status = solver.modelStatusToString(solver.getModelStatus())
    cost = info.objective_function_value if has_point else None
    print(json.dumps({"status": status, "seconds": seconds, "cost": cost, "bound": info.mip_dual_bound}))


def highs_version():
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver.version()


def report(rows, together):
    """Medians and sums."""
    own, other = [row["licit"] for row in rows], [row["highs"] for row in rows]
    ratio = statistics.median(highs / licit for licit, highs in zip(own, other))
    print(f"median: licit {statistics.median(own):.3f} s, HiGHS {statistics.median(other):.3f} s, ratio {ratio:.1f}")
    print(
        f"all scenarios: licit in one run {together:.3f} s, HiGHS {sum(other):.3f} s, ratio {sum(other) / together:.1f}"
    )
    stopped = sum(row["stopped"] for row in rows)
    ended = [row for row in rows if not row["stopped"]]
    same = sum(row["same"] for row in ended)
    print(f"HiGHS was stopped on {stopped} of {len(rows)}; same cost on {same} of the {len(ended)} others")


if __name__ == "__main__":
    main()
