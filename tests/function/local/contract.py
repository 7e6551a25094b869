"""The contract of the function's answer, and of the message that reports it; both raise AssertionError.

The form is in the answer's own schema; what no schema says is here.
"""

import json
import pathlib
import re

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[3] / "functions" / "drift-healer" / "answer.schema.json"
ANSWER = json.loads(SCHEMA.read_text())
jsonschema.Draft202012Validator.check_schema(ANSWER)
VALIDATOR = jsonschema.Draft202012Validator(ANSWER)
KINDS = [one["const"] for one in ANSWER["$defs"]["Kind"]["oneOf"]]
CODES = ANSWER["$defs"]["FindingLine"]["properties"]["code"]["enum"]
MOST_BYTES = 262_144


def check_answer(answer):
    """Members beyond the contract's are allowed."""
    misfits = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(answer)]
    assert not misfits, misfits
    skipped = answer.get("skipped")
    assert re.fullmatch(r"\d{12}", answer["account"] or "") or skipped and answer["account"] is None
    for finding in answer["findings"]:
        _check_finding(finding, answer)
    places = [finding["resource"] for finding in answer["findings"]]
    order = [(KINDS.index(one["kind"]), one["region"] or "", one["name"]) for one in places]
    assert order == sorted(order), f"not sorted: {order}"
    for call in answer["calls"]:
        assert (call["result"] == "planned") == (answer["mode"] == "report"), call
    assert (answer["passes"] == 0) == bool(skipped), answer["passes"]
    outcomes = {one["outcome"] for one in answer["findings"] if one["reason"] != "excepted"}
    follows = "in_sync" if not outcomes else "healed" if outcomes == {"repaired"} else "drifted"
    assert answer["verdict"] == follows, f"{answer['verdict']} where {follows} follows from the findings"


def _check_finding(finding, answer):
    resource = finding["resource"]
    assert (resource["region"] is None) == (resource["kind"] == "role"), resource
    assert resource["kind"] != "selection" or "/" in resource["name"], resource
    outcome, reason, call = finding["outcome"], finding["reason"], finding["call"]
    if outcome == "failed":
        assert reason and answer["mode"] == "repair", finding
    elif outcome != "blocked":
        assert outcome == ("repaired" if answer["mode"] == "repair" else "planned"), finding
        assert reason is None, reason
    assert call or outcome == "blocked", f"{outcome} by no call"
    assert call is None or call in [made["call"] for made in answer["calls"]], f"{call} is not among the calls"


def check_message(message, answer):
    """The message that a run with this answer publishes."""
    assert message["structure"] == "json", message["structure"]
    subject = message["subject"]
    assert re.fullmatch(r"[A-Za-z0-9][ -~]{0,98}", subject), subject
    attributes = {name: one["value"] for name, one in message["attributes"].items()}
    names = {"verdict", "severity", "open_severity", "account", "kind", "fingerprint"}
    assert attributes.keys() == names, attributes
    for name in ("open_severity", "fingerprint"):
        assert attributes[name] == (answer[name] or "none"), attributes
    kinds = {finding["resource"]["kind"] for finding in answer["findings"]}
    told = {name for name in ("attempt", "loss") if answer.get(name)}
    kinds = kinds | told or {"in-sync"}
    assert set(json.loads(attributes["kind"])) == kinds, attributes
    assert (attributes["verdict"], attributes["account"]) == (answer["verdict"], answer["account"]), attributes
    assert len(message["message"].encode()) + sum(map(len, attributes.values())) + 100 < MOST_BYTES
    bodies = json.loads(message["message"])
    for protocol in ("default", "sqs", "lambda"):
        assert json.loads(bodies[protocol]) == answer, f"{protocol} is not the answer"
    _check_chat(json.loads(bodies["https"]))
    for finding in answer["findings"]:
        name = finding["resource"]["name"]
        assert name in bodies["email"], f"{name} is not in the mail"


def _check_chat(message):
    """Amazon Q Developer in chat applications drops what does not conform, without an error."""
    assert (message["version"], message["source"]) == ("1.0", "custom"), message
    content = message["content"]
    assert content.keys() <= {"textType", "title", "description", "nextSteps", "keywords"}, content.keys()
    assert content["textType"] == "client-markdown"
    assert 0 < len(content["title"]) <= 250 and 0 < len(content["description"]) <= 8000
    assert all(len(step) <= 350 for step in content["nextSteps"])
    assert all(len(word) <= 75 for word in content["keywords"])
