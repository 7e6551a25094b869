"""The desired spec, and the template's parameters that follow from it."""

import os
import tomllib
from pathlib import Path

from deploying import Refused
from deploying.regions import partition_of

ROOT = Path(__file__).resolve().parents[2]


REFERENCE = "functions/drift-healer/desired.toml"


def spec_path():
    """The spec that is meant, by the rule of shared/reconcile/src/spec/named.rs; relative to the workspace's root, as in build.rs."""
    newer, older = (os.environ.get(name) for name in ("DRIFT_SPEC", "DESIRED_SPEC"))
    if newer and older and newer != older:
        raise Refused(f"DRIFT_SPEC is {newer!r} and DESIRED_SPEC, its older name, is {older!r}: unset one of them")
    folder, name = ROOT, newer or older
    if not name:
        folder, name = pointed_at() or (ROOT, "reference")
    return ROOT / REFERENCE if name == "reference" else folder / name


def pointed_at():
    """The nearest file `.drift-spec` that names a spec: its folder, and the name."""
    for folder in (ROOT, *ROOT.parents):
        try:
            lines = map(str.strip, (folder / ".drift-spec").read_text().splitlines())
        except OSError:
            continue
        for line in lines:
            if line and not line.startswith("#"):
                return folder, line
    return None


def shown(path):
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def invalid(why):
    name = shown(spec_path())
    return Refused(f"the spec {name} is not valid: {why}\n`cargo run -- spec {name}` says why, with the lines")


def read_spec(path):
    try:
        return tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise Refused(f"the spec {path} cannot be read: {error.strerror}; DRIFT_SPEC is a path from the workspace's root") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise invalid(error) from error


def parameters_of(spec, asked):
    """The templates' parameters that follow from the spec; the regions may be overridden, as at run time."""
    # The build checks a spec in full. Here it is enough that nothing but its values is taken for them.
    try:
        text(spec["name"])
        return taken_from(spec, asked)
    except KeyError as error:
        raise invalid(f"something in it has no {error}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise invalid(error) from error


def text(value):
    if not isinstance(value, str):
        raise TypeError(f"{value!r} stands where a text should")
    return value


def taken_from(spec, asked):
    regions = dict(spec.get("regions", {}))
    for name, parameter in (("primary", "PrimaryRegion"), ("dr", "DrRegion")):
        regions[name] = asked.get(parameter, regions.get(name))
    if not regions["primary"] or not regions["dr"]:
        raise Refused("the spec names no region primary or dr; the template needs both")
    filled = filling(partition_of(regions["primary"]))
    roles = [spec["role"], *spec.get("roles", [])]
    vaults, keys, plans = (spec.get(name, []) for name in ("vaults", "keys", "plans"))
    locks = [vault["lock"] for vault in spec.get("vaults", []) if "lock" in vault]
    has_retention = any(name in lock for lock in locks for name in ("min_retention_days", "max_retention_days"))
    truth = {True: "true", False: "false"}
    return {
        "PrimaryRegion": text(regions["primary"]),
        "DrRegion": text(regions["dr"]),
        "MoreRegions": ",".join(sorted(set(regions.values()) - {regions["primary"], regions["dr"]})),
        "BackupRoles": listed(filled(role["name"]) for role in roles),
        # One that may be made without a boundary may be made with any.
        "BackupRoleBoundaries": listed(filled(role["boundary"]) for role in roles if all("boundary" in one for one in roles)),
        "BackupRolePolicies": listed(filled(arn) for role in roles for arn in role.get("managed_policies", [])),
        "Vaults": listed(filled(vault["name"]) for vault in vaults),
        "KeyAliases": listed(filled(key["alias"]) for key in keys),
        "KeyArns": listed(filled(vault["key"]) for vault in vaults if vault.get("key", "").startswith("arn:")),
        "KeyPolicies": truth[any("policy" in key for key in keys)],
        "LocksInCompliance": truth[any(lock.get("mode") == "compliance" for lock in locks)],
        "LockRetention": truth[has_retention],
        "Notifications": truth[any("notifications" in vault for vault in vaults)],
        "RegionSettings": truth["region_settings" in spec],
        **scanner_roles(plans, filled),
    }


def scanner_roles(plans, filled):
    """Plans may scan that the spec says nothing of; whose role that is, is then for a person to say."""
    roles = listed(filled(scan["role"]) for plan in plans for scan in plan.get("scan_settings", []))
    return {"ScannerRoles": roles} if roles else {}


def filling(partition):
    """A name of the spec as a right can name it: of an account nothing is known but that it has twelve digits."""
    return lambda name: text(name).replace("${partition}", partition).replace("${account}", "?" * 12).replace("${region}", "*")


def listed(names):
    return ",".join(dict.fromkeys(names))


def check_against_spec(asked, of_spec, spec_file):
    """The rights of the function and what it has to do must not come from two different places."""
    as_set = lambda value: sorted(part.strip() for part in value.split(","))
    wrong = [n for n in of_spec if n in asked and as_set(asked[n]) != as_set(of_spec[n])]
    if wrong:
        lines = [f"  {name}: asked for {asked[name]!r}, the spec says {of_spec[name]!r}" for name in wrong]
        raise Refused(
            f"parameters disagree with {spec_file}:\n" + "\n".join(lines) + "\nLeave them out: they are taken from the spec."
        )
