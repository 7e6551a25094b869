"""What a zip is made of: a bill of materials in CycloneDX, from what cargo links for the function and what the lock file says of it.

The same source and zip give the same bill. What only builds (build scripts, procedural macros) is not in it: it is not in the zip."""

import hashlib
import json
import re
import subprocess
import tomllib
import uuid

from deploying import Refused
from deploying.spec import ROOT

PACKAGE = "drift-healer"
TRIPLES = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}


def write(zip_file, architecture):
    """Writes the bill beside the zip; its path."""
    path = zip_file.with_suffix(".cdx.json")
    digest = hashlib.sha256(zip_file.read_bytes()).hexdigest()
    path.write_text(json.dumps(bill(digest, TRIPLES[architecture]), indent=1) + "\n")
    return path


def bill(digest, triple):
    linked, resolved, locked = linked_for(triple), metadata(triple), checksums()
    packages = {package["id"]: package for package in resolved["packages"] if identity(package) in linked}
    refs = {key: purl(package) for key, package in packages.items()}
    root = next(key for key, package in packages.items() if package["name"] == PACKAGE)
    nodes = {node["id"]: node for node in resolved["resolve"]["nodes"]}
    needs = {key: sorted({refs[need] for need in needed(nodes[key]) if need in refs}) for key in packages}
    std = standard_library()
    components = [component(package, locked.get(identity(package))) for key, package in packages.items() if key != root] + [std]
    dependencies = [{"ref": refs[key], "dependsOn": needs[key] + ([std["bom-ref"]] if key == root else [])} for key in packages]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": component(packages[root], digest) | {"type": "application"},
            "properties": [{"name": "target", "value": triple}],
        },
        "components": sorted(components, key=lambda one: one["bom-ref"]),
        "dependencies": sorted(dependencies, key=lambda one: one["ref"]),
    }


def cargo(*words):
    made = subprocess.run(["cargo", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if made.returncode != 0:
        raise Refused(f"`cargo {words[0]}` failed, which tells what the zip is made of; its own message is above")
    return made.stdout


def linked_for(triple):
    """Name and version of each crate that is linked, with the features that it has."""
    tree = cargo(
        "tree", "--locked", "--package", PACKAGE, "--target", triple, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"
    )
    return {tuple(line.split()[:2]) for line in tree.replace(" v", " ").splitlines() if line}


def metadata(triple):
    return json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", triple))


def checksums():
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    return {identity(package): package["checksum"] for package in locked if "checksum" in package}


def identity(package):
    return package["name"], package["version"]


def needed(node):
    return [dep["pkg"] for dep in node["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, digest):
    # Before SPDX had expressions, crates wrote a slash.
    licence = re.sub(r"\s*/\s*", " OR ", package["license"] or "")
    return {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "purl": purl(package),
        **({"licenses": [{"expression": licence}]} if licence else {}),
        **({"hashes": [{"alg": "SHA-256", "content": digest}]} if digest else {}),
    }


def standard_library():
    said = subprocess.run(["rustc", "--version"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    version = said.split()[1]
    name = f"pkg:generic/rust-std@{version}"
    return {"type": "library", "bom-ref": name, "name": "rust-std", "version": version, "purl": name, "licenses": [{"expression": "MIT OR Apache-2.0"}]}
