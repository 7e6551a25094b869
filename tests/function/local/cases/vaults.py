"""The four vaults: existence, key, type, tags, access policy, lock."""

import json

from account import DR, ID, PRIMARY, TAGS, VAULTS
from cases import case

DAILY = "vault_prod_daily"
DENIED = ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def on_vault(operation, **members):
    """One call about a vault."""
    return lambda vault: lambda a: getattr(a.backup(VAULTS[vault]), operation)(BackupVaultName=vault, **members)


def statement(a, vault, **members):
    return {
        "Sid": "deny_all_delete",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": DENIED,
        "Resource": "*",
    } | members


def put_policy(a, vault, *statements, **labels):
    document = {"Version": "2012-10-17", "Id": "default"} | labels | {"Statement": list(statements)}
    a.backup(VAULTS[vault]).put_backup_vault_access_policy(BackupVaultName=vault, Policy=json.dumps(document))


def policy(vault=DAILY, also=(), labels=None, **members):
    """The vault's policy with other members in its statement, further statements, or other labels."""
    return lambda a: put_policy(a, vault, statement(a, vault, **members), *also, **(labels or {}))


delete_policy = on_vault("delete_backup_vault_access_policy")
delete_lock = on_vault("delete_backup_vault_lock_configuration")


def lock(**members):
    return on_vault("put_backup_vault_lock_configuration", **members)


def grace(**members):
    return lock(ChangeableForDays=3, **members)


def governance(vault):
    def change(a):
        delete_lock(vault)(a)
        lock()(vault)(a)

    return change


def delete(vault):
    def change(a):
        delete_policy(vault)(a)
        on_vault("delete_backup_vault")(vault)(a)

    return change


def recreate(vault, key=None):
    """The same vault on another key, with everything else in order."""

    def change(a):
        delete(vault)(a)
        members = {"EncryptionKeyArn": key(a)} if key else {}
        a.backup(VAULTS[vault]).create_backup_vault(BackupVaultName=vault, BackupVaultTags=TAGS, **members)
        policy(vault)(a)
        grace()(vault)(a)

    return change


def fresh_key(region):
    return lambda a: a.kms(region).create_key(Description="another")["KeyMetadata"]["Arn"]


def tag(vault, **tags):
    return lambda a: a.backup(VAULTS[vault]).tag_resource(ResourceArn=a.vault_arn(vault), Tags=tags)


def untag(vault, *names):
    return lambda a: a.backup(VAULTS[vault]).untag_resource(ResourceArn=a.vault_arn(vault), TagKeyList=names)


def of_vault(vault, region):
    place = f" {region}/{vault} "
    on, on_policy, on_lock = "vault" + place, "vault-policy" + place, "vault-lock" + place
    # A region's only vault, and younger than the key behind the alias: nothing tells which key is meant.
    alone = list(VAULTS.values()).count(region) == 1
    unclear = "key-differs blocked:ambiguous" if alone else "key-differs blocked:immutable"
    rows = [
        case(f"{vault} deleted", delete(vault), on + "missing", on_policy + "missing", on_lock + "missing"),
        case(f"{vault} on a fresh key", recreate(vault, fresh_key(region)), on + unclear),
        case(f"{vault} on the key of AWS Backup", recreate(vault), on + unclear),
        case(f"{vault} untagged", untag(vault, *TAGS), on + "tags-differ"),
        case(f"{vault} without a policy", delete_policy(vault), on_policy + "missing"),
        case(f"{vault} without a lock", delete_lock(vault), on_lock + "missing"),
        case(f"{vault} locked in governance mode", governance(vault), on_lock + "mode-differs"),
        case(f"{vault} locked with a minimum", grace(MinRetentionDays=7)(vault), on_lock + "retention-differs"),
        case(f"{vault} locked with a maximum", grace(MaxRetentionDays=90)(vault), on_lock + "retention-differs"),
        case(f"{vault} lockable for a year", lock(ChangeableForDays=365)(vault), on_lock + "date-too-far"),
        case(f"{vault} air-gapped", lambda a: a.drift(f"vault-air-gapped:{vault}"), on + "type-differs blocked:immutable"),
        case(
            f"{vault} locked for ever with a wrong retention",
            lambda a: a.drift(f"vault-lock-immutable:{vault}"),
            on_lock + "retention-differs blocked:immutable",
        ),
    ]
    for action in DENIED:
        less = [other for other in DENIED if other != action]
        rows.append(case(f"{vault} no longer denies {action}", policy(vault, Action=less), on_policy + "weakened"))
    return rows


POLICY, ON = f"vault-policy {PRIMARY}/{DAILY} ", f"vault {PRIMARY}/{DAILY} "
COPY = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
    "Action": "backup:CopyIntoBackupVault",
    "Resource": "*",
}
UNLIKELY = {"StringEquals": {"aws:PrincipalAccount": "000000000000"}}
ONE = {"AWS": f"arn:aws:iam::{ID}:root"}
HERE = f"arn:aws:backup:{PRIMARY}:{ID}:backup-vault:{DAILY}"
ELSEWHERE = f"arn:aws:backup:{DR}:{ID}:backup-vault:{DAILY}"
WITH_LISTS = {
    "Resource": ["*"],
    "Action": DENIED[::-1],
    "Principal": "*",
}

CASES = [row for vault, region in VAULTS.items() for row in of_vault(vault, region)]
CASES += [
    case("policy allows instead of denying", policy(Effect="Allow"), POLICY + "weakened"),
    case("policy denies on a condition that is never true", policy(Condition=UNLIKELY), POLICY + "weakened"),
    case("policy denies one account only", policy(Principal=ONE), POLICY + "weakened"),
    case("policy is about the vault, and not about what is in it", policy(Resource=HERE), POLICY + "weakened"),
    case("policy is about another vault", policy(Resource=ELSEWHERE), POLICY + "weakened"),
    case("policy allows a partner to copy in", policy(also=[COPY]), POLICY + "lets-in"),
    case("policy denies copies as well", policy(Action=[*DENIED, "backup:StartCopyJob"]), POLICY + "blocks-backups"),
    case("policy with another Sid", policy(Sid="nobody_deletes"), POLICY + "differs"),
    case("policy with another Id", policy(labels={"Id": "other"}), POLICY + "differs"),
    case("policy of another version", policy(labels={"Version": "2008-10-17"}), POLICY + "differs"),
    case("policy in other words", policy(**WITH_LISTS)),
    case("vault with a tag more", tag(DAILY, cost_center="4711")),
    case("lock put again with a day more", lock(ChangeableForDays=4)(DAILY), f"vault-lock {PRIMARY}/{DAILY} date-too-far"),
    case("lock put again as it is", grace()(DAILY)),
]
CASES += [case(f"vault with another {name}", tag(DAILY, **{name: "changed"}), ON + "tags-differ") for name in TAGS]
CASES += [case(f"vault without {name}", untag(DAILY, name), ON + "tags-differ") for name in TAGS]
