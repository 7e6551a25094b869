"""Vault Lock: what a vault says in each state, and what each state allows."""

from datetime import timedelta

import pytest

from cloud import advance, refused

NAME = "vault_prod_daily"


@pytest.fixture
def vault(account, backup):
    """A fresh vault, with the calls of Vault Lock as short words."""
    made_at = account.make_vault(NAME)["CreationDate"]

    class Vault:
        created = made_at

        def put(self, **wishes):
            backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, **wishes)

        def unlock(self):
            backup.delete_backup_vault_lock_configuration(BackupVaultName=NAME)

        def look(self):
            return backup.describe_backup_vault(BackupVaultName=NAME)

        def lock(self):
            return {
                k: v
                for k, v in self.look().items()
                if k in ("Locked", "MinRetentionDays", "MaxRetentionDays", "LockDate")
            }

    return Vault()


def near(found, wanted):
    return abs(found - wanted) < timedelta(seconds=20)


def test_a_vault_never_locked_says_so_and_no_more(vault):
    assert vault.lock() == {"Locked": False}


def test_a_lock_without_days_is_governance_and_has_no_date(vault):
    vault.put(MinRetentionDays=7)
    assert vault.lock() == {"Locked": True, "MinRetentionDays": 7}


def test_a_lock_with_days_is_compliance_and_its_date_counts_from_the_call(vault):
    vault.put(ChangeableForDays=30, MinRetentionDays=7, MaxRetentionDays=365)
    lock = vault.lock()
    assert near(lock.pop("LockDate"), vault.created + timedelta(days=30))
    assert lock == {"Locked": True, "MinRetentionDays": 7, "MaxRetentionDays": 365}
    assert "ChangeableForDays" not in vault.look()


def test_a_lock_needs_no_retention(vault):
    vault.put(ChangeableForDays=3)
    assert vault.lock().keys() == {"Locked", "LockDate"}


def test_the_date_does_not_move_by_itself(vault):
    vault.put(ChangeableForDays=10)
    date = vault.lock()["LockDate"]
    advance(days=4)
    assert vault.lock()["LockDate"] == date


def test_the_same_lock_put_again_moves_its_date(vault):
    vault.put(ChangeableForDays=3)
    first = vault.lock()["LockDate"]
    advance(days=2)
    vault.put(ChangeableForDays=3)
    assert near(vault.lock()["LockDate"], first + timedelta(days=2))


def test_fewer_days_bring_the_date_nearer(vault):
    vault.put(ChangeableForDays=365)
    vault.put(ChangeableForDays=3)
    assert near(vault.lock()["LockDate"], vault.created + timedelta(days=3))


def test_a_put_replaces_the_retention_as_a_whole(vault):
    vault.put(MinRetentionDays=7, MaxRetentionDays=90)
    vault.put(MaxRetentionDays=60)
    assert vault.lock() == {"Locked": True, "MaxRetentionDays": 60}


def test_governance_can_become_compliance(vault):
    vault.put(MinRetentionDays=7)
    vault.put(MinRetentionDays=7, ChangeableForDays=5)
    assert near(vault.lock()["LockDate"], vault.created + timedelta(days=5))


@pytest.mark.parametrize(
    "wishes", [{"MinRetentionDays": 7}, {"ChangeableForDays": 3}], ids=["governance", "compliance in grace"]
)
def test_a_changeable_lock_can_be_removed(vault, wishes):
    vault.put(**wishes)
    vault.unlock()
    assert vault.lock() == {"Locked": False}


def test_a_governance_lock_never_becomes_immutable(vault):
    vault.put(MinRetentionDays=7)
    advance(days=400)
    vault.put(MinRetentionDays=8)
    assert vault.lock() == {"Locked": True, "MinRetentionDays": 8}
    vault.unlock()
    assert vault.lock() == {"Locked": False}


def test_just_before_its_date_a_lock_can_still_be_changed(vault):
    vault.put(ChangeableForDays=3)
    advance(days=3, seconds=-300)
    vault.put(ChangeableForDays=3, MinRetentionDays=2)
    assert vault.lock()["MinRetentionDays"] == 2


@pytest.mark.parametrize(
    "wishes",
    [{"ChangeableForDays": 3}, {"MinRetentionDays": 1}, {"ChangeableForDays": 30, "MaxRetentionDays": 9}, {}],
)
def test_after_its_date_a_lock_cannot_be_changed(vault, wishes):
    vault.put(ChangeableForDays=3, MinRetentionDays=7)
    before = vault.lock()
    advance(days=3, seconds=1)
    with refused("InvalidRequestException", 400):
        vault.put(**wishes)
    assert vault.lock() == before


def test_after_its_date_a_lock_cannot_be_removed(vault):
    vault.put(ChangeableForDays=3, MinRetentionDays=7)
    before = vault.lock()
    advance(days=3, seconds=1)
    with refused("InvalidRequestException", 400):
        vault.unlock()
    assert vault.lock() == before


BAD = [
    {"ChangeableForDays": 2},
    {"ChangeableForDays": 0},
    {"ChangeableForDays": -1},
    {"ChangeableForDays": 36501},
    {"MinRetentionDays": 0},
    {"MaxRetentionDays": 36501},
    {"MinRetentionDays": 31, "MaxRetentionDays": 30},
]


@pytest.mark.parametrize("wishes", BAD, ids=str)
def test_numbers_out_of_bounds_are_refused_and_change_nothing(vault, wishes):
    with refused("InvalidParameterValueException", 400):
        vault.put(**wishes)
    assert vault.lock() == {"Locked": False}


GOOD = [
    {"ChangeableForDays": 3},
    {"ChangeableForDays": 36500},
    {"MinRetentionDays": 1},
    {"MaxRetentionDays": 36500},
    {"MinRetentionDays": 30, "MaxRetentionDays": 30},
]


@pytest.mark.parametrize("wishes", GOOD, ids=str)
def test_the_bounds_themselves_are_allowed(vault, wishes):
    vault.put(**wishes)
    assert vault.lock()["Locked"] is True
