"""SNS and STS: what is refused before publishing, and that what was published can be read back."""

import json

import pytest

from cloud import DR, PRIMARY, Account, refused, tool

# The second is how the model spells InvalidParameterValueException on the wire.
INVALID = ("InvalidParameter", "ParameterValueInvalid")


@pytest.fixture
def topic(account):
    return account.sns().create_topic(Name="drift-healer")["TopicArn"]


@pytest.fixture
def sns(account):
    return account.sns()


def published(account):
    return [m for m in tool("GET", "messages") if f":{account.id}:" in m["topic"]]


def test_a_topic_is_named_by_region_and_account(account, sns, topic):
    assert topic == f"arn:aws:sns:{PRIMARY}:{account.id}:drift-healer"
    assert sns.create_topic(Name="drift-healer")["TopicArn"] == topic
    assert [t["TopicArn"] for t in sns.list_topics()["Topics"]] == [topic]


def test_a_message_is_read_back_as_it_was_sent(account, sns, topic):
    attributes = {
        "verdict": {"DataType": "String", "StringValue": "healed"},
        "severity": {"DataType": "String", "StringValue": "critical"},
    }
    answer = sns.publish(
        TopicArn=topic,
        Subject="drift-healer: healed",
        Message="1 repaired\nü & <b>",
        MessageAttributes=attributes,
    )
    assert answer["MessageId"]
    (message,) = published(account)
    assert message["topic"] == topic
    assert message["subject"] == "drift-healer: healed"
    assert message["message"] == "1 repaired\nü & <b>"
    assert "healed" in json.dumps(message["attributes"]) and "critical" in json.dumps(message["attributes"])


def test_a_message_can_have_a_form_for_each_protocol(account, sns, topic):
    forms = {"default": "{}", "email": "all is well", "https": '{"version":"1.0"}'}
    sns.publish(TopicArn=topic, MessageStructure="json", Message=json.dumps(forms))
    (message,) = published(account)
    assert message["structure"] == "json"
    assert json.loads(message["message"]) == forms


@pytest.mark.parametrize("text", ["no json", "[]", '"text"', '{"email":"no default"}', '{"default":1}'])
def test_a_structured_message_needs_a_default_text(account, sns, topic, text):
    with refused("InvalidParameter", 400):
        sns.publish(TopicArn=topic, MessageStructure="json", Message=text)
    assert published(account) == []


BAD = {
    "an empty message": {"Message": ""},
    "a message too long": {"Message": "x" * 262145},
    "a message too long in bytes": {"Message": "ü" * 131073},
    "a subject of two lines": {"Message": "m", "Subject": "one\ntwo"},
    "a subject of 100 characters": {"Message": "m", "Subject": "s" * 100},
    "a subject with a control character": {"Message": "m", "Subject": "bell\x07"},
}


@pytest.mark.parametrize("what", BAD)
def test_what_sns_would_not_deliver_is_refused(account, sns, topic, what):
    with refused(INVALID, 400):
        sns.publish(TopicArn=topic, **BAD[what])
    assert published(account) == []


@pytest.mark.parametrize(
    "name", ["AWS.verdict", "Amazon.verdict", ".verdict", "verdict.", "ver..dict", "ver dict"]
)
def test_an_attribute_name_out_of_the_pattern_is_refused(account, sns, topic, name):
    with refused(INVALID, 400):
        sns.publish(
            TopicArn=topic, Message="m", MessageAttributes={name: {"DataType": "String", "StringValue": "v"}}
        )
    assert published(account) == []


def test_an_attribute_without_a_value_is_refused(account, sns, topic):
    with refused(INVALID, 400):
        sns.publish(
            TopicArn=topic,
            Message="m",
            MessageAttributes={"verdict": {"DataType": "String", "StringValue": ""}},
        )
    assert published(account) == []


def test_the_longest_message_and_subject_are_delivered(account, sns, topic):
    sns.publish(TopicArn=topic, Message="x" * 262144)
    sns.publish(TopicArn=topic, Message="m", Subject="s" * 99)
    assert len(published(account)) == 2


def test_a_missing_topic_is_not_found(account, sns):
    with refused("NotFound", 404):
        sns.publish(TopicArn=f"arn:aws:sns:{PRIMARY}:{account.id}:nobody", Message="m")


def test_a_topic_of_another_region_is_an_invalid_parameter(account, topic):
    with refused("InvalidParameter", 400):
        account.sns(DR).publish(TopicArn=topic, Message="m")
    assert published(account) == []


def test_the_caller_is_of_the_account(account):
    for region in (PRIMARY, DR):
        caller = account.sts(region).get_caller_identity()
        assert caller["Account"] == account.id
        assert f":{account.id}:" in caller["Arn"]
        assert caller["UserId"]


def test_accounts_do_not_read_each_others_messages(account, sns, topic):
    sns.publish(TopicArn=topic, Message="ours")
    other = Account()
    with refused("NotFound", 404):
        other.sns().publish(TopicArn=topic.replace(account.id, other.id), Message="theirs")
    assert published(other) == []
