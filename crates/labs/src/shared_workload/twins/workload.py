"""What the twins of this lab share: jobs, computing, and a server of limited capacity."""

import asyncio
import time
from concurrent.futures import ProcessPoolExecutor


def compute(cpu_s: float) -> None:
    """Keeps the thread for so long. By the clock on the wall, so that a busy machine changes little."""
    end = time.perf_counter() + cpu_s
    while time.perf_counter() < end:
        pass


class Workload:
    def __init__(self, values):
        self.jobs = range(int(values["tasks"]))
        self.cpu_s = values["cpu_ms"] / 1000
        self.latency_s = values["latency_ms"] / 1000
        self.batch = int(values["batch"])
        self.in_flight = int(values["in_flight"])
        self.slots = asyncio.Semaphore(int(values["capacity"]))
        self.pool = ProcessPoolExecutor(int(values["workers"]))

    async def __aenter__(self):
        # The pool stands ready before the clock starts.
        loop = asyncio.get_running_loop()
        workers = range(self.pool._max_workers)
        await asyncio.gather(*(loop.run_in_executor(self.pool, compute, 0.02) for _ in workers))

    async def __aexit__(self, *_):
        self.pool.shutdown()

    def compute(self, job):
        """Nothing else runs meanwhile."""
        compute(self.cpu_s)
        return job

    async def compute_elsewhere(self, job):
        """The loop is free meanwhile."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.pool, compute, self.cpu_s)
        return job

    async def save(self, result):
        async with self.slots:  # the server's, which serves so many at once
            await asyncio.sleep(self.latency_s)

    async def save_within(self, limit, result):
        async with limit:
            await self.save(result)

    def save_in_place(self, result):
        time.sleep(self.latency_s)

    def findings(self):
        return {}
