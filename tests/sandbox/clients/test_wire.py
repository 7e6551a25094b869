"""The protocols underneath: errors that no client can provoke, in the form that each protocol gives them."""

import json

import pytest

from cloud import Account, refused
from wire import post, send, signed

JSON11 = {"content-type": "application/x-amz-json-1.1"}


def error_type(headers, text):
    """The code of a JSON error, which may be in a header or in the body, with or without a namespace."""
    found = headers.get("x-amzn-errortype") or json.loads(text).get("__type") or json.loads(text)["code"]
    return found.split(":")[0].split("#")[-1]


def test_a_request_without_a_signature_is_turned_away():
    status, headers, text = send("GET", "/backup-vaults/")
    assert status == 403
    assert "MissingAuthenticationToken" in (headers.get("x-amzn-errortype") or "") + text


@pytest.mark.parametrize(
    "authorization", ["Basic eA==", "AWS4-HMAC-SHA256 Credential=nonsense", "AWS4-HMAC-SHA256"]
)
def test_a_garbled_signature_is_turned_away(authorization):
    status, headers, text = send(
        "POST", "/", b"{}", JSON11 | {"x-amz-target": "TrentService.ListKeys", "authorization": authorization}
    )
    assert status in (400, 403), text
    assert text.strip()


def test_an_unknown_backup_operation_is_a_clear_error(account):
    status, headers, text = signed(account, "backup", "GET", "/no-such-thing/")
    assert 400 <= status < 500
    assert error_type(headers, text)


def test_an_unknown_kms_operation_is_a_clear_error(account):
    status, headers, text = signed(
        account, "kms", "POST", "/", b"{}", JSON11 | {"x-amz-target": "TrentService.MakeTea"}
    )
    assert 400 <= status < 500
    assert error_type(headers, text)
    assert "MakeTea" in text


@pytest.mark.parametrize("service", ["iam", "sts", "sns"])
def test_an_unknown_query_operation_is_an_error_in_xml(account, service):
    status, headers, text = post(account, service, {"Action": "MakeTea", "Version": "2010-05-08"})
    assert 400 <= status < 500
    assert "xml" in headers.get_content_type()
    assert "<Error>" in text and "MakeTea" in text


def test_a_body_that_is_no_json_is_an_error_and_not_the_end(account):
    status, _, _ = signed(
        account, "kms", "POST", "/", b"{", JSON11 | {"x-amz-target": "TrentService.ListKeys"}
    )
    assert 400 <= status < 500
    status, _, _ = signed(
        account, "backup", "PUT", "/backup-vaults/some_vault", b"[", {"content-type": "application/json"}
    )
    assert 400 <= status < 500
    assert account.backup().list_backup_vaults()["BackupVaultList"] == []


def test_every_answer_has_a_request_id(account):
    seen = {
        account.backup().list_backup_vaults()["ResponseMetadata"]["RequestId"],
        account.kms().list_keys()["ResponseMetadata"]["RequestId"],
        account.iam().list_roles()["ResponseMetadata"]["RequestId"],
        account.sts().get_caller_identity()["ResponseMetadata"]["RequestId"],
    }
    assert len(seen) == 4


def test_a_missing_member_is_refused(account):
    status, headers, text = signed(
        account, "backup", "PUT", "/backup/plans/", b"{}", {"content-type": "application/json"}
    )
    assert 400 <= status < 500
    assert error_type(headers, text) in (
        "MissingParameterValueException",
        "InvalidParameterValueException",
        "InvalidRequestException",
    )


def test_an_access_key_that_is_no_account_id_is_the_default_account():
    ordinary = Account("AKIAEXAMPLEUSER00001")
    assert ordinary.sts().get_caller_identity()["Account"] == "123456789012"


def test_a_name_with_reserved_characters_travels_whole(account, kms):
    arn = account.make_vault("vault-with_both-kinds_of")["BackupVaultArn"]
    account.backup().tag_resource(ResourceArn=arn, Tags={"owner:team/backup": "a=b&c d+e äöü"})
    assert account.backup().list_tags(ResourceArn=arn)["Tags"] == {"owner:team/backup": "a=b&c d+e äöü"}
    account.backup().untag_resource(ResourceArn=arn, TagKeyList=["owner:team/backup"])
    assert account.backup().list_tags(ResourceArn=arn)["Tags"] == {}
    with refused("NotFoundException"):
        kms.describe_key(KeyId="alias/a/b_c-d")
