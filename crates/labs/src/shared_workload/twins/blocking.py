"""Blocking: compute, then save and wait on the spot."""


async def run(work):
    for job in work.jobs:
        result = work.compute(job)
        work.save_in_place(result)  # time.sleep, requests.post: the event loop never gets its turn
