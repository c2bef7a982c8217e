"""No await inside: first await what must be awaited, then read and write in one go."""


async def run(counting):
    await counting.write_together(write)


async def write(counting, _):
    while counting.next_update():
        await counting.ask()
        count = counting.read()  # from here to the next line nobody else runs
        counting.write(count + 1)
