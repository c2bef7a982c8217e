"""Batched: collect a batch of results, send them all at once, wait for all of them."""

import asyncio


async def run(work):
    for start in range(0, len(work.jobs), work.batch):
        results = [work.compute(job) for job in work.jobs[start : start + work.batch]]
        await asyncio.gather(*(work.save(result) for result in results))
