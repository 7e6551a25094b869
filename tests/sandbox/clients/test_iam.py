"""IAM roles: error codes as they are on the wire, encoded documents, names without case."""

import json
import re
import urllib.parse

import pytest

from cloud import BACKUP_TRUST, DR, FOR_BACKUP, FOR_RESTORES, refused
from wire import post

ROLE = "aws_backup_role"
BOUNDARY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": ["backup:*"], "Resource": "*"}]}


def attached(iam):
    return {p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]}


def test_a_role_comes_back_as_it_was_made(account, iam):
    iam.create_role(
        RoleName=ROLE,
        Path="/backup/",
        AssumeRolePolicyDocument=json.dumps(BACKUP_TRUST),
        Description="for AWS Backup",
        MaxSessionDuration=7200,
        PermissionsBoundary=BOUNDARY,
        Tags=[{"Key": "terraform", "Value": "true"}],
    )
    role = iam.get_role(RoleName=ROLE)["Role"]
    assert role["Arn"] == f"arn:aws:iam::{account.id}:role/backup/{ROLE}"
    assert (role["Path"], role["RoleName"]) == ("/backup/", ROLE)
    assert role["RoleId"].startswith("AROA")
    assert role["AssumeRolePolicyDocument"] == BACKUP_TRUST
    assert (role["Description"], role["MaxSessionDuration"]) == ("for AWS Backup", 7200)
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    assert role["Tags"] == [{"Key": "terraform", "Value": "true"}]


def test_a_session_lasts_an_hour_when_nothing_is_said(account, iam):
    account.make_role()
    assert iam.get_role(RoleName=ROLE)["Role"]["MaxSessionDuration"] == 3600


def test_the_list_leaves_out_boundary_and_tags(account, iam):
    trust = json.dumps(BACKUP_TRUST)
    iam.create_role(
        RoleName=ROLE,
        AssumeRolePolicyDocument=trust,
        PermissionsBoundary=BOUNDARY,
        Tags=[{"Key": "a", "Value": "b"}],
    )
    (listed,) = [r for r in iam.list_roles()["Roles"] if r["RoleName"] == ROLE]
    assert not listed.keys() & {"PermissionsBoundary", "Tags"}


def test_documents_are_percent_encoded_on_the_wire(account, iam):
    trust = BACKUP_TRUST | {"Id": "a+b c/d"}
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=ROLE, PolicyName="quiet", PolicyDocument=json.dumps(DENY))

    status, headers, text = post(
        account, "iam", {"Action": "GetRole", "Version": "2010-05-08", "RoleName": ROLE}
    )
    assert (status, headers.get_content_type()) == (200, "text/xml")
    raw = re.search(r"<AssumeRolePolicyDocument>(.*?)</AssumeRolePolicyDocument>", text, re.DOTALL).group(1)
    assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+", raw), raw
    assert raw.startswith("%7B%22") and "a%2Bb%20c%2Fd" in raw
    assert json.loads(urllib.parse.unquote(raw)) == trust

    inline = {"Action": "GetRolePolicy", "Version": "2010-05-08", "RoleName": ROLE, "PolicyName": "quiet"}
    raw = re.search(
        r"<PolicyDocument>(.*?)</PolicyDocument>", post(account, "iam", inline)[2], re.DOTALL
    ).group(1)
    assert raw.startswith("%7B%22") and json.loads(urllib.parse.unquote(raw)) == DENY


def test_names_are_compared_without_case(account, iam):
    account.make_role()
    assert iam.get_role(RoleName=ROLE.upper())["Role"]["RoleName"] == ROLE
    with refused("EntityAlreadyExists", 409):
        account.make_role(ROLE.title())
    iam.detach_role_policy(RoleName=ROLE.upper(), PolicyArn=FOR_RESTORES)
    assert attached(iam) == {FOR_BACKUP}


MISSING = {
    "get_role": {},
    "delete_role": {},
    "list_attached_role_policies": {},
    "list_role_policies": {},
    "list_role_tags": {},
    "get_role_policy": {"PolicyName": "quiet"},
    "put_role_policy": {"PolicyName": "quiet", "PolicyDocument": json.dumps(DENY)},
    "attach_role_policy": {"PolicyArn": FOR_BACKUP},
    "detach_role_policy": {"PolicyArn": FOR_BACKUP},
    "update_assume_role_policy": {"PolicyDocument": json.dumps(BACKUP_TRUST)},
    "put_role_permissions_boundary": {"PermissionsBoundary": BOUNDARY},
    "tag_role": {"Tags": [{"Key": "a", "Value": "b"}]},
}


