"""The reference deployment, read member by member, and the drifts that can be made to it."""

import json

import pytest

from cloud import BACKUP_TRUST, DR, FOR_BACKUP, FOR_RESTORES, PRIMARY, Account, tool
from snapshot import snapshot

TAGS = {
    "terraform": "true",
    "created_by": "ThinkStack",
    "environment": "prod",
    "priority": "critical",
    "aws_backup": "true",
}
VAULTS = {
    "vault_prod_hourly": PRIMARY,
    "vault_prod_daily": PRIMARY,
    "vault_prod_monthly": PRIMARY,
    "vault_disaster_recovery": DR,
}
DENIED = {"backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}


def deployed():
    account = Account()
    tool("POST", f"deploy?account={account.id}")
    return account


@pytest.fixture(scope="module")
def reference():
    return deployed()


@pytest.mark.parametrize("region", [PRIMARY, DR])
def test_each_region_has_its_key(reference, region):
    kms = reference.kms(region)
    found = kms.describe_key(KeyId="alias/aws_backup_key")["KeyMetadata"]
    assert (found["KeyState"], found["KeySpec"], found["KeyUsage"]) == (
        "Enabled",
        "SYMMETRIC_DEFAULT",
        "ENCRYPT_DECRYPT",
    )
    assert found["Description"] == "AWS backups kms key used to encrypt backups"
    assert kms.get_key_rotation_status(KeyId=found["KeyId"])["KeyRotationEnabled"] is True
    assert {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=found["KeyId"])["Tags"]} == TAGS


def test_the_role_trusts_backup_and_has_both_policies(reference):
    iam = reference.iam()
    assert iam.get_role(RoleName="aws_backup_role")["Role"]["AssumeRolePolicyDocument"]["Statement"] in (
        BACKUP_TRUST["Statement"],
        [BACKUP_TRUST["Statement"][0] | {"Sid": ""}],
    )
    found = iam.list_attached_role_policies(RoleName="aws_backup_role")["AttachedPolicies"]
    assert {p["PolicyArn"] for p in found} == {FOR_BACKUP, FOR_RESTORES}
    assert iam.list_role_policies(RoleName="aws_backup_role")["PolicyNames"] == []


@pytest.mark.parametrize("name", VAULTS)
def test_each_vault_is_on_its_regions_key_tagged_protected_and_locked(reference, name):
    region = VAULTS[name]
    backup = reference.backup(region)
    vault = backup.describe_backup_vault(BackupVaultName=name)
    assert (
        vault["EncryptionKeyArn"]
        == reference.kms(region).describe_key(KeyId="alias/aws_backup_key")["KeyMetadata"]["Arn"]
    )
    assert vault["Locked"] is True and vault["LockDate"] > vault["CreationDate"]
    assert not vault.keys() & {"MinRetentionDays", "MaxRetentionDays"}
    assert backup.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"] == TAGS
    policy = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=name)["Policy"])
    (statement,) = policy["Statement"]
    assert (policy["Id"], statement["Sid"], statement["Effect"]) == ("default", "deny_all_delete", "Deny")
    assert statement["Principal"] == {"AWS": "*"}
    assert set(statement["Action"]) == DENIED
    # The vault's own ARN would not reach the recovery points in it.
    assert statement["Resource"] in ("*", ["*"])


def test_the_vaults_are_all(reference):
    found = {
        v["BackupVaultName"]
        for r in (PRIMARY, DR)
        for v in reference.backup(r).list_backup_vaults()["BackupVaultList"]
    }
    assert found == set(VAULTS)


RULES = {
    "prod_backups": {
        "hourly_backup_rule": ("vault_prod_hourly", "cron(20 * * * ? *)", 3, False),
        "daily_backup_rule": ("vault_prod_daily", "cron(20 7 * * ? *)", 30, True),
        "monthly_backup_rule": ("vault_prod_monthly", "cron(20 7 1 * ? *)", 365, False),
    },
    "ec2_prod_backups": {"daily_backup_rule": ("vault_prod_daily", "cron(20 9 * * ? *)", 30, True)},
}
SELECTIONS = {
    "prod_backups": ("all_except_ec2_and_s3", ["*"], {"arn:aws:ec2:*:*:instance/*", "arn:aws:s3:*"}),
    "ec2_prod_backups": ("all_ec2", ["arn:aws:ec2:*:*:instance/*"], set()),
}


