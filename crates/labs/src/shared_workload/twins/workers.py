"""Workers: compute in other processes, and let the event loop only wait."""

import asyncio


async def run(work):
    in_flight = asyncio.Semaphore(work.in_flight)

    async def compute_and_save(job):
        result = await work.compute_elsewhere(job)  # run_in_executor: the loop stays free
        await work.save_within(in_flight, result)

    await asyncio.gather(*(compute_and_save(job) for job in work.jobs))
