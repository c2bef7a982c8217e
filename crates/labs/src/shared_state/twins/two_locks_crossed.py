"""Two locks, crossed: one lock for the count and one for the server, taken in either order."""


async def run(counting):
    await counting.write_together(write)


async def write(counting, number):
    if number % 2 == 0:
        first, second = counting.server_lock, counting.count_lock
    else:
        first, second = counting.count_lock, counting.server_lock
    while counting.next_update():
        async with first:
            await counting.ask()
            async with second:  # held by somebody who waits for ours
                counting.write(counting.read() + 1)
