"""Trains a model in a process of its own, so that the web process keeps its memory.

Started through `kernel.sandbox` alone. Standard input is JSON: texts, labels and what they are
about. The only line of output is the packed model in base64.
"""

from __future__ import annotations

import base64
import json
import os
import sys

from jiezhen.kernel import confine


def main() -> None:
    """Train what standard input holds; the arguments are memory and processor time."""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    os.nice(10)
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from jiezhen.matters.rules import learning  # only now: numpy reads the environment

    given = json.load(sys.stdin.buffer)
    model = learning.train(given["texts"], given["labels"], given["about"])
    sys.stdout.write(base64.b64encode(learning.packed(model)).decode() + "\n")


if __name__ == "__main__":
    main()
