"""Keys beyond the ordinary one: imported, in key stores, in several regions, for signing; their states."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from cloud import DR, PRIMARY, advance, options, plant, refused

OK = None
STATE, DISABLED, UNSUPPORTED = (
    "KMSInvalidStateException",
    "DisabledException",
    "UnsupportedOperationException",
)


def metadata(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def state(kms, key):
    return metadata(kms, key)["KeyState"]


def import_material(kms, key, **wishes):
    wishes = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"} | wishes
    return kms.import_key_material(
        KeyId=key, ImportToken=b"token", EncryptedKeyMaterial=b"material", **wishes
    )


def make_primary(account, kms):
    return kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]


def replicate(kms, key, region=DR, **wishes):
    return kms.replicate_key(KeyId=key, ReplicaRegion=region, **wishes)


# What each state answers, row by row of the table in the guide.
OPERATIONS = {
    "CancelKeyDeletion": lambda kms, key: kms.cancel_key_deletion(KeyId=key),
    "CreateAlias": lambda kms, key: kms.create_alias(AliasName="alias/fresh", TargetKeyId=key),
    "CreateGrant": lambda kms, key: kms.create_grant(
        KeyId=key, GranteePrincipal="123456789012", Operations=["Decrypt"]
    ),
    "DescribeKey": lambda kms, key: kms.describe_key(KeyId=key),
    "DisableKey": lambda kms, key: kms.disable_key(KeyId=key),
    "EnableKey": lambda kms, key: kms.enable_key(KeyId=key),
    "EnableKeyRotation": lambda kms, key: kms.enable_key_rotation(KeyId=key),
    "GetKeyPolicy": lambda kms, key: kms.get_key_policy(KeyId=key),
    "GetKeyRotationStatus": lambda kms, key: kms.get_key_rotation_status(KeyId=key),
    "ImportKeyMaterial": import_material,
    "DeleteImportedKeyMaterial": lambda kms, key: kms.delete_imported_key_material(KeyId=key),
    "ListGrants": lambda kms, key: kms.list_grants(KeyId=key),
    "ListResourceTags": lambda kms, key: kms.list_resource_tags(KeyId=key),
    "PutKeyPolicy": lambda kms, key: kms.put_key_policy(
        KeyId=key, Policy=kms.get_key_policy(KeyId=key)["Policy"]
    ),
    "ReplicateKey": lambda kms, key: replicate(kms, key, "eu-west-1"),
    "ScheduleKeyDeletion": lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    "TagResource": lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
    "UntagResource": lambda kms, key: kms.untag_resource(KeyId=key, TagKeys=["a"]),
    "UpdateAlias": lambda kms, key: kms.update_alias(AliasName="alias/elsewhere", TargetKeyId=key),
    "UpdateKeyDescription": lambda kms, key: kms.update_key_description(KeyId=key, Description="d"),
}
# Of a key that KMS made itself:    Disabled  PendingDeletion  PendingReplicaDeletion  Creating  Updating
TABLE = {
    "CancelKeyDeletion": (STATE, OK, OK, STATE, STATE),
    "CreateAlias": (OK, STATE, STATE, OK, OK),
    "CreateGrant": (DISABLED, STATE, STATE, STATE, OK),
    "DescribeKey": (OK, OK, OK, OK, OK),
    "DisableKey": (OK, STATE, STATE, STATE, STATE),
    "EnableKey": (OK, STATE, STATE, STATE, STATE),
    "EnableKeyRotation": (DISABLED, STATE, STATE, STATE, OK),
    "GetKeyPolicy": (OK, OK, OK, OK, OK),
    "GetKeyRotationStatus": (OK, OK, OK, OK, OK),
    "ImportKeyMaterial": (UNSUPPORTED,) * 5,
    "DeleteImportedKeyMaterial": (UNSUPPORTED,) * 5,
    "ListGrants": (OK, OK, OK, OK, OK),
    "ListResourceTags": (OK, OK, OK, OK, OK),
    "PutKeyPolicy": (OK, OK, OK, OK, OK),
    "ReplicateKey": (DISABLED, STATE, STATE, STATE, STATE),
    "ScheduleKeyDeletion": (OK, STATE, STATE, OK, STATE),
    "TagResource": (OK, STATE, STATE, OK, OK),
    "UntagResource": (OK, STATE, STATE, OK, OK),
    "UpdateAlias": (OK, STATE, STATE, OK, OK),
    "UpdateKeyDescription": (OK, STATE, STATE, OK, OK),
}
STATES = ["Disabled", "PendingDeletion", "PendingReplicaDeletion", "Creating", "Updating"]
# Of imported material:                         Enabled  Disabled  PendingDeletion  PendingImport
IMPORTED = {
    "CreateGrant": (OK, DISABLED, STATE, STATE),
    "DisableKey": (OK, OK, STATE, STATE),
    "EnableKey": (OK, OK, STATE, STATE),
    "EnableKeyRotation": (UNSUPPORTED,) * 4,
    "GetKeyRotationStatus": (UNSUPPORTED,) * 4,
    "ImportKeyMaterial": (OK, OK, STATE, OK),
    "DeleteImportedKeyMaterial": (OK, OK, OK, OK),
    "ScheduleKeyDeletion": (OK, OK, STATE, OK),
    "TagResource": (OK, OK, STATE, OK),
    "UpdateKeyDescription": (OK, OK, STATE, OK),
}
# In a key store that is not connected.
UNAVAILABLE = {
    "CancelKeyDeletion": STATE,
    "CreateAlias": OK,
    "CreateGrant": OK,
    "DisableKey": OK,
    "EnableKey": OK,
    "EnableKeyRotation": UNSUPPORTED,
    "GetKeyRotationStatus": UNSUPPORTED,
    "ImportKeyMaterial": UNSUPPORTED,
    "ScheduleKeyDeletion": OK,
    "TagResource": OK,
}


def bring_about(account, kms, key, wanted):
    if wanted == "Disabled":
        kms.disable_key(KeyId=key)
    elif wanted == "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key)
    elif wanted == "PendingReplicaDeletion":
        replicate(kms, key)
        kms.schedule_key_deletion(KeyId=key)
    elif wanted != "Enabled":
        plant(account, key=key, set={"KeyState": wanted})
    assert state(kms, key) == wanted


def ask(account, kms, key, operation, expected):
    kms.create_alias(AliasName="alias/elsewhere", TargetKeyId=account.make_key())
    if expected is OK:
        OPERATIONS[operation](kms, key)
    else:
        with refused(expected, 400, key):
            OPERATIONS[operation](kms, key)


@pytest.mark.parametrize("wanted", STATES)
@pytest.mark.parametrize("operation", TABLE)
def test_each_state_answers_what_the_table_says(account, kms, operation, wanted):
    key = make_primary(account, kms)
    bring_about(account, kms, key, wanted)
    ask(account, kms, key, operation, TABLE[operation][STATES.index(wanted)])


@pytest.mark.parametrize("wanted", ["Enabled", "Disabled", "PendingDeletion", "PendingImport"])
@pytest.mark.parametrize("operation", IMPORTED)
def test_imported_material_answers_what_the_table_says(account, kms, operation, wanted):
    key = account.make_key(Origin="EXTERNAL")
    if wanted != "PendingImport":
        import_material(kms, key)
        bring_about(account, kms, key, wanted)
    at = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"].index(wanted)
    ask(account, kms, key, operation, IMPORTED[operation][at])


@pytest.mark.parametrize("operation", UNAVAILABLE)
def test_an_unavailable_key_answers_what_the_table_says(account, kms, operation):
    key = account.make_key(Origin="AWS_CLOUDHSM", CustomKeyStoreId="cks-1234567890abcdef0")
    plant(account, key=key, set={"KeyState": "Unavailable"})
    assert state(kms, key) == "Unavailable"
    ask(account, kms, key, operation, UNAVAILABLE[operation])


def test_material_is_imported_and_expires_by_itself(account, kms):
    key = account.make_key(Origin="EXTERNAL")
    found = metadata(kms, key)
    assert (found["Origin"], found["KeyState"], found["Enabled"]) == ("EXTERNAL", "PendingImport", False)
    assert not {"ExpirationModel", "ValidTo"} & found.keys()
    date = found["CreationDate"].replace(microsecond=0) + timedelta(days=30)
    import_material(kms, key, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=date)
    found = metadata(kms, key)
    assert (found["KeyState"], found["ExpirationModel"], found["ValidTo"]) == (
        "Enabled",
        "KEY_MATERIAL_EXPIRES",
        date,
    )
    advance(days=31)
    assert state(kms, key) == "PendingImport"
    told = account.client("cloudtrail").lookup_events()["Events"][0]
    record = json.loads(told["CloudTrailEvent"])
    assert (record["eventName"], record["eventType"]) == ("DeleteExpiredKeyMaterial", "AwsServiceEvent")
    assert record["resources"][0]["ARN"] == key
    import_material(kms, key)
    assert metadata(kms, key)["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    kms.delete_imported_key_material(KeyId=key)
    assert state(kms, key) == "PendingImport"


@pytest.mark.parametrize("days", [-1, 366])
def test_material_expires_within_a_year(account, kms, days):
    key = account.make_key(Origin="EXTERNAL")
    date = metadata(kms, key)["CreationDate"] + timedelta(days=days)
    with refused("ValidationException", 400):
        import_material(kms, key, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=date)


def test_rotation_of_imported_material_can_be_told_as_off(account, kms):
    key = account.make_key(Origin="EXTERNAL")
    with options(rotation_told_of_foreign_material=True):
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


@pytest.mark.parametrize(
    "wishes",
    [
        {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1"},
        {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": "cks-2", "XksKeyId": "bb8562717f809024"},
    ],
)
def test_a_key_in_a_key_store_names_it(account, kms, wishes):
    found = metadata(kms, account.make_key(**wishes))
    assert (found["Origin"], found["CustomKeyStoreId"]) == (wishes["Origin"], wishes["CustomKeyStoreId"])
    assert "ExpirationModel" not in found


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("ValidationException", {"Origin": "AWS_CLOUDHSM"}),
        ("ValidationException", {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": "cks-1"}),
        ("ValidationException", {"CustomKeyStoreId": "cks-1"}),
        ("ValidationException", {"Origin": "MAINFRAME"}),
        (UNSUPPORTED, {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1", "MultiRegion": True}),
        ("ValidationException", {"KeySpec": "RSA_2048"}),
        ("ValidationException", {"KeySpec": "HMAC_256", "KeyUsage": "ENCRYPT_DECRYPT"}),
        ("ValidationException", {"KeySpec": "DES", "KeyUsage": "ENCRYPT_DECRYPT"}),
    ],
)
def test_a_key_that_kms_does_not_make_is_refused(kms, code, wishes):
    with refused(code, 400):
        kms.create_key(**wishes)
    assert kms.list_keys()["Keys"] == []


@pytest.mark.parametrize(
    ("spec", "usage", "member", "one"),
    [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "SYMMETRIC_DEFAULT"),
        ("RSA_4096", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "RSAES_OAEP_SHA_256"),
        ("RSA_2048", "SIGN_VERIFY", "SigningAlgorithms", "RSASSA_PSS_SHA_256"),
        ("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_384"),
        ("ECC_NIST_P256", "KEY_AGREEMENT", "KeyAgreementAlgorithms", "ECDH"),
        ("HMAC_512", "GENERATE_VERIFY_MAC", "MacAlgorithms", "HMAC_SHA_512"),
    ],
)
def test_a_key_says_what_it_is_for(account, kms, spec, usage, member, one):
    found = metadata(kms, account.make_key(KeySpec=spec, KeyUsage=usage))
    assert (found["KeySpec"], found["KeyUsage"]) == (spec, usage)
    kinds = {"EncryptionAlgorithms", "SigningAlgorithms", "KeyAgreementAlgorithms", "MacAlgorithms"}
    assert kinds & found.keys() == {member} and one in found[member]


def test_a_replica_is_the_same_key_in_another_region(account, kms):
    primary = make_primary(account, kms)
    kms.enable_key_rotation(KeyId=primary, RotationPeriodInDays=90)
    tags = [{"TagKey": "a", "TagValue": "1"}]
    made = replicate(kms, primary, Description="in the west", Tags=tags)
    found, replica = made["ReplicaKeyMetadata"], primary.replace(PRIMARY, DR)
    assert (found["Arn"], found["KeyId"]) == (replica, primary.rsplit("/")[-1])
    assert found["KeyId"].startswith("mrk-")
    assert (found["KeyState"], found["Enabled"], made["ReplicaTags"]) == ("Creating", False, tags)
    assert json.loads(made["ReplicaPolicy"])["Id"] == "key-default-1"
    regions = {
        "PrimaryKey": {"Arn": primary, "Region": PRIMARY},
        "ReplicaKeys": [{"Arn": replica, "Region": DR}],
    }
    assert found["MultiRegionConfiguration"] == regions | {"MultiRegionKeyType": "REPLICA"}
    there = account.kms(DR)
    advance(seconds=10)
    assert state(there, replica) == "Enabled"
    assert metadata(kms, primary)["MultiRegionConfiguration"] == regions | {"MultiRegionKeyType": "PRIMARY"}
    # Rotation is the primary key's, and each of the rest its own.
    status = there.get_key_rotation_status(KeyId=replica)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)
    for operation in (there.enable_key_rotation, there.disable_key_rotation):
        with refused(UNSUPPORTED, 400):
            operation(KeyId=replica)
    there.disable_key(KeyId=replica)
    assert (state(kms, primary), state(there, replica)) == ("Enabled", "Disabled")
    assert kms.list_resource_tags(KeyId=primary)["Tags"] == []


def test_a_replica_is_told_where_it_is_asked_for_and_where_it_is_made(account, kms):
    primary = make_primary(account, kms)
    replicate(kms, primary)
    here, there = (account.client("cloudtrail", region).lookup_events()["Events"] for region in (PRIMARY, DR))
    assert [e["EventName"] for e in here] == ["ReplicateKey", "CreateKey"]
    assert [e["EventName"] for e in there] == ["CreateKey"]
    record = json.loads(here[0]["CloudTrailEvent"])
    assert record["requestParameters"] == {"keyId": primary, "replicaRegion": DR}
    assert record["resources"][0]["ARN"] == primary
    assert json.loads(there[0]["CloudTrailEvent"])["resources"][0]["ARN"] == primary.replace(PRIMARY, DR)


def test_what_cannot_be_replicated_is_refused(account, kms):
    primary = make_primary(account, kms)
    with refused(UNSUPPORTED, 400):
        replicate(kms, account.make_key())
    with refused("ValidationException", 400):
        replicate(kms, primary, PRIMARY)
    with refused("ValidationException", 400):
        replicate(kms, primary, "cn-north-1")
    replicate(kms, primary)
    with refused("AlreadyExistsException", 400):
        replicate(kms, primary)
    advance(seconds=10)
    with refused(UNSUPPORTED, 400):
        replicate(account.kms(DR), primary.replace(PRIMARY, DR), "eu-west-1")


def test_a_primary_key_waits_for_its_last_replica(account, kms):
    primary = make_primary(account, kms)
    replicate(kms, primary)
    answer = kms.schedule_key_deletion(KeyId=primary, PendingWindowInDays=7)
    assert answer["KeyState"] == "PendingReplicaDeletion" and "DeletionDate" not in answer
    advance(days=60)
    found = metadata(kms, primary)
    assert (found["KeyState"], found["PendingDeletionWindowInDays"]) == ("PendingReplicaDeletion", 7)
    assert "DeletionDate" not in found
    account.kms(DR).schedule_key_deletion(KeyId=primary.replace(PRIMARY, DR), PendingWindowInDays=7)
    advance(days=8)
    found = metadata(kms, primary)
    assert found["KeyState"] == "PendingDeletion" and found["DeletionDate"]
    assert found["MultiRegionConfiguration"]["ReplicaKeys"] == []
    advance(days=7)
    with refused("NotFoundException", 400):
        metadata(kms, primary)


def test_a_primary_key_can_be_rescued_while_it_has_replicas(account, kms):
    primary = make_primary(account, kms)
    replicate(kms, primary)
    kms.schedule_key_deletion(KeyId=primary)
    kms.cancel_key_deletion(KeyId=primary)
    assert state(kms, primary) == "Disabled"
    kms.enable_key(KeyId=primary)
    assert state(kms, primary) == "Enabled"


def test_a_replica_of_imported_material_has_none_yet(account, kms):
    primary = kms.create_key(MultiRegion=True, Origin="EXTERNAL")["KeyMetadata"]["Arn"]
    with refused(STATE, 400, "is pending import"):
        replicate(kms, primary)
    import_material(kms, primary)
    replicate(kms, primary)
    advance(seconds=10)
    assert state(account.kms(DR), primary.replace(PRIMARY, DR)) == "PendingImport"


def test_a_key_of_aws_always_rotates(account, kms):
    account.make_vault("vault_prod_daily")
    (vault,) = account.backup().list_backup_vaults()["BackupVaultList"]
    status = kms.get_key_rotation_status(KeyId=vault["EncryptionKeyArn"])
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 365)


def test_an_age_and_an_origin_can_be_planted(account, kms):
    key = account.make_key()
    kms.create_alias(AliasName="alias/old", TargetKeyId=key)
    made, ends = datetime(2019, 5, 1, tzinfo=timezone.utc), datetime(2099, 1, 1, tzinfo=timezone.utc)
    plant(account, key="alias/old", set={"CreationDate": made.isoformat(), "ValidTo": ends.isoformat()})
    found = metadata(kms, key)
    assert (found["CreationDate"], found["Origin"], found["ValidTo"]) == (made, "EXTERNAL", ends)
    assert found["KeyState"] == "Enabled"
    plant(account, key=key, set={"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": "cks-9"})
    found = metadata(kms, key)
    assert (found["Origin"], found["CustomKeyStoreId"]) == ("EXTERNAL_KEY_STORE", "cks-9")
    assert [e["EventName"] for e in account.client("cloudtrail").lookup_events()["Events"]] == [
        "CreateAlias",
        "CreateKey",
    ]


def test_a_key_that_is_shared_has_a_second_policy_that_nobody_puts(account, kms):
    key = account.make_key()
    with refused("NotFoundException", 400):
        kms.get_key_policy(KeyId=key, PolicyName="AWS_RAM")
    assert kms.list_key_policies(KeyId=key)["PolicyNames"] == ["default"]
    shared = json.dumps({"Version": "2012-10-17", "Statement": []})
    plant(account, key=key, set={"AWS_RAM": shared})
    answer = kms.get_key_policy(KeyId=key, PolicyName="AWS_RAM")
    assert (answer["Policy"], answer["PolicyName"]) == (shared, "AWS_RAM")
    assert sorted(kms.list_key_policies(KeyId=key)["PolicyNames"]) == ["AWS_RAM", "default"]
    with refused(UNSUPPORTED, 400):
        kms.put_key_policy(KeyId=key, PolicyName="AWS_RAM", Policy=shared)
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Id"] == "key-default-1"
