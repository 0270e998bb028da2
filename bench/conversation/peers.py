"""CPU of one pass over prompts with a peer: `python peers.py PEER '{"base_url": ..., "calls": ..., "concurrency": ...}'`.

Prints {"cpuUs": ..., "calls": ...} as its last line. Exits with 3 if the peer is not installed.
"""

import json
import os
import resource
import sys
import tempfile
from importlib.util import find_spec

PROMPT = "What shall I say to them today? " * 128


def used_us():
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(1e6 * sum(part.ru_utime + part.ru_stime for part in parts))


class Quarters:
    """Stands for tiktoken's encodings, which are downloaded on first use. It is faster, in the peer's favour."""

    def encode(self, text, **_):
        return [0] * (len(text) // 4)


def count_tokens_offline():
    import tiktoken

    tiktoken.get_encoding = tiktoken.encoding_for_model = lambda *_: Quarters()


def ask_with_curator(base_url, calls, concurrency, folder):
    os.environ.update(TELEMETRY_ENABLED="false", CURATOR_CACHE_DIR=folder, CURATOR_DISABLE_RICH_DISPLAY="1")
    count_tokens_offline()
    from bespokelabs import curator

    class Answer(curator.LLM):
        def prompt(self, row):
            return row["prompt"]

        def parse(self, row, response):
            return {"text": response}

    answer = Answer(
        model_name="bench",
        backend="openai",
        backend_params={
            "base_url": base_url,
            "max_concurrent_requests": concurrency,
            "max_requests_per_minute": 10_000_000,
            "max_tokens_per_minute": 100_000_000_000,
        },
    )
    start = used_us()
    answer([{"prompt": f"{number} {PROMPT}"} for number in range(calls)])
    return used_us() - start


def ask_with_inspect(base_url, calls, concurrency, folder):
    from inspect_ai import Task, eval
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.solver import generate

    samples = [Sample(input=f"{number} {PROMPT}") for number in range(calls)]
    start = used_us()
    eval(
        Task(dataset=MemoryDataset(samples), solver=generate()),
        model="openai/bench",
        model_base_url=base_url,
        max_connections=concurrency,
        max_samples=concurrency,
        log_dir=folder,
        display="none",
    )
    return used_us() - start


PEERS = {
    "curator": ("bespokelabs", ask_with_curator),
    "inspect_ai": ("inspect_ai", ask_with_inspect),
}

module, ask = PEERS[sys.argv[1]]
if find_spec(module) is None:
    sys.exit(3)
options = json.loads(sys.argv[2])
os.environ["OPENAI_API_KEY"] = "none"
with tempfile.TemporaryDirectory() as folder:
    cpu_us = ask(options["base_url"], options["calls"], options["concurrency"], folder)
print(json.dumps({"cpuUs": cpu_us, "calls": options["calls"]}))
