"""The tables: every attribute of the desired spec, drifted alone, and what the function has to say of it.

A finding is written `KIND PLACE CODE[@ATTRIBUTE] [OUTCOME]`; without an outcome it is repaired.
"""

from typing import Callable, NamedTuple


class Case(NamedTuple):
    """A title, the change (a function of the account), and the findings."""

    title: str
    change: Callable
    findings: tuple


def case(title, change, *findings):
    return Case(title, change, findings)
