"""What the twins of this lab share: the count, its writers, and a server that is asked before each update."""

import asyncio
import random


class Workload:
    def __init__(self, values):
        self.updates = int(values["updates"])
        self.writers = int(values["writers"])
        self.await_s = values["await_ms"] / 1000
        self.jitter = values["jitter_percent"] / 100
        self.random = random.Random(int(values["seed"]))
        self.begun = self.made = 0
        self.count = 0
        self.count_lock = asyncio.Lock()
        self.server_lock = asyncio.Lock()

    async def __aenter__(self):
        pass

    async def __aexit__(self, *_):
        pass

    async def write_together(self, write):
        """Lets all writers do it side by side, and waits for all of them."""
        await asyncio.gather(*(write(self, number) for number in range(1, self.writers + 1)))

    def next_update(self):
        """Whether there is an update that nobody has begun."""
        self.begun += 1
        return self.begun <= self.updates

    async def ask(self):
        """Asks the server whether the update may be made. It may; but others run meanwhile."""
        await asyncio.sleep(self.await_s * self.random.uniform(1 - self.jitter, 1 + self.jitter))

    def read(self):
        return self.count

    def write(self, count):
        self.made += 1
        self.count = count

    def findings(self):
        return {"lost_updates": self.made - self.count}
