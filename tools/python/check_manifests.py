"""Checks Kubernetes manifests against the schemas of Kubernetes and of Kubeflow Trainer. Needs no cluster.

    python check_manifests.py job.yaml train-job.yaml
"""

import sys
from pathlib import Path

import kubernetes_validate
import yaml
from kubeflow_trainer_api import models

KUBERNETES = "1.37"


def check(manifest: dict) -> str | None:
    """What is wrong with it, or None."""
    try:
        if manifest["apiVersion"].startswith("trainer.kubeflow.org/"):
            kind = getattr(models, f"TrainerV1alpha1{manifest['kind']}")
            # The models leave out what they do not know.
            if kind.from_dict(manifest).to_dict() != manifest:
                return "it has fields that are not part of the API"
        else:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except Exception as error:  # Whatever is thrown is the finding.
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return None


def main() -> int:
    failed = 0
    for path in sys.argv[1:]:
        for manifest in yaml.safe_load_all(Path(path).read_text()):
            problem = check(manifest)
            failed += problem is not None
            print(f"{'ok  ' if problem is None else 'FAIL'}  {path}: {manifest['kind']}")
            if problem is not None:
                print(f"        {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
