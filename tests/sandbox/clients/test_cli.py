"""The AWS CLI in its own process: the way in which an operator, or an attacker, does it."""

import json
import os
import subprocess
import sys

import pytest

from cloud import BACKUP_TRUST, FOR_BACKUP, PRIMARY, rule

CLI = os.path.join(os.path.dirname(sys.executable), "aws")


@pytest.fixture
def aws(account):
    def run(*words, refused=None):
        """The parsed answer; or, with `refused`, the message of a call that must fail with that code."""
        done = subprocess.run(
            [CLI, *words], env=account.environment(), capture_output=True, text=True, timeout=60
        )
        if refused:
            assert done.returncode != 0, done.stdout
            assert f"({refused})" in done.stderr, done.stderr
            return done.stderr
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


def test_vaults(account, aws):
    account.make_vault("vault_prod_daily")
    (vault,) = aws("backup", "list-backup-vaults")["BackupVaultList"]
    assert vault["BackupVaultName"] == "vault_prod_daily"
    assert vault["Locked"] is False
    aws(
        "backup",
        "put-backup-vault-lock-configuration",
        "--backup-vault-name",
        "vault_prod_daily",
        "--changeable-for-days",
        "3",
    )
    assert aws("backup", "describe-backup-vault", "--backup-vault-name", "vault_prod_daily")["Locked"] is True
    aws("backup", "describe-backup-vault", "--backup-vault-name", "nobody", refused="AccessDeniedException")


def test_a_policy_that_is_removed(account, aws):
    account.make_vault("vault_prod_daily")
    policy = json.dumps(account.vault_policy("vault_prod_daily"))
    aws(
        "backup",
        "put-backup-vault-access-policy",
        "--backup-vault-name",
        "vault_prod_daily",
        "--policy",
        policy,
    )
    aws(
        "backup",
        "delete-backup-vault",
        "--backup-vault-name",
        "vault_prod_daily",
        refused="AccessDeniedException",
    )
    aws("backup", "delete-backup-vault-access-policy", "--backup-vault-name", "vault_prod_daily")
    aws("backup", "delete-backup-vault", "--backup-vault-name", "vault_prod_daily")
    assert aws("backup", "list-backup-vaults")["BackupVaultList"] == []


def test_a_plan(account, aws):
    plan = account.make_plan("prod_backups", rules=[rule(StartWindowMinutes=60)])
    found = aws("backup", "get-backup-plan", "--backup-plan-id", plan)
    assert found["BackupPlan"]["BackupPlanName"] == "prod_backups"
    assert found["BackupPlan"]["Rules"][0]["StartWindowMinutes"] == 60
    changed = json.dumps(
        {"BackupPlanName": "prod_backups", "Rules": [rule(Lifecycle={"DeleteAfterDays": 1})]}
    )
    aws("backup", "update-backup-plan", "--backup-plan-id", plan, "--backup-plan", changed)
    found = aws("backup", "get-backup-plan", "--backup-plan-id", plan)
    assert found["BackupPlan"]["Rules"][0]["Lifecycle"]["DeleteAfterDays"] == 1


def test_a_key(account, aws):
    key = account.make_key()
    aws("kms", "create-alias", "--alias-name", "alias/aws_backup_key", "--target-key-id", key)
    assert (
        aws("kms", "describe-key", "--key-id", "alias/aws_backup_key")["KeyMetadata"]["KeyState"] == "Enabled"
    )
    aws("kms", "schedule-key-deletion", "--key-id", key, "--pending-window-in-days", "7")
    assert aws("kms", "describe-key", "--key-id", key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    aws("kms", "enable-key", "--key-id", key, refused="KMSInvalidStateException")


def test_a_role(account, aws):
    aws(
        "iam",
        "create-role",
        "--role-name",
        "aws_backup_role",
        "--assume-role-policy-document",
        json.dumps(BACKUP_TRUST),
    )
    aws("iam", "attach-role-policy", "--role-name", "aws_backup_role", "--policy-arn", FOR_BACKUP)
    assert (
        aws("iam", "get-role", "--role-name", "aws_backup_role")["Role"]["AssumeRolePolicyDocument"]
        == BACKUP_TRUST
    )
    (policy,) = aws("iam", "list-attached-role-policies", "--role-name", "aws_backup_role")[
        "AttachedPolicies"
    ]
    assert policy == {"PolicyName": "AWSBackupServiceRolePolicyForBackup", "PolicyArn": FOR_BACKUP}
    aws("iam", "get-role", "--role-name", "nobody", refused="NoSuchEntity")


def test_a_message(account, aws):
    topic = aws("sns", "create-topic", "--name", "drift-healer")["TopicArn"]
    assert topic == f"arn:aws:sns:{PRIMARY}:{account.id}:drift-healer"
    text = json.dumps({"default": "d", "email": "e"})
    assert aws(
        "sns",
        "publish",
        "--topic-arn",
        topic,
        "--message-structure",
        "json",
        "--subject",
        "hello",
        "--message",
        text,
    )["MessageId"]
    aws("sns", "publish", "--topic-arn", f"{topic}-2", "--message", "m", refused="NotFound")


def test_who_am_i(account, aws):
    assert aws("sts", "get-caller-identity")["Account"] == account.id


def test_it_pages_by_itself(account, aws):
    for n in range(5):
        account.make_vault(f"vault_{n}")
    found = aws("backup", "list-backup-vaults", "--page-size", "2")["BackupVaultList"]
    assert sorted(v["BackupVaultName"] for v in found) == [f"vault_{n}" for n in range(5)]
