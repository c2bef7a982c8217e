"""Locked: a lock around all of it, the await included."""


async def run(counting):
    await counting.write_together(write)


async def write(counting, _):
    while counting.next_update():
        async with counting.count_lock:
            count = counting.read()
            await counting.ask()  # the others run now, but wait for the lock
            counting.write(count + 1)
