"""The tables: every attribute of the desired spec, drifted alone, and what the function has to say of it.

A finding is written `KIND PLACE CODE[@ATTRIBUTE] [OUTCOME]`; without an outcome it is repaired.
"""

import difflib
from typing import Callable, NamedTuple

from contract import CODES, KINDS


class Case(NamedTuple):
    """A title, the change (a function of the account), and the findings."""

    title: str
    change: Callable
    findings: tuple


def case(title, change, *findings):
    for finding in findings:
        kind, _, code, *_ = finding.split(" ", 3)
        _known(title, kind, KINDS)
        _known(title, code.partition("@")[0], CODES)
    return Case(title, change, findings)


def _known(title, name, names):
    """The contract lists all names, so that a misspelt one is none."""
    like = " or ".join(difflib.get_close_matches(name, names, 2)) or ", ".join(names)
    assert name in names, f"{title!r} expects {name!r}, which the answer's schema does not list; is it {like}?"
