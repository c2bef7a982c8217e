"""The stream of bench/stream.rs for SimPy; prints how many tasks a second it gets through."""

import sys
import time

import simpy

TASKS = int(sys.argv[1])


def save(env, server):
    with server.request() as slot:
        yield slot
        yield env.timeout(100)


def stream(env, cpu, server):
    for _ in range(TASKS):
        with cpu.request() as computing:
            yield computing
            yield env.timeout(1)
        env.process(save(env, server))


start = time.perf_counter()
env = simpy.Environment()
env.process(stream(env, simpy.Resource(env, 1), simpy.Resource(env, 100)))
env.run()
seconds = time.perf_counter() - start
assert env.now == TASKS + 100, "it simulated something else"
print(round(TASKS / seconds))
