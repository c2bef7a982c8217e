"""Rack: one washes, one dries, and a rack with a few places stands between them."""

import asyncio


async def run(kitchen):
    rack = asyncio.Queue(maxsize=kitchen.rack)

    async def wash_all():
        while kitchen.dirty:
            dish = kitchen.dirty.pop()
            await kitchen.wash(dish)
            await rack.put(dish)  # waits only while the rack is full
        await rack.put(None)  # what stands in it is still dried

    async def dry_all():
        while (dish := await rack.get()) is not None:
            await kitchen.dry(dish)

    await asyncio.gather(wash_all(), dry_all())
