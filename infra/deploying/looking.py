"""What a plan can see of the account: who one is, what is deployed, and which locks a consent would start. Reads only."""

from datetime import datetime, timedelta, timezone

from deploying import Refused
from deploying.aws import aws, check_cli
from deploying.stacks import deployed_parameters, described
from deploying.templates import TEMPLATES, declared


def whose(region):
    """The account of the credentials at hand, or why there is none."""
    try:
        check_cli()
        return aws(region, "sts", "get-caller-identity")["Account"], None
    except Refused as refusal:
        return None, str(refusal).splitlines()[0]


def both(name, region):
    """The stacks of a region that are there, by template, and the parameters of both."""
    stacks = {template: described(template.stack(name), region) for template in TEMPLATES}
    parameters = {}
    for stack in stacks.values():
        parameters |= deployed_parameters(stack)
    return stacks, parameters


def changes(before, after):
    """What a deployment would change of the parameters."""
    for key in sorted(declared().keys() & after.keys() & before.keys()):
        if before[key] != after[key]:
            yield f"{key}: {before[key] or 'nothing'} becomes {after[key] or 'nothing'}"


def is_another(template, name, region):
    found = aws(region, "cloudformation", "get-template", "--stack-name", template.stack(name))["TemplateBody"]
    return not isinstance(found, str) or found.strip() != template.path.read_text().strip()


def clocks(spec, regions, account):
    """The vaults whose lock is to be in compliance mode and is not: region, name, what is there, and the days that it could be changed."""
    wanted = {}
    for vault in spec.get("vaults", []):
        if vault.get("lock", {}).get("mode") == "compliance":
            region = regions[vault["region"]]
            name = vault["name"].replace("${account}", account).replace("${region}", region)
            wanted.setdefault(region, {})[name] = vault["lock"].get("changeable_for_days", 3)
    for region, vaults in wanted.items():
        there = {one["BackupVaultName"]: one for one in aws(region, "backup", "list-backup-vaults").get("BackupVaultList", [])}
        for name, days in vaults.items():
            if state := unlocked(there.get(name)):
                yield region, name, state, days


def unlocked(vault):
    if vault is None:
        return "is not there, and would be made"
    if not vault.get("Locked"):
        return "has no lock"
    return None if vault.get("LockDate") else "has a lock in governance mode"


def in_days(days):
    return f"{datetime.now(timezone.utc) + timedelta(days=days):%Y-%m-%d}"
