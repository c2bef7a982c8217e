"""No I/O: the computing alone, nothing saved."""


async def run(work):
    for job in work.jobs:
        work.compute(job)
