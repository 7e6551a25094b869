"""Fixtures: each test gets an account that nobody has used before."""

import pytest

from cloud import Account, tool


@pytest.fixture(scope="session", autouse=True)
def sandbox_answers():
    tool("GET", "health")


@pytest.fixture
def account():
    return Account()


@pytest.fixture
def backup(account):
    return account.backup()


@pytest.fixture
def kms(account):
    return account.kms()


@pytest.fixture
def iam(account):
    return account.iam()
