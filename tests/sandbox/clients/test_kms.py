"""KMS keys: which state allows what, aliases, rotation, and what deletion leaves."""

import json

import pytest
from botocore.exceptions import ClientError

from cloud import PRIMARY, UUID, advance, refused

ALIAS = "alias/aws_backup_key"
OK = None
STATE = "KMSInvalidStateException"


@pytest.fixture
def key(account):
    return account.make_key(
        Description="AWS backups kms key used to encrypt backups",
        Tags=[{"TagKey": "terraform", "TagValue": "true"}],
    )


def metadata(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def tags(kms, key):
    return {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=key)["Tags"]}


def key_policy(principal, action="kms:*"):
    statement = {
        "Sid": "the account",
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": "ours", "Statement": [statement]})


def test_a_new_key_is_enabled_symmetric_and_does_not_rotate(account, kms, key):
    found = metadata(kms, key)
    assert found["Arn"] == key == f"arn:aws:kms:{PRIMARY}:{account.id}:key/{found['KeyId']}"
    assert UUID.fullmatch(found["KeyId"])
    assert found["AWSAccountId"] == account.id
    assert (found["Enabled"], found["KeyState"]) == (True, "Enabled")
    assert (found["KeyUsage"], found["KeySpec"], found["KeyManager"]) == (
        "ENCRYPT_DECRYPT",
        "SYMMETRIC_DEFAULT",
        "CUSTOMER",
    )
    assert found["Description"] == "AWS backups kms key used to encrypt backups"
    assert found["MultiRegion"] is False
    assert "DeletionDate" not in found
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    assert tags(kms, key) == {"terraform": "true"}


def test_the_default_policy_trusts_the_account(account, kms, key):
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    statement = policy["Statement"][0] if isinstance(policy["Statement"], list) else policy["Statement"]
    assert policy["Id"] == "key-default-1"
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{account.id}:root"}
    assert (statement["Action"], statement["Resource"]) == ("kms:*", "*")


def test_a_policy_that_was_put_comes_back(account, kms, key):
    wanted = key_policy({"AWS": f"arn:aws:iam::{account.id}:root"})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=wanted)
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Id"] == "ours"


def test_a_policy_that_is_no_policy_is_refused(kms, key):
    with refused("MalformedPolicyDocumentException", 400):
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy="allow everybody")


def test_a_principal_that_does_not_exist_is_refused(account, kms, key):
    with refused("MalformedPolicyDocumentException", 400):
        kms.put_key_policy(
            KeyId=key,
            PolicyName="default",
            Policy=key_policy({"AWS": f"arn:aws:iam::{account.id}:role/nobody"}),
        )


def test_a_policy_of_more_than_32_kilobytes_is_refused(account, kms, key):
    with refused("LimitExceededException", 400):
        policy = key_policy({"AWS": f"arn:aws:iam::{account.id}:root"}, ["kms:PutKeyPolicy"] * 2000)
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


# Without this check a policy could lock out everybody, and only AWS Support could help.
def test_a_policy_that_locks_out_its_writer_needs_a_bypass(kms, key):
    policy = key_policy({"Service": "backup.amazonaws.com"})
    with refused("MalformedPolicyDocumentException", 400):
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy, BypassPolicyLockoutSafetyCheck=True)


# The key state table of the KMS guide, row by row: what a disabled key and a key pending deletion answer.
TABLE = {
    "DescribeKey": (lambda kms, key: kms.describe_key(KeyId=key), OK, OK),
    "GetKeyPolicy": (lambda kms, key: kms.get_key_policy(KeyId=key, PolicyName="default"), OK, OK),
    "PutKeyPolicy": (
        lambda kms, key: kms.put_key_policy(
            KeyId=key, PolicyName="default", Policy=kms.get_key_policy(KeyId=key)["Policy"]
        ),
        OK,
        OK,
    ),
    "ListAliases": (lambda kms, key: kms.list_aliases(KeyId=key), OK, OK),
    "ListResourceTags": (lambda kms, key: kms.list_resource_tags(KeyId=key), OK, OK),
    "EnableKey": (lambda kms, key: kms.enable_key(KeyId=key), OK, STATE),
    "DisableKey": (lambda kms, key: kms.disable_key(KeyId=key), OK, STATE),
    "EnableKeyRotation": (lambda kms, key: kms.enable_key_rotation(KeyId=key), "DisabledException", STATE),
    "DisableKeyRotation": (lambda kms, key: kms.disable_key_rotation(KeyId=key), "DisabledException", STATE),
    "GetKeyRotationStatus": (lambda kms, key: kms.get_key_rotation_status(KeyId=key), OK, OK),
    "CancelKeyDeletion": (lambda kms, key: kms.cancel_key_deletion(KeyId=key), STATE, OK),
    "TagResource": (
        lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
        OK,
        STATE,
    ),
    "UntagResource": (lambda kms, key: kms.untag_resource(KeyId=key, TagKeys=["terraform"]), OK, STATE),
    "CreateAlias": (lambda kms, key: kms.create_alias(AliasName="alias/fresh", TargetKeyId=key), OK, STATE),
    "UpdateAlias": (
        lambda kms, key: kms.update_alias(AliasName="alias/elsewhere", TargetKeyId=key),
        OK,
        STATE,
    ),
}


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
@pytest.mark.parametrize("operation", TABLE)
def test_each_key_state_allows_what_the_table_says(account, kms, key, operation, state):
    kms.create_alias(AliasName="alias/elsewhere", TargetKeyId=account.make_key())
    if state == "Disabled":
        kms.disable_key(KeyId=key)
    else:
        kms.schedule_key_deletion(KeyId=key)
    call, disabled, pending = TABLE[operation]
    wanted = disabled if state == "Disabled" else pending
    if wanted is OK:
        call(kms, key)
    else:
        with refused(wanted, 400):
            call(kms, key)


