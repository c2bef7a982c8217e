"""Yielding: start each save in the background, and give the thread back after each result."""

import asyncio


async def run(work):
    in_flight = asyncio.Semaphore(work.in_flight)
    saves = []

    for job in work.jobs:
        result = work.compute(job)
        saves.append(asyncio.create_task(work.save_within(in_flight, result)))
        await asyncio.sleep(0)  # now the save begins, and responses are taken in
    await asyncio.gather(*saves)
