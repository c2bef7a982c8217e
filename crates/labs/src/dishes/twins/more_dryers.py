"""More dryers: the same rack, and more hands where the work piles up."""

import asyncio


async def run(kitchen):
    rack = asyncio.Queue(maxsize=kitchen.rack)

    async def wash_all():
        while kitchen.dirty:
            dish = kitchen.dirty.pop()
            await kitchen.wash(dish)
            await rack.put(dish)

    async def dry_all():
        while (dish := await rack.get()) is not None:
            await kitchen.dry(dish)

    dryers = [asyncio.create_task(dry_all()) for _ in range(kitchen.dryers)]
    await asyncio.gather(*(wash_all() for _ in range(kitchen.washers)))
    for _ in dryers:
        await rack.put(None)  # one for each: no dish will come any more
    await asyncio.gather(*dryers)
