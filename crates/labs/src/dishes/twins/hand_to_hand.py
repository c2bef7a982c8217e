"""Hand to hand: one washes, one dries, and there is nothing between them.

asyncio has no queue without places. One place and a permit come to the same: the washer goes on when the dish is taken.
"""

import asyncio


async def run(kitchen):
    hands = asyncio.Queue(maxsize=1)
    taken = asyncio.Semaphore(0)

    async def wash_all():
        while kitchen.dirty:
            dish = kitchen.dirty.pop()
            await kitchen.wash(dish)
            await hands.put(dish)
            await taken.acquire()  # waits until the dryer takes it
        await hands.put(None)  # no dish will come any more

    async def dry_all():
        while (dish := await hands.get()) is not None:
            taken.release()
            await kitchen.dry(dish)

    await asyncio.gather(wash_all(), dry_all())
