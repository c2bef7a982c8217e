"""Runs one twin with the given values, and prints how long it took: run_twin.py shared-workload/yielding tasks=20 cpu_ms=5

It must not know the labs: each brings its own `workload.py`.
"""

import asyncio
import importlib
import sys
from pathlib import Path
from time import perf_counter

# A twin that takes longer has come to a halt.
PATIENCE_S = 2


def main() -> None:
    lab, strategy = sys.argv[1].split("/")
    values = {key: float(value) for key, value in (pair.split("=") for pair in sys.argv[2:])}
    sys.path.insert(0, str(Path(__file__).parent / "src" / lab.replace("-", "_") / "twins"))
    workload = importlib.import_module("workload")
    twin = importlib.import_module(strategy.replace("-", "_"))
    asyncio.run(timed(workload.Workload(values), twin.run))


async def timed(work, run) -> None:
    async with work:
        start = perf_counter()
        try:
            await asyncio.wait_for(run(work), timeout=PATIENCE_S)
            print(f"makespan_ms={(perf_counter() - start) * 1000}")
        except asyncio.TimeoutError:
            print("stalled")
        for name, value in work.findings().items():
            print(f"{name}={value}")


if __name__ == "__main__":
    main()
