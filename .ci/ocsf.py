"""Checks OCSF events, one per line, against the schema of the version that each names: ocsf.py FILE"""
import collections
import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

schemas, validators, seen, faults = {}, {}, collections.Counter(), 0
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    event = json.loads(line)
    version = event["metadata"]["version"]
    if version not in schemas:
        schemas[version] = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version))
    name = schemas[version].lookup_class_name_from_uid(event["class_uid"])
    profiles = tuple(event["metadata"].get("profiles", []))
    if (version, name, profiles) not in validators:
        validators[version, name, profiles] = Draft202012Validator(schemas[version].get_class_schema(name, list(profiles)))
    seen[name] += 1
    for error in validators[version, name, profiles].iter_errors(event):
        faults += 1
        print(f"line {number}, {name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}", file=sys.stderr)
print(", ".join(f"{count} {name}" for name, count in sorted(seen.items())) + f": {faults} faults")
sys.exit(1 if faults or not seen else 0)
