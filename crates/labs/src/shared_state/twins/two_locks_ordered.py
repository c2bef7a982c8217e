"""Two locks, in order: the same two locks, taken by everybody in the same order."""


async def run(counting):
    await counting.write_together(write)


async def write(counting, _):
    while counting.next_update():
        async with counting.count_lock:
            await counting.ask()
            async with counting.server_lock:
                counting.write(counting.read() + 1)
