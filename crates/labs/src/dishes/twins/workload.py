"""What the twins of this lab share: the dishes, and how long it takes to wash and to dry one."""

import asyncio


class Workload:
    def __init__(self, values):
        self.dirty = list(range(int(values["dishes"])))
        self.wash_s = values["wash_ms"] / 1000
        self.dry_s = values["dry_ms"] / 1000
        self.washers = int(values["washers"])
        self.dryers = int(values["dryers"])
        self.rack = int(values["rack"])

    async def __aenter__(self):
        pass

    async def __aexit__(self, *_):
        pass

    async def wash(self, dish):
        await asyncio.sleep(self.wash_s)

    async def dry(self, dish):
        await asyncio.sleep(self.dry_s)

    def findings(self):
        return {}
