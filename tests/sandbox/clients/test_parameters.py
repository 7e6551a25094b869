"""Parameter Store: single parameters, read, put and deleted."""

import json
from datetime import datetime

import pytest

from cloud import DR, PRIMARY, Account, refused, tool
from wire import signed

NAME = "/backups/hold"


@pytest.fixture
def ssm(account):
    return account.client("ssm")


def put(ssm, value="until Monday", **wishes):
    return ssm.put_parameter(**{"Name": NAME, "Value": value, "Type": "String"} | wishes)


def read(ssm, name=NAME, **wishes):
    return ssm.get_parameter(Name=name, **wishes)["Parameter"]


def test_a_parameter_comes_back_as_it_was_put(account, ssm):
    made = put(ssm)
    assert (made["Version"], made["Tier"]) == (1, "Standard")
    found = read(ssm)
    assert isinstance(found.pop("LastModifiedDate"), datetime)
    assert found == {
        "Name": NAME,
        "Type": "String",
        "Value": "until Monday",
        "Version": 1,
        "ARN": f"arn:aws:ssm:{PRIMARY}:{account.id}:parameter{NAME}",
        "DataType": "text",
    }


def test_a_parameter_that_is_not_there_is_not_found(account, ssm):
    with refused("ParameterNotFound", 400) as answer:
        read(ssm)
    assert answer["Error"]["Message"] == ""
    with refused("ParameterNotFound", 400):
        ssm.delete_parameter(Name=NAME)
    assert account.client("cloudtrail").lookup_events()["Events"] == [], "nor is it told"


def test_a_value_is_put_again_only_when_that_is_said(ssm):
    put(ssm)
    with refused("ParameterAlreadyExists", 400, "set the overwrite option"):
        put(ssm, "for ever")
    assert ssm.put_parameter(Name=NAME, Value="for ever", Overwrite=True)["Version"] == 2
    assert (read(ssm)["Value"], read(ssm)["Version"], read(ssm)["Type"]) == ("for ever", 2, "String")
    old = read(ssm, f"{NAME}:1")
    assert (old["Value"], old["Version"], old["Selector"]) == ("until Monday", 1, ":1")
    for selector in ("3", "0", "label"):
        with refused("ParameterVersionNotFound", 400):
            read(ssm, f"{NAME}:{selector}")


def test_a_parameter_is_found_by_its_arn_and_without_spaces(ssm):
    put(ssm)
    arn = read(ssm)["ARN"]
    assert read(ssm, arn)["Name"] == read(ssm, f" {NAME} ")["Name"] == NAME
    assert read(ssm, f"{arn}:1")["Version"] == 1
    with refused("ParameterNotFound"):
        read(ssm, NAME[1:])
    put(ssm, Name="hold")
    assert read(ssm, "hold")["ARN"].endswith(":parameter/hold")


def test_a_deleted_parameter_begins_anew(ssm):
    put(ssm)
    assert ssm.delete_parameter(Name=NAME)["ResponseMetadata"]["HTTPStatusCode"] == 200
    with refused("ParameterNotFound"):
        read(ssm)
    assert put(ssm)["Version"] == 1


def test_a_secret_is_read_only_when_asked_for(ssm):
    put(ssm, "secret", Type="SecureString")
    assert read(ssm)["Value"] != "secret"
    assert read(ssm, WithDecryption=True)["Value"] == "secret"


@pytest.mark.parametrize(
    ("code", "wishes"),
    [
        ("ValidationException", {"Type": None}),
        ("ValidationException", {"Value": ""}),
        ("ValidationException", {"Value": "x" * 4097}),
        ("ValidationException", {"Name": "with space"}),
        ("ValidationException", {"Name": "no/slash/first"}),
        ("ValidationException", {"Name": "/ssm/own"}),
        ("AccessDeniedException", {"Name": "/aws/reserved"}),
        ("UnsupportedParameterType", {"Type": "Number"}),
    ],
)
def test_what_parameter_store_does_not_take_is_refused(ssm, code, wishes):
    given = {"Name": NAME, "Value": "v", "Type": "String"} | wishes
    with refused(code, 400):
        ssm.put_parameter(**{name: value for name, value in given.items() if value is not None})


def test_each_account_and_region_has_its_own(account, ssm):
    put(ssm)
    for other in (account.client("ssm", DR), Account().client("ssm")):
        with refused("ParameterNotFound"):
            read(other)


def test_puts_and_deletions_are_told_without_the_value(account, ssm):
    put(ssm)
    ssm.delete_parameter(Name=NAME)
    events = account.client("cloudtrail").lookup_events()["Events"]
    gone, made = (json.loads(e["CloudTrailEvent"]) for e in events)
    assert (gone["eventName"], gone["requestParameters"]) == ("DeleteParameter", {"name": NAME})
    assert (made["eventName"], made["eventSource"]) == ("PutParameter", "ssm.amazonaws.com")
    value = "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert made["requestParameters"] == {"name": NAME, "value": value, "type": "String"}
    assert made["responseElements"] == {"version": 1, "tier": "Standard"}


def test_reading_needs_its_own_right(account, ssm):
    put(ssm)
    arn = f"arn:aws:ssm:{PRIMARY}:{account.id}:parameter{NAME}"
    key = {"access_key": account.id}

    def allow(resource):
        statement = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": resource}
        tool("POST", "enforce", key | {"documents": [{"Version": "2012-10-17", "Statement": statement}]})

    try:
        allow(arn + "-other")
        with refused("AccessDeniedException", 400, f"ssm:GetParameter on resource: {arn}"):
            read(ssm)
        allow(arn)
        assert read(ssm)["Value"] == "until Monday"
        assert read(ssm, arn)["Value"] == "until Monday"
    finally:
        tool("POST", "enforce", key | {"documents": None})


def test_an_operation_that_there_is_not_is_a_clear_error(account):
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.MakeTea"}
    status, _, text = signed(account, "ssm", "POST", "/", b"{}", headers)
    assert status == 400 and json.loads(text)["__type"] == "UnknownOperationException"
