"""Which services AWS Backup backs up in a region, and which of them it manages in full."""

import json

import pytest

from cloud import DR, refused

OPT_IN, MANAGEMENT = "ResourceTypeOptInPreference", "ResourceTypeManagementPreference"


def settings(backup):
    answer = backup.describe_region_settings()
    answer.pop("ResponseMetadata")
    return answer


def make_plan(account):
    account.make_plan()


def make_vault(account):
    account.make_vault("vault_prod_daily")


def test_nothing_is_backed_up_before_the_region_is_used(backup):
    found = settings(backup)
    assert found.keys() == {OPT_IN, MANAGEMENT}
    assert {"Aurora", "DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3", "Storage Gateway"} <= found[OPT_IN].keys()
    assert set(found[OPT_IN].values()) == {False}
    assert found[MANAGEMENT] == {"DynamoDB": True, "EFS": True}


@pytest.mark.parametrize("first", [make_vault, make_plan])
def test_the_first_vault_or_plan_of_a_region_opts_in_to_everything(account, backup, first):
    first(account)
    assert set(settings(backup)[OPT_IN].values()) == {True}
    assert set(settings(account.backup(DR))[OPT_IN].values()) == {False}, "each region by itself"


def test_an_update_changes_what_it_names_and_nothing_else(account, backup):
    make_vault(account)
    before = settings(backup)
    assert backup.update_region_settings(**{OPT_IN: {"Storage Gateway": False}})["ResponseMetadata"]
    assert settings(backup) == before | {OPT_IN: before[OPT_IN] | {"Storage Gateway": False}}
    backup.update_region_settings(**{MANAGEMENT: {"DynamoDB": False}, OPT_IN: {"EBS": False}})
    after = settings(backup)
    assert after[MANAGEMENT] == {"DynamoDB": False, "EFS": True}
    assert {name for name, enabled in after[OPT_IN].items() if not enabled} == {"Storage Gateway", "EBS"}


def test_what_was_switched_off_stays_off_when_the_region_is_used(account, backup):
    backup.update_region_settings(**{OPT_IN: {"EBS": False}})
    make_vault(account)
    assert {name for name, enabled in settings(backup)[OPT_IN].items() if not enabled} == {"EBS"}


def test_a_service_that_the_region_does_not_have_refuses_the_whole_call(account, backup):
    make_vault(account)
    before = settings(backup)
    text = "Element present in resource type opt in preference has invalid values"
    with refused("InvalidParameterValueException", 400, text):
        backup.update_region_settings(**{OPT_IN: {"EBS": False, "Mainframe": True}})
    with refused("InvalidParameterValueException", 400):
        backup.update_region_settings(**{OPT_IN: {"EBS": False}, MANAGEMENT: {"EBS": True}})
    with refused("MissingParameterValueException", 400):
        backup.update_region_settings()
    assert settings(backup) == before


def test_the_trail_tells_of_an_update_with_the_services_as_they_are_spelt(account, backup):
    backup.update_region_settings(**{OPT_IN: {"SAP HANA on Amazon EC2": True}})
    (event,) = account.client("cloudtrail").lookup_events()["Events"]
    assert event["EventName"] == "UpdateRegionSettings"
    told = json.loads(event["CloudTrailEvent"])
    assert told["requestParameters"] == {"resourceTypeOptInPreference": {"SAP HANA on Amazon EC2": True}}
    assert told["responseElements"] is None
