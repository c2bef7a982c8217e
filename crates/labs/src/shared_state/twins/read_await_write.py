"""Read, await, write: the count is read before the await, and written after it."""


async def run(counting):
    await counting.write_together(write)


async def write(counting, _):
    while counting.next_update():
        count = counting.read()
        await counting.ask()  # the others run now, and read the same count
        counting.write(count + 1)