@pytest.mark.parametrize("operation", MISSING)
def test_a_missing_role_is_no_such_entity(iam, operation):
    with refused("NoSuchEntity", 404):
        getattr(iam, operation)(RoleName="nobody", **MISSING[operation])


def test_attaching_twice_is_no_error_and_detaching_twice_is(account, iam):
    account.make_role()
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=FOR_BACKUP)
    assert attached(iam) == {FOR_BACKUP, FOR_RESTORES}
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=FOR_BACKUP)
    assert attached(iam) == {FOR_RESTORES}
    with refused("NoSuchEntity", 404):
        iam.detach_role_policy(RoleName=ROLE, PolicyArn=FOR_BACKUP)


def test_a_role_with_policies_cannot_be_deleted(account, iam):
    account.make_role(policies=[FOR_BACKUP])
    iam.put_role_policy(RoleName=ROLE, PolicyName="quiet", PolicyDocument=json.dumps(DENY))
    with refused("DeleteConflict", 409):
        iam.delete_role(RoleName=ROLE)
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=FOR_BACKUP)
    with refused("DeleteConflict", 409):
        iam.delete_role(RoleName=ROLE)
    iam.delete_role_policy(RoleName=ROLE, PolicyName="quiet")
    iam.delete_role(RoleName=ROLE)
    with refused("NoSuchEntity", 404):
        iam.get_role(RoleName=ROLE)


def test_a_role_made_anew_has_another_id(account, iam):
    account.make_role(policies=())
    first = iam.get_role(RoleName=ROLE)["Role"]["RoleId"]
    iam.delete_role(RoleName=ROLE)
    account.make_role(policies=())
    assert iam.get_role(RoleName=ROLE)["Role"]["RoleId"] != first


def test_inline_policies_come_and_go(account, iam):
    account.make_role()
    iam.put_role_policy(RoleName=ROLE, PolicyName="quiet", PolicyDocument=json.dumps(DENY))
    assert iam.list_role_policies(RoleName=ROLE)["PolicyNames"] == ["quiet"]
    found = iam.get_role_policy(RoleName=ROLE, PolicyName="quiet")
    assert (found["RoleName"], found["PolicyName"], found["PolicyDocument"]) == (ROLE, "quiet", DENY)
    iam.delete_role_policy(RoleName=ROLE, PolicyName="quiet")
    assert iam.list_role_policies(RoleName=ROLE)["PolicyNames"] == []
    with refused("NoSuchEntity", 404):
        iam.get_role_policy(RoleName=ROLE, PolicyName="quiet")


def test_a_boundary_comes_and_goes(account, iam):
    account.make_role()
    assert "PermissionsBoundary" not in iam.get_role(RoleName=ROLE)["Role"]
    iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=BOUNDARY)
    found = iam.get_role(RoleName=ROLE)["Role"]["PermissionsBoundary"]
    assert found == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY}
    iam.delete_role_permissions_boundary(RoleName=ROLE)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=ROLE)["Role"]


def test_the_trust_policy_can_be_replaced(account, iam):
    account.make_role()
    other = json.loads(json.dumps(BACKUP_TRUST).replace("backup.", "ec2."))
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(other))
    assert iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"] == other


def test_a_document_that_is_no_policy_is_malformed(account, iam):
    with refused("MalformedPolicyDocument", 400):
        iam.create_role(RoleName="other", AssumeRolePolicyDocument="trust me")
    account.make_role()
    with refused("MalformedPolicyDocument", 400):
        iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument="{")
    with refused("MalformedPolicyDocument", 400):
        iam.put_role_policy(RoleName=ROLE, PolicyName="quiet", PolicyDocument="[]x")
    assert iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"] == BACKUP_TRUST


def test_a_principal_that_does_not_exist_is_malformed(account, iam):
    account.make_role()
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account.id}:role/nobody"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    with refused("MalformedPolicyDocument", 400):
        iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))


def test_role_tags_are_added_and_removed_one_by_one(account, iam):
    account.make_role()
    iam.tag_role(RoleName=ROLE, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.tag_role(RoleName=ROLE, Tags=[{"Key": "a", "Value": "3"}])
    iam.untag_role(RoleName=ROLE, TagKeys=["b"])
    assert iam.list_role_tags(RoleName=ROLE)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_roles_are_the_same_seen_from_every_region(account):
    account.make_role()
    assert account.client("iam", DR).get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE
