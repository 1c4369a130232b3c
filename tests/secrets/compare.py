"""Runs detect-secrets over the corpus of tests/cases/secrets, and prints how it compares with Plimsoll.

    python3 -m venv /tmp/compare && /tmp/compare/bin/pip install detect-secrets==1.5.0
    /tmp/compare/bin/python tests/secrets/compare.py

Each line of the corpus becomes a file of its own, of the name and form that tests/tests/secrets.rs
reads; detect-secrets has its default plugins and filters. A value counts as flagged when something is
found on one of its lines. What Plimsoll says is what the corpus has: its label, or the other one where
a `known` says why; the test keeps that true. Prints Markdown.
"""

import json
import pathlib
import re
import sys
import tempfile

from detect_secrets import SecretsCollection
from detect_secrets.__version__ import VERSION
from detect_secrets.settings import default_settings

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "cases" / "secrets"
FILES = ["cloud", "services", "keys", "passwords", "harmless"]
SERVICE = "services:\n  web:\n    image: acme/web:1.4\n"


def document(row):
    """The name and the text of the file that a value stands in."""
    value = "".join(row["value"])
    text = row.get("text", "{}").replace("{}", value)
    where, name = row["where"], row.get("name")
    plain = re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_./:@+=-]*", text) or text.startswith("[")
    quoted = text if plain else "'" + text.replace("'", "''") + "'"
    compose = {
        "environment": f"    environment:\n      {name}: {quoted}\n",
        "command": f"    command: {quoted}\n",
        "option": f"    logging:\n      driver: splunk\n      options:\n        {name}: {quoted}\n",
        "build.args": f"    build:\n      context: .\n      args:\n        {name}: {quoted}\n",
    }
    if where in compose:
        return "compose.yaml", SERVICE + compose[where]
    if where == "FROM":
        return "Dockerfile", f"FROM {text}\n"
    line = {
        "LABEL": f'LABEL {name}="{text}"',
        "COMMENT": f"# {text}",
        "CONFIG": f"COPY <<'EOF' /etc/app.conf\n{text}\nEOF",
        "ENV": f"ENV {name}={text}",
        "ARG": f"ARG {name}={text}",
    }.get(where, f"{where} {text}")
    return "Dockerfile", f"FROM alpine:3.22\n{line}\n"


def scan(row, folder):
    """What detect-secrets finds on the lines of a value."""
    name, text = document(row)
    path = pathlib.Path(folder) / name
    path.write_text(text)
    value = "".join(row["value"])
    first = text.count("\n", 0, text.index(value)) + 1
    lines = range(first, first + value.count("\n") + 1)
    secrets = SecretsCollection()
    with default_settings():
        secrets.scan_file(str(path))
    return sorted({secret.type for _, secret in secrets if secret.line_number in lines})


def share(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "—"


def main():
    groups, disagreements = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for file in FILES:
            for number, line in enumerate((CORPUS / f"{file}.jsonl").read_text().splitlines(), 1):
                row = json.loads(line)
                found = scan(row, folder)
                ours = row["secret"] != bool(row.get("known"))
                group = groups.setdefault((file, row["kind"]), [])
                group.append((row["secret"], ours, bool(found)))
                if ours != bool(found):
                    where = f"{file}.jsonl:{number}"
                    disagreements.append((where, row, ours, ", ".join(found)))
    print(f"detect-secrets {VERSION}, {sum(map(len, groups.values()))} values\n")
    print("| file | kind | values | Plimsoll flags | detect-secrets flags |\n|---|---|---|---|---|")
    for (file, kind), rows in groups.items():
        ours, theirs = (sum(row[tool] for row in rows) for tool in (1, 2))
        print(f"| {file} | {kind} | {len(rows)} | {ours} | {theirs} |")
    rows = [row for group in groups.values() for row in group]
    print("\n| | precision | recall |\n|---|---|---|")
    for tool, name in ((1, "Plimsoll"), (2, "detect-secrets")):
        hit = sum(row[0] and row[tool] for row in rows)
        flagged, secret = sum(row[tool] for row in rows), sum(row[0] for row in rows)
        print(f"| {name} | {share(hit, flagged)} | {share(hit, secret)} |")
    for file in FILES[:-1]:
        of_file = [row for (name, _), group in groups.items() if name == file for row in group]
        figures = [share(sum(row[tool] for row in of_file), len(of_file)) for tool in (1, 2)]
        print(f"| recall of {file}: Plimsoll, detect-secrets | {figures[0]} | {figures[1]} |")
    print("\n| place | kind | credential | where | flagged by |\n|---|---|---|---|---|")
    for place, row, ours, theirs in disagreements:
        by = "Plimsoll" if ours else f"detect-secrets ({theirs})"
        label = "yes" if row["secret"] else "no"
        where = " ".join(filter(None, (row["where"], row.get("name"))))
        print(f"| {place} | {row['kind']} | {label} | {where} | {by} |")


if __name__ == "__main__":
    sys.exit(main())
