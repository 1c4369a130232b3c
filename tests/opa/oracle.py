#!/usr/bin/env python3
"""Compares what OPA finds with what we found.

Reads a JSON file: a list of rules, each with `modules` (name and text of every Rego module that it
needs), and `cases`, each with `name`, `package`, `input`, and `deny` and `unknown` as we evaluated
them. Prints each difference, and how many cases there were; ends with 1 if something differs.
"""

import json
import sys

from opa_bindings import OpaEngine, OpaError


def normal(value):
    """Numbers as Rego compares them: 1 and 1.0 are one number."""
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def as_set(items):
    """A set of JSON values, as comparable texts."""
    return {json.dumps(normal(item), sort_keys=True, ensure_ascii=False) for item in items}


def evaluate(engine, package, rule, document):
    rows = engine.eval_query(f"x = {package}.{rule}", document)
    return as_set(item for row in rows for item in row["x"])


def compare(engine, case, document):
    differences = []
    for rule in ("deny", "unknown"):
        try:
            theirs = evaluate(engine, case["package"], rule, document)
        except OpaError as error:
            differences.append(f"{rule}: OPA says {error}")
            continue
        ours = as_set(case[rule])
        differences += [f"{rule}: only OPA has {item}" for item in sorted(theirs - ours)]
        differences += [f"{rule}: only we have {item}" for item in sorted(ours - theirs)]
    return differences


def probe():
    engine = OpaEngine()
    engine.add_policy("probe.rego", "package probe\n\ndeny contains input.x if input.x > 1\n")
    assert evaluate(engine, "data.probe", "deny", {"x": 2}) == {"2"}
    assert evaluate(engine, "data.probe", "deny", {"x": 1}) == set()


def main():
    if sys.argv[1:] == ["--probe"]:
        probe()
        return 0
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    different = evaluations = found = 0
    for rule in work:
        # One engine for each rule: it compiles all that it holds for each query.
        engine = OpaEngine()
        for module in rule["modules"]:
            engine.add_policy(module["name"], module["text"])
        for case in rule["cases"]:
            differences = compare(engine, case, case["input"])
            evaluations += 1
            found += len(case["deny"]) + len(case["unknown"])
            different += bool(differences)
            for difference in differences:
                print(f"{case['name']}: {difference}")
    print(f"{evaluations} evaluations, {found} findings, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
