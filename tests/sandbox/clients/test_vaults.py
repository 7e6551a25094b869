"""AWS Backup vaults and their access policies, as boto3 sees them."""

import json

import pytest

from cloud import DR, PRIMARY, advance, refused, tool

NAME = "vault_prod_daily"


def names(backup):
    return {v["BackupVaultName"] for v in backup.list_backup_vaults()["BackupVaultList"]}


def test_a_new_vault_is_described_as_it_was_made(account, backup):
    key = account.make_key()
    made = account.make_vault(
        NAME, EncryptionKeyArn=key, BackupVaultTags={"terraform": "true"}, CreatorRequestId="request.1"
    )
    assert made["BackupVaultName"] == NAME
    assert made["BackupVaultArn"] == f"arn:aws:backup:{PRIMARY}:{account.id}:backup-vault:{NAME}"

    vault = backup.describe_backup_vault(BackupVaultName=NAME)
    assert vault["EncryptionKeyArn"] == key
    assert vault["BackupVaultArn"] == made["BackupVaultArn"]
    assert vault["CreationDate"] == made["CreationDate"]
    assert vault["CreatorRequestId"] == "request.1"
    assert vault["VaultType"] == "BACKUP_VAULT"
    assert vault["VaultState"] == "AVAILABLE"
    assert vault["EncryptionKeyType"] == "CUSTOMER_MANAGED_KMS_KEY"
    assert vault["NumberOfRecoveryPoints"] == 0
    assert vault["Locked"] is False
    assert not {"MinRetentionDays", "MaxRetentionDays", "LockDate"} & vault.keys()
    assert backup.list_tags(ResourceArn=made["BackupVaultArn"])["Tags"] == {"terraform": "true"}


def test_a_vault_without_a_wish_for_a_key_gets_the_managed_one(account, backup):
    account.make_vault(NAME)
    arn = backup.describe_backup_vault(BackupVaultName=NAME)["EncryptionKeyArn"]
    assert arn.startswith(f"arn:aws:kms:{PRIMARY}:{account.id}:key/")


def test_the_list_says_as_much_as_describe(account, backup):
    account.make_vault(NAME, EncryptionKeyArn=account.make_key())
    backup.put_backup_vault_lock_configuration(
        BackupVaultName=NAME, MinRetentionDays=7, MaxRetentionDays=90, ChangeableForDays=3
    )
    (listed,) = backup.list_backup_vaults()["BackupVaultList"]
    described = backup.describe_backup_vault(BackupVaultName=NAME)
    lock = ["Locked", "MinRetentionDays", "MaxRetentionDays", "LockDate"]
    kind = ["BackupVaultArn", "EncryptionKeyArn", "EncryptionKeyType", "VaultType", "VaultState"]
    for member in [*lock, *kind]:
        assert listed[member] == described[member], member


def test_a_taken_name_is_refused_with_the_arn_of_the_vault(account, backup):
    made = account.make_vault(NAME, CreatorRequestId="first")
    with refused("AlreadyExistsException", 400) as answer:
        account.make_vault(NAME, CreatorRequestId="second")
    assert answer["Arn"] == made["BackupVaultArn"]
    assert answer["CreatorRequestId"] == "first"


def test_names_are_case_sensitive(account, backup):
    account.make_vault(NAME)
    account.make_vault(NAME.upper())
    assert names(backup) == {NAME, NAME.upper()}


@pytest.mark.parametrize("name", ["a", "with.dot", "x" * 51])
def test_a_name_out_of_the_pattern_is_refused(account, name):
    with refused("InvalidParameterValueException", 400):
        account.make_vault(name)


# Even an administrator gets AccessDenied for a vault that does not exist; only the list tells the two apart.
@pytest.mark.parametrize(
    "operation",
    ["describe_backup_vault", "get_backup_vault_access_policy", "list_recovery_points_by_backup_vault"],
)
def test_a_missing_vault_is_access_denied(backup, operation):
    with refused("AccessDeniedException", 403, "Insufficient privileges to perform this action."):
        getattr(backup, operation)(BackupVaultName="vault_nobody_made")


def test_an_empty_vault_can_be_deleted(account, backup):
    account.make_vault(NAME)
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()
    with refused("AccessDeniedException", 403):
        backup.describe_backup_vault(BackupVaultName=NAME)


def test_an_empty_vault_can_be_deleted_in_spite_of_an_immutable_lock(account, backup):
    account.make_vault(NAME)
    backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, ChangeableForDays=3)
    advance(days=4)
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()


def test_a_new_vault_has_no_recovery_points(account, backup):
    account.make_vault(NAME)
    assert backup.list_recovery_points_by_backup_vault(BackupVaultName=NAME)["RecoveryPoints"] == []


def test_tags_are_added_and_removed_one_by_one(account, backup):
    arn = account.make_vault(NAME, BackupVaultTags={"a": "1", "b": "2"})["BackupVaultArn"]
    backup.tag_resource(ResourceArn=arn, Tags={"b": "3", "c": "4"})
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "1", "b": "3", "c": "4"}
    backup.untag_resource(ResourceArn=arn, TagKeyList=["a", "b"])
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"c": "4"}


def test_a_vault_without_policy_is_not_found(account, backup):
    account.make_vault(NAME)
    with refused("ResourceNotFoundException", 400):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)


