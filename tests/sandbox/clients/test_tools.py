"""The sandbox's own tools: the record of calls, the clock, and starting afresh."""

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, HTTPClientError

from cloud import DR, PRIMARY, Account, advance, refused, tool


@pytest.fixture
def broken():
    """Sets a fault of AWS Backup; none is left behind."""
    yield lambda **fault: tool("POST", "faults", {"service": "backup"} | fault)
    tool("DELETE", "faults")


def calls(account, only_writes=False):
    return tool("GET", f"calls?account={account.id}" + ("&writes=true" if only_writes else ""))


def test_every_call_is_recorded_with_its_outcome(account, backup):
    account.make_vault("vault_prod_daily")
    backup.list_backup_vaults(MaxResults=2)
    with refused("AccessDeniedException"):
        backup.describe_backup_vault(BackupVaultName="nobody")
    seen = calls(account)
    assert [c["operation"] for c in seen] == ["CreateBackupVault", "ListBackupVaults", "DescribeBackupVault"]
    assert {(c["service"], c["region"], c["account"]) for c in seen} == {("backup", PRIMARY, account.id)}
    assert [c["status"] for c in seen] == [200, 200, 403]
    assert [c["error"] for c in seen] == [None, None, "AccessDeniedException"]
    assert seen[1]["params"] == {"MaxResults": "2"}


def test_writes_are_the_calls_that_change_something(account, backup, kms, iam):
    key = account.make_key()
    account.make_role()
    account.make_vault("vault_prod_daily")
    kms.describe_key(KeyId=key)
    iam.get_role(RoleName="aws_backup_role")
    backup.list_backup_vaults()
    account.sts().get_caller_identity()
    with refused("AccessDeniedException"):
        backup.delete_backup_vault(BackupVaultName="nobody")
    made = ["CreateKey", "CreateRole", "AttachRolePolicy", "AttachRolePolicy", "CreateBackupVault"]
    writes = [(c["operation"], c["status"]) for c in calls(account, only_writes=True)]
    assert writes == [(operation, 200) for operation in made] + [("DeleteBackupVault", 403)]


def test_the_clock_moves_only_forward_and_for_everybody(account):
    before = account.make_vault("before")["CreationDate"]
    advance(days=1)
    after = Account().make_vault("after")["CreationDate"]
    assert 86400 <= (after - before).total_seconds() < 86460


def test_a_fault_hits_the_calls_it_names_and_then_ends(backup, broken):
    broken(
        operation="ListBackupVaults",
        nth=2,
        times=2,
        kind="error",
        code="ThrottlingException",
        status=400,
        message="Rate exceeded",
    )
    assert backup.list_backup_plans()["BackupPlansList"] == []
    assert backup.list_backup_vaults()["BackupVaultList"] == []
    for _ in range(2):
        with refused("ThrottlingException", 400, "Rate exceeded"):
            backup.list_backup_vaults()
    assert backup.list_backup_vaults()["BackupVaultList"] == []


@pytest.mark.parametrize(("kind", "carried_out"), [("reset", False), ("lost_answer", True)])
def test_a_connection_can_break_before_or_after_the_call(account, backup, broken, kind, carried_out):
    broken(operation="CreateBackupVault", kind=kind)
    with pytest.raises((ConnectionClosedError, EndpointConnectionError, HTTPClientError)):
        account.make_vault("vault_prod_daily")
    assert len(backup.list_backup_vaults()["BackupVaultList"]) == carried_out
    if carried_out:
        with refused("AlreadyExistsException", 400):
            account.make_vault("vault_prod_daily")


def test_a_fault_can_be_of_one_region(account, broken):
    broken(
        operation="ListBackupVaults",
        region=DR,
        kind="error",
        code="ServiceUnavailableException",
        status=500,
        message="later",
    )
    assert account.backup(PRIMARY).list_backup_vaults()["BackupVaultList"] == []
    with refused("ServiceUnavailableException", 500):
        account.backup(DR).list_backup_vaults()
    assert account.backup(DR).list_backup_vaults()["BackupVaultList"] == []


@pytest.mark.parametrize("path", ["no-such-tool", "advance"])
def test_a_wrong_use_of_a_tool_is_refused(path):
    with pytest.raises(AssertionError, match="40[0-9]"):
        tool("POST", path, {"nonsense": True})


def test_a_reset_leaves_nothing(account, backup, iam):
    account.make_vault("vault_prod_daily")
    account.make_role()
    tool("POST", "actor", {"arn": f"arn:aws:iam::{account.id}:root", "access_key": account.id})
    tool("POST", "reset")
    assert calls(account) == []
    assert "assumed-role" in account.sts().get_caller_identity()["Arn"], "it forgets who keys are"
    assert backup.list_backup_vaults()["BackupVaultList"] == []
    assert iam.list_roles()["Roles"] == []
