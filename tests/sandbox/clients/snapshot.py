"""Everything of an account that a healer of AWS Backup looks at, as one value to compare."""

import json

from botocore.exceptions import ClientError

from cloud import DR, PRIMARY

NOT_CONFIGURATION = {"ResponseMetadata", "RuleId", "LastExecutionDate", "NumberOfRecoveryPoints"}


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in NOT_CONFIGURATION}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def or_none(call, member, **wishes):
    """The member of the answer; None when the thing does not exist."""
    try:
        return plain(call(**wishes)[member])
    except ClientError:
        return None


def everything(client, operation, member, **wishes):
    return [
        plain(item) for page in client.get_paginator(operation).paginate(**wishes) for item in page[member]
    ]


def keys(kms):
    aliases = everything(kms, "list_aliases", "Aliases")
    found = {}
    for key in everything(kms, "list_keys", "Keys"):
        name = key["KeyId"]
        found[name] = {
            "metadata": plain(kms.describe_key(KeyId=name)["KeyMetadata"]),
            # Material that KMS did not make has none.
            "rotation": or_none(lambda **key: {"all": kms.get_key_rotation_status(**key)}, "all", KeyId=name),
            "grants": everything(kms, "list_grants", "Grants", KeyId=name),
            "policy": json.loads(kms.get_key_policy(KeyId=name)["Policy"]),
            "tags": plain(kms.list_resource_tags(KeyId=name)["Tags"]),
            "aliases": sorted(a["AliasName"] for a in aliases if a.get("TargetKeyId") == name),
        }
    return found


def vaults(backup):
    found = {}
    for vault in everything(backup, "list_backup_vaults", "BackupVaultList"):
        name = vault["BackupVaultName"]
        policy = or_none(backup.get_backup_vault_access_policy, "Policy", BackupVaultName=name)
        # Those of a vault that another account shares are that account's.
        tags = or_none(backup.list_tags, "Tags", ResourceArn=vault["BackupVaultArn"])
        topic = or_none(backup.get_backup_vault_notifications, "SNSTopicArn", BackupVaultName=name)
        found[vault["BackupVaultArn"] if name in found else name] = {
            "vault": vault,
            "policy": policy and json.loads(policy),
            "tags": tags,
            "topic": topic,
        }
    return found


def plans(backup):
    found = {}
    for plan in everything(backup, "list_backup_plans", "BackupPlansList"):
        name = plan["BackupPlanId"]
        selections = everything(backup, "list_backup_selections", "BackupSelectionsList", BackupPlanId=name)
        found[name] = {
            "plan": plain(backup.get_backup_plan(BackupPlanId=name)),
            "tags": plain(backup.list_tags(ResourceArn=plan["BackupPlanArn"])["Tags"]),
            "selections": [
                plain(backup.get_backup_selection(BackupPlanId=name, SelectionId=s["SelectionId"]))
                for s in selections
            ],
        }
    return found


def roles(iam):
    found = {}
    for role in everything(iam, "list_roles", "Roles"):
        name = role["RoleName"]
        inline = everything(iam, "list_role_policies", "PolicyNames", RoleName=name)
        found[name] = {
            "role": plain(iam.get_role(RoleName=name)["Role"]),
            "attached": everything(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name),
            "inline": {p: iam.get_role_policy(RoleName=name, PolicyName=p)["PolicyDocument"] for p in inline},
        }
    return found


def snapshot(account):
    seen = {"roles": roles(account.iam())}
    for region in (PRIMARY, DR):
        seen[region] = {
            "settings": plain(account.backup(region).describe_region_settings()),
            "keys": keys(account.kms(region)),
            "vaults": vaults(account.backup(region)),
            "plans": plans(account.backup(region)),
        }
    return seen