def test_a_policy_comes_back_with_the_same_meaning(account, backup):
    arn = account.make_vault(NAME, region=DR)["BackupVaultArn"]
    policy = account.vault_policy(NAME, DR)
    backup = account.backup(DR)
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=json.dumps(policy))
    answer = backup.get_backup_vault_access_policy(BackupVaultName=NAME)
    assert (answer["BackupVaultName"], answer["BackupVaultArn"]) == (NAME, arn)
    found = json.loads(answer["Policy"])
    assert (found["Id"], found["Version"]) == ("default", "2012-10-17")
    (statement,) = found["Statement"]
    assert statement["Effect"] == "Deny"
    assert set(statement["Action"]) == set(policy["Statement"][0]["Action"])


def test_a_put_replaces_the_policy_and_a_delete_removes_it(account, backup):
    account.make_vault(NAME)
    for actions in (None, ["backup:DeleteRecoveryPoint"]):
        policy = json.dumps(account.vault_policy(NAME, actions=actions))
        backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)
    (statement,) = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=NAME)["Policy"])[
        "Statement"
    ]
    assert statement["Action"] in ("backup:DeleteRecoveryPoint", ["backup:DeleteRecoveryPoint"])
    backup.delete_backup_vault_access_policy(BackupVaultName=NAME)
    with refused("ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)


@pytest.mark.parametrize("actions", [["backup:*"], ["backup:DeleteBackupVault", "backup:Delete*"]])
def test_a_wildcard_in_an_action_is_refused(account, backup, actions):
    account.make_vault(NAME)
    with refused("InvalidParameterValueException", 400):
        policy = json.dumps(account.vault_policy(NAME, actions=actions))
        backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)


@pytest.mark.parametrize("policy", ["deny everybody", "{", "[]"])
def test_a_policy_that_is_no_policy_is_refused(account, backup, policy):
    account.make_vault(NAME)
    with refused("InvalidParameterValueException", 400):
        backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)


def test_a_principal_that_does_not_exist_is_refused(account, backup):
    account.make_vault(NAME)
    policy = json.dumps(account.vault_policy(NAME)).replace('"*"', f'"arn:aws:iam::{account.id}:role/nobody"')
    with refused("InvalidParameterValueException", 400, "Provided principal is not valid"):
        backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)


def test_a_vault_takes_the_arn_of_a_key_and_not_of_an_alias(account, backup):
    account.kms().create_alias(AliasName="alias/aws_backup_key", TargetKeyId=account.make_key())
    with refused("InvalidParameterValueException", 400):
        account.make_vault(NAME, EncryptionKeyArn=f"arn:aws:kms:{PRIMARY}:{account.id}:alias/aws_backup_key")
    assert names(backup) == set()


def test_the_policy_protects_the_vault_until_it_is_removed(account, backup):
    account.make_vault(NAME)
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=json.dumps(account.vault_policy(NAME)))
    with refused("AccessDeniedException", 403):
        backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == {NAME}
    backup.delete_backup_vault_access_policy(BackupVaultName=NAME)
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()


def test_a_weakened_policy_does_not_protect(account, backup):
    account.make_vault(NAME)
    policy = json.dumps(account.vault_policy(NAME, actions=["backup:DeleteRecoveryPoint"]))
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()


def test_a_denial_under_a_condition_does_not_protect(account, backup):
    """The caller is of another account than the condition asks for."""
    account.make_vault(NAME)
    policy = account.vault_policy(NAME)
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalAccount": "000000000000"}}
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=json.dumps(policy))
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()


def test_a_vault_made_anew_has_neither_policy_nor_lock_nor_tags(account, backup):
    arn = account.make_vault(NAME, BackupVaultTags={"a": "1"})["BackupVaultArn"]
    policy = json.dumps(account.vault_policy(NAME, actions=["backup:DeleteRecoveryPoint"]))
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)
    backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, ChangeableForDays=3)
    backup.delete_backup_vault(BackupVaultName=NAME)
    account.make_vault(NAME)
    assert backup.describe_backup_vault(BackupVaultName=NAME)["Locked"] is False
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {}
    with refused("ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)


@pytest.fixture
def backed_up(account, backup):
    """A vault with one recovery point, whose ARN this is."""
    account.make_vault(NAME)
    tool("POST", f"recovery-points?account={account.id}", {"region": PRIMARY, "vault": NAME})
    (point,) = backup.list_recovery_points_by_backup_vault(BackupVaultName=NAME)["RecoveryPoints"]
    assert backup.describe_backup_vault(BackupVaultName=NAME)["NumberOfRecoveryPoints"] == 1
    return point["RecoveryPointArn"]


def test_a_vault_with_backups_cannot_be_deleted(backup, backed_up):
    with refused("InvalidRequestException", 400):
        backup.delete_backup_vault(BackupVaultName=NAME)
    backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=backed_up)
    backup.delete_backup_vault(BackupVaultName=NAME)
    assert names(backup) == set()


# The cooling-off time is no exception: a locked vault keeps its backups from the first minute.
@pytest.mark.parametrize(
    "lock", [{"MinRetentionDays": 1}, {"ChangeableForDays": 3}], ids=["governance", "compliance in grace"]
)
def test_a_lock_keeps_the_backups(backup, backed_up, lock):
    backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, **lock)
    with refused("InvalidRequestException", 400):
        backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=backed_up)
    backup.delete_backup_vault_lock_configuration(BackupVaultName=NAME)
    backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=backed_up)


def test_the_policy_keeps_the_backups(account, backup, backed_up):
    policy = account.vault_policy(NAME)
    policy["Statement"][0]["Resource"] = "*"
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=json.dumps(policy))
    with refused("AccessDeniedException", 403):
        backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=backed_up)
    assert len(backup.list_recovery_points_by_backup_vault(BackupVaultName=NAME)["RecoveryPoints"]) == 1
