"""One at a time: asynchronous, but each save is awaited before the next task begins."""


async def run(work):
    for job in work.jobs:
        result = work.compute(job)
        await work.save(result)  # others may run now; we do not