def plan_of(account, name):
    (listed,) = [
        p for p in account.backup().list_backup_plans()["BackupPlansList"] if p["BackupPlanName"] == name
    ]
    return account.backup().get_backup_plan(BackupPlanId=listed["BackupPlanId"])


@pytest.mark.parametrize("name", RULES)
def test_each_plan_has_its_rules_and_tags(reference, name):
    plan = plan_of(reference, name)
    found = {r["RuleName"]: r for r in plan["BackupPlan"]["Rules"]}
    assert found.keys() == RULES[name].keys()
    for rule_name, (vault, schedule, days, copied) in RULES[name].items():
        rule = found[rule_name]
        assert (rule["TargetBackupVaultName"], rule["ScheduleExpression"]) == (vault, schedule)
        assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (60, 1440)
        assert rule["Lifecycle"]["DeleteAfterDays"] == days
        assert rule["EnableContinuousBackup"] is False
        copies = [
            (c["DestinationBackupVaultArn"], c["Lifecycle"]["DeleteAfterDays"])
            for c in rule.get("CopyActions", [])
        ]
        assert copies == (
            [(f"arn:aws:backup:{DR}:{reference.id}:backup-vault:vault_disaster_recovery", 30)]
            if copied
            else []
        )
    assert plan["AdvancedBackupSettings"] == [
        {"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}
    ]
    assert reference.backup().list_tags(ResourceArn=plan["BackupPlanArn"])["Tags"] == TAGS


@pytest.mark.parametrize("name", SELECTIONS)
def test_each_plan_has_its_selection(reference, name):
    selection, resources, excluded = SELECTIONS[name]
    plan_id = plan_of(reference, name)["BackupPlanId"]
    (listed,) = reference.backup().list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"]
    found = reference.backup().get_backup_selection(BackupPlanId=plan_id, SelectionId=listed["SelectionId"])[
        "BackupSelection"
    ]
    assert found["SelectionName"] == selection
    assert found["IamRoleArn"] == f"arn:aws:iam::{reference.id}:role/aws_backup_role"
    assert found["Resources"] == resources
    assert set(found["NotResources"]) == excluded
    assert found["ListOfTags"] == [] and not any(found["Conditions"].values())


def test_there_is_a_topic_for_the_report(reference):
    (topic,) = reference.sns().list_topics()["Topics"]
    assert topic["TopicArn"] == f"arn:aws:sns:{PRIMARY}:{reference.id}:drift-healer"


def test_looking_changes_nothing():
    account = deployed()
    assert snapshot(account) == snapshot(account)


def test_every_drift_can_be_seen_from_outside():
    """A drift that no client can see is no drift; and each says in a line what it does."""
    drifts = tool("GET", "drifts")
    assert len(drifts) >= 50
    invisible = []
    for drift in drifts:
        assert drift["description"].strip() and "\n" not in drift["description"], drift
        account = deployed()
        before = snapshot(account)
        tool("POST", f"drift/{drift['name']}?account={account.id}")
        if snapshot(account) == before:
            invisible.append(drift["name"])
    assert invisible == []


def test_a_drift_that_does_not_exist_is_refused_with_those_that_do():
    account = deployed()
    with pytest.raises(AssertionError, match="404.*; there are: vault-policy-deleted, vault-policy-"):
        tool("POST", f"drift/vault-policy-delted?account={account.id}")


def test_a_drift_of_what_there_is_not_says_so():
    account = deployed()
    why = "vault-deleted cannot happen to nowhere: there is no such vault"
    with pytest.raises(AssertionError, match=f"404.*{why}"):
        tool("POST", f"drift/vault-deleted:nowhere?account={account.id}")


def test_a_drift_can_name_its_target():
    account = deployed()
    tool("POST", f"drift/vault-policy-deleted:vault_disaster_recovery?account={account.id}")
    seen = snapshot(account)
    assert seen[DR]["vaults"]["vault_disaster_recovery"]["policy"] is None
    assert seen[PRIMARY]["vaults"]["vault_prod_daily"]["policy"] is not None
