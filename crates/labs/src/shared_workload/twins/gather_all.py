"""Gather all: one batch of everything."""

import asyncio


async def run(work):
    results = [work.compute(job) for job in work.jobs]
    await asyncio.gather(*(work.save(result) for result in results))
