"""Accounts and Regions do not see each other, except for IAM, which has no Regions."""

import json

import pytest

from cloud import BACKUP_TRUST, DR, PRIMARY, Account, pages, refused

NAME = "vault_prod_daily"


def test_regions_have_their_own_vaults_plans_keys_and_topics(account):
    account.make_vault(NAME, PRIMARY)
    account.make_plan("prod_backups", region=PRIMARY)
    key = account.make_key(PRIMARY)
    account.kms(PRIMARY).create_alias(AliasName="alias/aws_backup_key", TargetKeyId=key)
    account.sns(PRIMARY).create_topic(Name="drift-healer")

    assert account.backup(DR).list_backup_vaults()["BackupVaultList"] == []
    assert account.backup(DR).list_backup_plans()["BackupPlansList"] == []
    assert account.kms(DR).list_keys()["Keys"] == []
    assert account.sns(DR).list_topics()["Topics"] == []
    with refused("AccessDeniedException", 403):
        account.backup(DR).describe_backup_vault(BackupVaultName=NAME)
    with refused("NotFoundException", 400):
        account.kms(DR).describe_key(KeyId="alias/aws_backup_key")


def test_the_same_name_lives_in_two_regions(account):
    arns = {account.make_vault(NAME, region)["BackupVaultArn"] for region in (PRIMARY, DR)}
    assert arns == {f"arn:aws:backup:{region}:{account.id}:backup-vault:{NAME}" for region in (PRIMARY, DR)}
    account.backup(DR).delete_backup_vault(BackupVaultName=NAME)
    assert len(account.backup(PRIMARY).list_backup_vaults()["BackupVaultList"]) == 1


def test_a_plan_is_known_only_in_its_region(account):
    plan = account.make_plan(region=PRIMARY)
    with refused("ResourceNotFoundException", 400):
        account.backup(DR).get_backup_plan(BackupPlanId=plan)


def test_accounts_see_nothing_of_each_other(account):
    other = Account()
    account.make_vault(NAME)
    plan = account.make_plan()
    key = account.make_key()
    account.make_role()

    assert other.backup().list_backup_vaults()["BackupVaultList"] == []
    assert other.backup().list_backup_plans()["BackupPlansList"] == []
    assert other.iam().list_roles()["Roles"] == []
    with refused("ResourceNotFoundException"):
        other.backup().get_backup_plan(BackupPlanId=plan)
    with refused("NoSuchEntity", 404):
        other.iam().get_role(RoleName="aws_backup_role")
    with refused(("NotFoundException", "AccessDeniedException")):
        other.kms().describe_key(KeyId=key)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_any_region_works_from_its_first_use(account, region):
    arn = account.make_vault(NAME, region, EncryptionKeyArn=account.make_key(region))["BackupVaultArn"]
    assert f":{region}:" in arn
    items, _ = pages(account.backup(region).get_paginator("list_backup_vaults"), "BackupVaultList", 10)
    assert [v["BackupVaultArn"] for v in items] == [arn]


@pytest.mark.parametrize(
    ("region", "partition", "home"),
    [
        ("cn-northwest-1", "aws-cn", "cn-north-1"),
        ("us-gov-east-1", "aws-us-gov", "us-gov-west-1"),
        ("eusc-de-east-1", "aws-eusc", "eusc-de-east-1"),
        ("us-iso-west-1", "aws-iso", "us-iso-east-1"),
    ],
)
def test_each_partition_has_arns_and_a_home_of_its_own(account, region, partition, home):
    arn = account.make_vault(NAME, region, EncryptionKeyArn=account.make_key(region))["BackupVaultArn"]
    assert arn.startswith(f"arn:{partition}:backup:{region}:")
    assert account.sts(region).get_caller_identity()["Arn"].startswith(f"arn:{partition}:sts:")
    iam = account.client("iam", region)
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(BACKUP_TRUST))["Role"]
    assert role["Arn"].startswith(f"arn:{partition}:iam:")
    (event, *_) = account.client("cloudtrail", home).lookup_events()["Events"]
    assert event["EventName"] == "CreateRole"
