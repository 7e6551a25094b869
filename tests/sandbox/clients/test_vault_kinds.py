"""Vaults beyond the ordinary one: air-gapped, failed, shared by another account, old, and loud."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from cloud import DR, PRIMARY, advance, options, pages, plant, refused

NAME = "vault_prod_daily"
OWNER = "999988887777"
DAYS = {"MinRetentionDays": 7, "MaxRetentionDays": 30}
TOPIC = f"arn:aws:sns:{PRIMARY}:123456789012:jobs"


def make_gapped(backup, name="gapped", **wishes):
    return backup.create_logically_air_gapped_backup_vault(BackupVaultName=name, **DAYS | wishes)


def describe(backup, name=NAME, **wishes):
    return backup.describe_backup_vault(BackupVaultName=name, **wishes)


def events(account):
    return [e["EventName"] for e in account.client("cloudtrail").lookup_events()["Events"]]


def test_an_air_gapped_vault_takes_its_time_and_is_locked_for_ever(account, backup):
    made = make_gapped(backup, BackupVaultTags={"a": "1"}, CreatorRequestId="r")
    arn = f"arn:aws:backup:{PRIMARY}:{account.id}:backup-vault:gapped"
    assert (made["BackupVaultName"], made["BackupVaultArn"], made["VaultState"]) == (
        "gapped",
        arn,
        "CREATING",
    )
    found = describe(backup, "gapped")
    assert (found["VaultType"], found["VaultState"]) == ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "CREATING")
    assert found["EncryptionKeyType"] == "AWS_OWNED_KMS_KEY" and "EncryptionKeyArn" not in found
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 30)
    assert found["LockDate"] == found["CreationDate"] == made["CreationDate"]
    advance(seconds=180)
    assert describe(backup, "gapped")["VaultState"] == "AVAILABLE"
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "1"}
    with refused("InvalidRequestException", 400):
        backup.put_backup_vault_lock_configuration(BackupVaultName="gapped", MinRetentionDays=1)
    assert events(account)[-1] == "CreateLogicallyAirGappedBackupVault"


def test_an_air_gapped_vault_can_be_on_a_key_of_another_account(backup):
    key = f"arn:aws:kms:{PRIMARY}:{OWNER}:key/11111111-2222-4333-8444-555555555555"
    make_gapped(backup, EncryptionKeyArn=key)
    found = describe(backup, "gapped")
    assert (found["EncryptionKeyArn"], found["EncryptionKeyType"]) == (key, "CUSTOMER_MANAGED_KMS_KEY")


def test_an_air_gapped_vault_can_fail_to_be_made(backup):
    with options(air_gapped_vaults_fail=True):
        make_gapped(backup)
    assert describe(backup, "gapped")["VaultState"] == "CREATING"
    advance(seconds=180)
    assert describe(backup, "gapped")["VaultState"] == "FAILED"


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("InvalidParameterValueException", {"MinRetentionDays": 6}),
        ("InvalidParameterValueException", {"MaxRetentionDays": 6}),
        ("InvalidParameterValueException", {"MaxRetentionDays": 36501}),
        ("InvalidParameterValueException", {"EncryptionKeyArn": "alias/aws/backup"}),
        ("MissingParameterValueException", {"MinRetentionDays": None}),
        ("MissingParameterValueException", {"MaxRetentionDays": None}),
    ],
)
def test_a_wrong_air_gapped_vault_is_refused(backup, code, wishes):
    given = {name: value for name, value in (DAYS | wishes).items() if value is not None}
    with refused(code, 400):
        backup.create_logically_air_gapped_backup_vault(BackupVaultName="gapped", **given)
    assert backup.list_backup_vaults()["BackupVaultList"] == []


def test_both_types_of_vault_share_their_names_and_are_listed_by_type(account, backup):
    account.make_vault(NAME)
    with refused("AlreadyExistsException", 400):
        make_gapped(backup, NAME)
    make_gapped(backup)
    for kind, names in {"BACKUP_VAULT": [NAME], "LOGICALLY_AIR_GAPPED_BACKUP_VAULT": ["gapped"]}.items():
        listed = backup.list_backup_vaults(ByVaultType=kind)["BackupVaultList"]
        assert [v["BackupVaultName"] for v in listed] == names


@pytest.mark.parametrize("state", ["CREATING", "FAILED", "AVAILABLE"])
def test_a_state_an_age_and_a_count_can_be_planted_and_nobody_did_it(account, backup, state):
    account.make_vault(NAME)
    long_ago = datetime(2020, 2, 1, tzinfo=timezone.utc)
    wishes = {"VaultState": state, "CreationDate": "2020-02-01T00:00:00Z", "NumberOfRecoveryPoints": 4711}
    plant(account, vault=NAME, set=wishes)
    advance(days=1)
    (listed,) = backup.list_backup_vaults()["BackupVaultList"]
    for found in (listed, describe(backup)):
        assert (found["VaultState"], found["CreationDate"]) == (state, long_ago)
        assert found["NumberOfRecoveryPoints"] == 4711
    assert events(account) == ["CreateBackupVault"]
    # What comes later is told as what it is.
    backup.tag_resource(ResourceArn=found["BackupVaultArn"], Tags={"a": "1"})
    assert events(account) == ["TagResource", "CreateBackupVault"]


def test_a_vault_of_another_account_stands_in_the_list_under_our_name(account, backup):
    own = account.make_vault(NAME)["BackupVaultArn"]
    plant(account, shared_vault=NAME, owner=OWNER, set={"NumberOfRecoveryPoints": 3})
    other = own.replace(account.id, OWNER)

    def arns(**wishes):
        items, count = pages(backup.get_paginator("list_backup_vaults"), "BackupVaultList", 1, **wishes)
        assert len(items) == count
        return {v["BackupVaultArn"] for v in items}

    assert arns() == {own, other}
    assert arns(ByShared=True) == {other}
    assert arns(ByShared=False) == {own}
    assert describe(backup)["BackupVaultArn"] == own
    found = describe(backup, BackupVaultAccountId=OWNER)
    assert (found["BackupVaultArn"], found["NumberOfRecoveryPoints"]) == (other, 3)
    assert found["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    with refused("AccessDeniedException", 403):
        describe(backup, BackupVaultAccountId="111122223333")
    assert account.backup(DR).list_backup_vaults()["BackupVaultList"] == []


def test_a_region_without_air_gapped_vaults_tells_no_types(account, backup):
    account.make_vault(NAME)
    with options(vault_types_untold=True):
        (listed,) = backup.list_backup_vaults()["BackupVaultList"]
        assert "VaultType" not in listed and "VaultType" not in describe(backup)


def test_two_vaults_without_a_wish_share_the_accounts_key_for_backups(account, backup):
    account.make_vault("one")
    account.make_vault("two")
    keys = {v["EncryptionKeyArn"] for v in backup.list_backup_vaults()["BackupVaultList"]}
    (alias,) = [a for a in account.kms().list_aliases()["Aliases"] if a["AliasName"] == "alias/aws/backup"]
    assert {key.rsplit("/")[-1] for key in keys} == {alias["TargetKeyId"]}
    assert account.kms().describe_key(KeyId=keys.pop())["KeyMetadata"]["KeyManager"] == "AWS"


WANTED = ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED"]


def notify(backup, **wishes):
    given = {"BackupVaultName": NAME, "SNSTopicArn": TOPIC, "BackupVaultEvents": WANTED} | wishes
    return backup.put_backup_vault_notifications(**given)


def test_notifications_are_put_as_a_whole_and_read_and_deleted(account, backup):
    arn = account.make_vault(NAME)["BackupVaultArn"]
    with refused("ResourceNotFoundException", 400):
        backup.get_backup_vault_notifications(BackupVaultName=NAME)
    notify(backup)
    notify(backup, BackupVaultEvents=WANTED[1:])
    found = backup.get_backup_vault_notifications(BackupVaultName=NAME)
    assert (found["BackupVaultName"], found["BackupVaultArn"]) == (NAME, arn)
    assert (found["SNSTopicArn"], found["BackupVaultEvents"]) == (TOPIC, WANTED[1:])
    backup.delete_backup_vault_notifications(BackupVaultName=NAME)
    with refused("ResourceNotFoundException", 400):
        backup.get_backup_vault_notifications(BackupVaultName=NAME)
    told = account.client("cloudtrail").lookup_events()["Events"]
    put, gone = json.loads(told[2]["CloudTrailEvent"]), json.loads(told[0]["CloudTrailEvent"])
    assert put["requestParameters"] == {
        "backupVaultName": NAME,
        "sNSTopicArn": TOPIC,
        "backupVaultEvents": WANTED,
    }
    assert (gone["eventName"], gone["requestParameters"]) == (
        "DeleteBackupVaultNotifications",
        {"backupVaultName": NAME},
    )


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("InvalidParameterValueException", {"BackupVaultEvents": ["BACKUP_JOB_EXPIRED"]}),
        ("InvalidParameterValueException", {"BackupVaultEvents": ["TEA_TIME"]}),
        ("InvalidParameterValueException", {"SNSTopicArn": "jobs"}),
        ("MissingParameterValueException", {"BackupVaultEvents": []}),
        ("AccessDeniedException", {"BackupVaultName": "vault_nobody_made"}),
    ],
)
def test_wrong_notifications_are_refused(account, backup, code, wishes):
    account.make_vault(NAME)
    with refused(code):
        notify(backup, **wishes)
    with refused("ResourceNotFoundException"):
        backup.get_backup_vault_notifications(BackupVaultName=NAME)


def test_a_lock_can_be_put_without_effect(account, backup):
    account.make_vault(NAME)
    with options(lock_puts_without_effect=True):
        backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, ChangeableForDays=3)
    assert describe(backup)["Locked"] is False
    assert events(account)[0] == "PutBackupVaultLockConfiguration"


@pytest.mark.parametrize("reads", [0, -1])
def test_a_limit_that_is_not_there_can_read_as_a_number(account, backup, reads):
    account.make_vault(NAME)
    with options(lock_without_limit_reads=reads):
        assert "MinRetentionDays" not in describe(backup)
        backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, MaxRetentionDays=90)
        assert (describe(backup)["MinRetentionDays"], describe(backup)["MaxRetentionDays"]) == (reads, 90)
    assert "MinRetentionDays" not in describe(backup)


@pytest.mark.parametrize("given", [0, -1])
def test_a_limit_that_says_none_is_refused_or_comes_back(account, backup, given):
    account.make_vault(NAME)
    wishes = {"BackupVaultName": NAME, "MinRetentionDays": 7, "MaxRetentionDays": given}
    with refused("InvalidParameterValueException", 400):
        backup.put_backup_vault_lock_configuration(**wishes)
    with options(lock_takes_zero=True):
        backup.put_backup_vault_lock_configuration(**wishes)
    assert describe(backup)["MaxRetentionDays"] == given


def test_a_lock_that_began_long_ago_can_be_planted(account, backup):
    account.make_vault(NAME)
    date = datetime(2026, 1, 1, tzinfo=timezone.utc)
    plant(account, vault=NAME, set={"LockDate": date.isoformat(), "MaxRetentionDays": 90})
    found = describe(backup)
    assert (found["Locked"], found["LockDate"], found["MaxRetentionDays"]) == (True, date, 90)
    with refused("InvalidRequestException", 400):
        backup.delete_backup_vault_lock_configuration(BackupVaultName=NAME)


def test_a_service_that_came_late_or_is_not_there_can_be_planted(account, backup):
    account.make_vault(NAME)
    kind = "ResourceTypeOptInPreference"
    plant(account, settings=True, set={kind: {"Mainframe": False, "Timestream": None}})
    found = backup.describe_region_settings()[kind]
    assert found["Mainframe"] is False and "Timestream" not in found
    backup.update_region_settings(**{kind: {"Mainframe": True}})
    assert backup.describe_region_settings()[kind]["Mainframe"] is True
    with refused("InvalidParameterValueException", 400):
        backup.update_region_settings(**{kind: {"Timestream": True}})


def test_time_moves_a_creation_date_no_further(account, backup):
    made = account.make_vault(NAME)["CreationDate"]
    advance(days=30)
    assert describe(backup)["CreationDate"] == made
    assert account.make_vault("later")["CreationDate"] - made >= timedelta(days=30)
