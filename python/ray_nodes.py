"""Runs a job's `run.sh` on several nodes of a Ray cluster at once. Ray places one process on each node, all or none.

    python ray_nodes.py '{"nodes": 2, "bundle": {"CPU": 1, "GPU": 8}, "minutes": null, "graceSeconds": 60}'

Runs as the driver of a Ray job, in the job's directory, which all nodes must see. It prints what the nodes print. The first
failure, the time limit or SIGTERM ends the job on all nodes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import ray
from ray.util.placement_group import placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

# As the shell and `timeout` report them.
TERMINATED = 143
TIMED_OUT = 124

POLL_SECONDS = 0.2

# Runs `run.sh` for as long as its stdin is open. Ray closes that when the worker that holds it is gone, whatever the reason.
# Without it, trainers would go on after their job.
KEEPER = """
trap : TERM
exec 3<&0
bash run.sh </dev/null 3<&- & run=$!
{
  trap : TERM
  read -r line <&3
  kill -TERM 0
  for ((left = $1; left > 0; left--)); do sleep 1; done
  kill -KILL 0
} & watch=$!
until wait "$run"; code=$?; ! kill -0 "$run" 2>/dev/null; do :; done
{ kill -KILL "$watch"; wait "$watch"; } 2>/dev/null
exit "$code"
"""


@ray.remote(max_concurrency=2)
class Node:
    """One node of the job."""

    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise FileNotFoundError(f"{socket.gethostname()} does not see {folder}. All nodes must share this directory.")
        self.folder = folder
        self.process = None

    def address(self):
        """Where the other nodes reach this one."""
        with socket.socket() as free:
            free.bind(("", 0))
            return ray.util.get_node_ip_address(), free.getsockname()[1]

    def run(self, variables, grace_seconds):
        """Yields what `run.sh` prints, and finally its exit code."""
        # A file: the end of a pipe would have to wait for every process that a trainer leaves behind.
        with tempfile.NamedTemporaryFile("ab") as output, open(output.name, "rb") as printed:
            self.process = subprocess.Popen(
                ["bash", "-c", KEEPER, "keeper", str(grace_seconds)],
                cwd=self.folder,
                env={**os.environ, **variables},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            code = None
            while code is None:
                time.sleep(POLL_SECONDS)
                code = self.process.poll()
                text = printed.read()
                if text:
                    yield text
        yield code

    def stop(self):
        if self.process is not None:
            self.process.stdin.close()


def run(nodes, bundle, minutes, graceSeconds):
    print(f"Waiting for {nodes} nodes with {bundle} each.", flush=True)
    group = placement_group([bundle] * nodes, strategy="STRICT_SPREAD")
    ray.get(group.ready())
    members = [start_node(group, index, bundle) for index in range(nodes)]
    address, port = ray.get(members[0].address.remote())
    # An exit code of an earlier attempt would end the nodes that wait for the first.
    if os.path.exists("exit_code"):
        os.remove("exit_code")
    variables = {"MASTER_ADDR": address, "MASTER_PORT": str(port)}
    streams = [
        member.run.options(num_returns="streaming").remote(
            {**variables, "NODE_RANK": str(rank), "ALOE_PYTHON": os.environ.get("ALOE_PYTHON", "python3")}, graceSeconds
        )
        for rank, member in enumerate(members)
    ]
    deadline = None if minutes is None else time.monotonic() + minutes * 60
    code = 0
    try:
        code = follow(streams, deadline)
    except SystemExit as end:
        code = end.code
    if streams:
        ray.get([member.stop.remote() for member in members])
        follow(streams, None, to_the_end=True)
    return code


def start_node(group, index, bundle):
    place = PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=index)
    options = {"num_cpus": bundle.get("CPU", 0), "num_gpus": bundle.get("GPU", 0), "memory": bundle.get("memory")}
    return Node.options(scheduling_strategy=place, **options).remote(os.getcwd())


def follow(streams, deadline, to_the_end=False):
    """Prints what the nodes print, until all have ended, or one has failed. @returns its exit code."""
    while streams:
        left = None if deadline is None else max(0, deadline - time.monotonic())
        ready, _ = ray.wait(streams, num_returns=1, timeout=left)
        if not ready:
            print("The time limit has been reached.", flush=True)
            return TIMED_OUT
        for stream in ready:
            try:
                item = ray.get(next(stream))
            except StopIteration:
                streams.remove(stream)
                continue
            if isinstance(item, bytes):
                sys.stdout.buffer.write(item)
                sys.stdout.buffer.flush()
            elif item != 0 and not to_the_end:
                return item
    return 0


def leave(*_):
    sys.exit(TERMINATED)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    ray.init(address="auto", log_to_driver=False, logging_level="WARNING")
    # Ray sets a handler of its own.
    signal.signal(signal.SIGTERM, leave)
    sys.exit(run(**json.loads(sys.argv[1])))
