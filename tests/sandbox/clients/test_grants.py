"""Grants of keys: made, listed in pages, revoked and retired."""

import json
import re

import pytest

from cloud import PRIMARY, pages, refused

PARTNER = "arn:aws:iam::999988887777:role/partner"
CONTEXT = {"EncryptionContextSubset": {"Aws:Backup": "Vault"}}


@pytest.fixture
def key(account):
    return account.make_key()


def grant(kms, key, **wishes):
    wishes = {"GranteePrincipal": PARTNER, "Operations": ["Decrypt", "CreateGrant"]} | wishes
    return kms.create_grant(KeyId=key, **wishes)


def grants(kms, key, **wishes):
    return kms.list_grants(KeyId=key, **wishes)["Grants"]


def test_a_grant_is_listed_as_it_was_made(account, kms, key):
    made = grant(kms, key.rsplit("/")[-1], RetiringPrincipal=PARTNER, Constraints=CONTEXT, Name="for-partner")
    assert re.fullmatch("[0-9a-f]{64}", made["GrantId"]) and made["GrantToken"]
    (found,) = grants(kms, key)
    assert found.pop("CreationDate")
    assert found == {
        "KeyId": key,
        "GrantId": made["GrantId"],
        "Name": "for-partner",
        "GranteePrincipal": PARTNER,
        "RetiringPrincipal": PARTNER,
        "IssuingAccount": f"arn:aws:iam::{account.id}:root",
        "Operations": ["Decrypt", "CreateGrant"],
        "Constraints": CONTEXT,
    }


def test_a_bare_grant_has_neither_name_nor_constraints(kms, key):
    grant(kms, key, GranteePrincipal="999988887777")
    (found,) = grants(kms, key)
    assert not found.keys() & {"Name", "Constraints", "RetiringPrincipal"}
    assert found["GranteePrincipal"] == "arn:aws:iam::999988887777:root"


def test_grants_are_listed_in_pages_and_by_grantee_and_id(kms, key):
    made = [grant(kms, key)["GrantId"] for _ in range(5)]
    other = grant(kms, key, GranteePrincipal=PARTNER + "-2")["GrantId"]
    found, count = pages(kms.get_paginator("list_grants"), "Grants", 2, KeyId=key)
    assert (sorted(g["GrantId"] for g in found), count) == (sorted([*made, other]), 3)
    assert [g["GrantId"] for g in grants(kms, key, GranteePrincipal=PARTNER + "-2")] == [other]
    assert [g["GrantId"] for g in grants(kms, key, GrantId=made[0])] == made[:1]
    with refused("InvalidMarkerException", 400):
        grants(kms, key, Marker="zz")
    with refused("ValidationException", 400):
        grants(kms, key, Limit=101)


def test_a_page_has_fifty_grants_when_nothing_is_said(kms, key):
    for _ in range(51):
        grant(kms, key)
    page = kms.list_grants(KeyId=key)
    assert (len(page["Grants"]), page["Truncated"]) == (50, True)
    assert len(grants(kms, key, Marker=page["NextMarker"])) == 1


def test_with_a_name_the_same_grant_is_made_once(kms, key):
    first, again = grant(kms, key, Name="n"), grant(kms, key, Name="n")
    assert first["GrantId"] == again["GrantId"] and first["GrantToken"] != again["GrantToken"]
    other = grant(kms, key, Name="n", Operations=["Encrypt"])
    assert other["GrantId"] != first["GrantId"]
    assert len(grants(kms, key)) == 2


def test_a_grant_is_revoked_and_retired(account, kms, key):
    made = [grant(kms, key) for _ in range(3)]
    kms.revoke_grant(KeyId=key, GrantId=made[0]["GrantId"])
    kms.retire_grant(GrantToken=made[1]["GrantToken"])
    kms.retire_grant(KeyId=key, GrantId=made[2]["GrantId"])
    assert grants(kms, key) == []
    told = [json.loads(e["CloudTrailEvent"]) for e in account.client("cloudtrail").lookup_events()["Events"]]
    told = [record for record in told if record["eventName"] in ("RevokeGrant", "RetireGrant")]
    assert [t["eventName"] for t in told] == ["RetireGrant", "RetireGrant", "RevokeGrant"]
    assert all(t["resources"][0]["ARN"] == key for t in told)
    assert told[2]["requestParameters"] == {"keyId": key, "grantId": made[0]["GrantId"]}
    assert told[1]["requestParameters"] is None, "a token is not told"


def test_a_grant_is_told_without_its_token(account, kms, key):
    made = grant(kms, key, Constraints=CONTEXT)
    (event, _) = account.client("cloudtrail").lookup_events()["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert record["responseElements"] == {"grantId": made["GrantId"]}
    assert record["requestParameters"] == {
        "keyId": key,
        "granteePrincipal": PARTNER,
        "operations": ["Decrypt", "CreateGrant"],
        "constraints": {"encryptionContextSubset": {"Aws:Backup": "Vault"}},
    }


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("ValidationException", {"Operations": ["Destroy"]}),
        ("ValidationException", {"Operations": []}),
        ("ValidationException", {"GranteePrincipal": None}),
        ("InvalidArnException", {"GranteePrincipal": "everybody"}),
        ("NotFoundException", {"KeyId": "00000000-0000-4000-8000-000000000000"}),
        ("DryRunOperationException", {"DryRun": True}),
    ],
)
def test_a_wrong_grant_is_refused(kms, key, code, wishes):
    given = {"KeyId": key, "GranteePrincipal": PARTNER, "Operations": ["Decrypt"]} | wishes
    with refused(code, 400):
        kms.create_grant(**{name: value for name, value in given.items() if value is not None})
    assert grants(kms, key) == []


def test_a_role_of_this_account_has_to_exist(account, kms, key):
    with refused("InvalidArnException", 400):
        grant(kms, key, GranteePrincipal=f"arn:aws:iam::{account.id}:role/aws_backup_role")
    grant(kms, key, GranteePrincipal=account.make_role())


def test_a_grant_that_is_not_there_is_not_found(kms, key):
    with refused("NotFoundException", 400):
        kms.revoke_grant(KeyId=key, GrantId="0" * 64)
    with refused("InvalidGrantIdException", 400):
        kms.revoke_grant(KeyId=key, GrantId="mine")
    with refused("InvalidGrantTokenException", 400):
        kms.retire_grant(GrantToken="mine")


def test_a_grant_goes_with_its_key_alone(account, kms, key):
    grant(kms, key)
    assert grants(kms, account.make_key()) == []
    with refused("NotFoundException", 400):
        grants(kms, key.replace(PRIMARY, "us-west-2"))
