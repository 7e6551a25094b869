"""KMS aliases: what takes them, and that moving one moves nothing else."""

import pytest
from botocore.exceptions import ClientError

from cloud import PRIMARY, refused

ALIAS = "alias/aws_backup_key"


@pytest.fixture
def key(account):
    return account.make_key()


def metadata(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def test_describe_takes_four_kinds_of_name(account, kms, key):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    for name in (key, key.split("/")[-1], ALIAS, f"arn:aws:kms:{PRIMARY}:{account.id}:{ALIAS}"):
        assert metadata(kms, name)["Arn"] == key, name


BY_KEY_ONLY = """
    get_key_policy list_resource_tags enable_key disable_key enable_key_rotation get_key_rotation_status
    schedule_key_deletion cancel_key_deletion
"""


@pytest.mark.parametrize("operation", BY_KEY_ONLY.split())
def test_other_operations_do_not_take_an_alias(kms, key, operation):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    with refused("NotFoundException", 400):
        getattr(kms, operation)(KeyId=ALIAS)
    assert metadata(kms, key)["KeyState"] == "Enabled"


def test_an_alias_is_listed_with_its_key(account, kms, key):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    kms.create_alias(AliasName="alias/other", TargetKeyId=account.make_key())
    (listed,) = kms.list_aliases(KeyId=key)["Aliases"]
    assert listed["AliasName"] == ALIAS
    assert listed["AliasArn"] == f"arn:aws:kms:{PRIMARY}:{account.id}:{ALIAS}"
    assert listed["TargetKeyId"] == key.split("/")[-1]
    assert {a["AliasName"] for a in kms.list_aliases()["Aliases"]} >= {ALIAS, "alias/other"}


def test_a_taken_alias_is_refused(account, kms, key):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    with refused("AlreadyExistsException", 400):
        kms.create_alias(AliasName=ALIAS, TargetKeyId=account.make_key())
    assert metadata(kms, ALIAS)["Arn"] == key


@pytest.mark.parametrize("name", ["alias/with space", "alias/aws/mine"])
def test_an_alias_out_of_the_pattern_is_refused(kms, key, name):
    with pytest.raises(ClientError):
        kms.create_alias(AliasName=name, TargetKeyId=key)


def test_an_alias_can_be_pointed_elsewhere_even_off_a_pending_key(account, kms, key):
    other = account.make_key()
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key)
    kms.update_alias(AliasName=ALIAS, TargetKeyId=other)
    assert metadata(kms, ALIAS)["Arn"] == other
    assert metadata(kms, key)["KeyState"] == "PendingDeletion"


def test_an_alias_that_does_not_exist_cannot_be_moved_or_deleted(kms, key):
    with refused("NotFoundException", 400):
        kms.update_alias(AliasName=ALIAS, TargetKeyId=key)
    with refused("NotFoundException", 400):
        kms.delete_alias(AliasName=ALIAS)


def test_an_alias_needs_a_key_that_exists(account, kms):
    with refused("NotFoundException", 400):
        kms.create_alias(AliasName=ALIAS, TargetKeyId="00000000-0000-4000-8000-000000000000")


def test_a_deleted_alias_leaves_its_key(kms, key):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    kms.delete_alias(AliasName=ALIAS)
    assert metadata(kms, key)["KeyState"] == "Enabled"
    with refused("NotFoundException"):
        kms.describe_key(KeyId=ALIAS)
