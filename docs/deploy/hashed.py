# ruff: noqa: INP001 - no package, a script beside the pages
"""Turns what ``pip install --dry-run --report -`` says into a file for ``pip install --require-hashes``."""

import json
import sys

for one in sorted(json.load(sys.stdin)["install"], key=lambda one: one["metadata"]["name"].lower()):
    hashes = one["download_info"].get("archive_info", {}).get("hashes", {})
    if "sha256" in hashes:  # what lies here as a folder is Goshawk itself
        sys.stdout.write(f"{one['metadata']['name']}=={one['metadata']['version']} --hash=sha256:{hashes['sha256']}\n")
