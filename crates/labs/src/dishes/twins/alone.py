"""Alone: one person washes a dish, dries it, and takes the next."""


async def run(kitchen):
    while kitchen.dirty:
        dish = kitchen.dirty.pop()
        await kitchen.wash(dish)
        await kitchen.dry(dish)
