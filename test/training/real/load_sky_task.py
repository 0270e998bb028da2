"""Loads a task file with SkyPilot's own parser and prints what it understood."""

import json
import sys

import sky

task = sky.Task.from_yaml(sys.argv[1])
(resources,) = task.resources
json.dump(
    {
        "name": task.name,
        "workdir": task.workdir,
        "accelerators": resources.accelerators,
        "cpus": resources.cpus,
        "spot": resources.use_spot,
        "nodes": task.num_nodes,
        "mounts": {path: storage.mode.value for path, storage in (task.storage_mounts or {}).items()},
        "run": task.run,
    },
    sys.stdout,
)
