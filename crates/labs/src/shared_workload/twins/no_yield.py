"""No yield: start each save in the background, but never give the thread back."""

import asyncio


async def run(work):
    in_flight = asyncio.Semaphore(work.in_flight)
    saves = []

    for job in work.jobs:
        result = work.compute(job)
        saves.append(asyncio.create_task(work.save_within(in_flight, result)))
        # Missing here: the line that lets the saves begin.
    await asyncio.gather(*saves)
