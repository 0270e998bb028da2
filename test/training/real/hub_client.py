"""Drives the jobs of a hub with the official client for Python: run, inspect, logs, list, hardware, cancel."""

import json
import sys

from huggingface_hub import CommitOperationAdd, HfApi, Volume

api = HfApi()
api.create_repo("me/python", repo_type="dataset", private=True)
api.create_commit(
    "me/python",
    [CommitOperationAdd("in/run.sh", b'echo "hello $WORD"; [ "$1" = short ] || sleep 600')],
    repo_type="dataset",
    commit_message="Add run.sh",
)


def run(kind):
    return api.run_job(
        image="python:3.12",
        command=["bash", "/in/run.sh", kind],
        flavor="cpu-basic",
        secrets={"WORD": "you"},
        labels={"kind": kind},
        timeout="5m",
        namespace="me",
        volumes=[Volume(type="dataset", source="me/python", mount_path="/in", path="in", read_only=True)],
    )


short, long = run("short"), run("long")
logs = list(api.fetch_job_logs(job_id=short.id, namespace="me", follow=True))
inspected = api.inspect_job(job_id=short.id, namespace="me")
api.cancel_job(job_id=long.id, namespace="me")
json.dump(
    {
        "logs": logs,
        "stages": [inspected.status.stage, api.inspect_job(job_id=long.id, namespace="me").status.stage],
        "labels": inspected.labels["kind"],
        "listed": [job.id for job in api.list_jobs(labels={"kind": "long"}, namespace="me")] == [long.id],
        "hardware": [machine.name for machine in api.list_jobs_hardware()],
    },
    sys.stdout,
)