def test_a_disabled_key_says_so_and_can_be_enabled(kms, key):
    kms.disable_key(KeyId=key)
    assert (metadata(kms, key)["Enabled"], metadata(kms, key)["KeyState"]) == (False, "Disabled")
    kms.enable_key(KeyId=key)
    assert (metadata(kms, key)["Enabled"], metadata(kms, key)["KeyState"]) == (True, "Enabled")


def test_deletion_takes_thirty_days_when_nothing_is_said(kms, key):
    answer = kms.schedule_key_deletion(KeyId=key)
    assert (answer["KeyId"], answer["KeyState"], answer["PendingWindowInDays"]) == (
        key,
        "PendingDeletion",
        30,
    )
    found = metadata(kms, key)
    assert (found["Enabled"], found["KeyState"]) == (False, "PendingDeletion")
    assert 29 < (found["DeletionDate"] - found["CreationDate"]).total_seconds() / 86400 < 31


@pytest.mark.parametrize("days", [6, 31])
def test_a_waiting_time_out_of_bounds_is_refused(kms, key, days):
    with pytest.raises(ClientError):
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=days)
    assert metadata(kms, key)["KeyState"] == "Enabled"


def test_a_rescued_key_is_disabled(kms, key):
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert kms.cancel_key_deletion(KeyId=key)["KeyId"] == key
    found = metadata(kms, key)
    assert (found["Enabled"], found["KeyState"]) == (False, "Disabled")
    assert "DeletionDate" not in found


def test_cancelling_what_is_not_pending_says_so(kms, key):
    kms.disable_key(KeyId=key)
    with refused(STATE, 400, "is not pending deletion"):
        kms.cancel_key_deletion(KeyId=key)


def test_a_pending_key_reads_as_not_rotating_and_remembers_its_period(kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    kms.schedule_key_deletion(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.cancel_key_deletion(KeyId=key)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)


def test_a_key_is_gone_after_its_waiting_time_and_its_aliases_with_it(kms, key):
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    advance(days=7, seconds=-60)
    assert metadata(kms, ALIAS)["KeyState"] == "PendingDeletion"
    advance(seconds=60)
    with refused("NotFoundException", 400, f"Key '{key}' does not exist"):
        kms.describe_key(KeyId=key)
    with refused("NotFoundException"):
        kms.describe_key(KeyId=ALIAS)
    with refused("NotFoundException"):
        kms.cancel_key_deletion(KeyId=key)
    assert ALIAS not in {a["AliasName"] for a in kms.list_aliases()["Aliases"]}
    assert key not in {k["KeyArn"] for k in kms.list_keys()["Keys"]}


def test_rotation_is_on_for_a_year_unless_said_otherwise(kms, key):
    kms.enable_key_rotation(KeyId=key)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 365)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 90
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


@pytest.mark.parametrize("days", [89, 2561])
def test_a_rotation_period_out_of_bounds_is_refused(kms, key, days):
    with pytest.raises(ClientError):
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=days)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


def test_an_asymmetric_key_does_not_rotate(account, kms):
    pair = account.make_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    with refused("UnsupportedOperationException", 400):
        kms.enable_key_rotation(KeyId=pair)


@pytest.mark.parametrize("operation", ["describe_key", "get_key_policy", "enable_key", "list_resource_tags"])
def test_a_key_that_does_not_exist_is_not_found(account, kms, operation):
    arn = f"arn:aws:kms:{PRIMARY}:{account.id}:key/00000000-0000-4000-8000-000000000000"
    with refused("NotFoundException", 400, f"Key '{arn}' does not exist"):
        getattr(kms, operation)(KeyId=arn)


def test_a_description_can_be_changed(kms, key):
    kms.update_key_description(KeyId=key, Description="another")
    assert metadata(kms, key)["Description"] == "another"


def test_tags_are_added_and_removed_one_by_one(kms, key):
    kms.tag_resource(
        KeyId=key, Tags=[{"TagKey": "terraform", "TagValue": "no"}, {"TagKey": "b", "TagValue": "2"}]
    )
    assert tags(kms, key) == {"terraform": "no", "b": "2"}
    kms.untag_resource(KeyId=key, TagKeys=["terraform"])
    assert tags(kms, key) == {"b": "2"}
