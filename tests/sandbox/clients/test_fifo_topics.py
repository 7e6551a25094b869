"""SNS topics that keep their messages in order."""

import pytest

from cloud import PRIMARY, advance, refused, tool

GROUP = "The MessageGroupId parameter is required for FIFO topics"


@pytest.fixture
def sns(account):
    return account.sns()


def make(sns, name="backup-drift.fifo", **attributes):
    return sns.create_topic(Name=name, Attributes={"FifoTopic": "true"} | attributes)["TopicArn"]


def published(topic):
    return [m["message"] for m in tool("GET", "messages") if m["topic"] == topic]


def test_a_message_without_a_group_is_refused(account, sns):
    topic = make(sns)
    assert topic == f"arn:aws:sns:{PRIMARY}:{account.id}:backup-drift.fifo"
    with refused("InvalidParameter", 400, GROUP):
        sns.publish(TopicArn=topic, Message="m")
    assert published(topic) == []


def test_a_message_needs_an_id_unless_its_content_is_one(sns):
    topic, other = make(sns), make(sns, "other.fifo", ContentBasedDeduplication="true")
    with refused("InvalidParameter", 400, "ContentBasedDeduplication"):
        sns.publish(TopicArn=topic, Message="m", MessageGroupId="g")
    sns.publish(TopicArn=topic, Message="m", MessageGroupId="g", MessageDeduplicationId="1")
    sns.publish(TopicArn=other, Message="m", MessageGroupId="g")
    assert published(topic) == published(other) == ["m"]


def test_the_same_message_is_published_once_in_five_minutes(sns):
    topic = make(sns)
    message = {"TopicArn": topic, "Message": "m", "MessageGroupId": "g", "MessageDeduplicationId": "1"}
    first, again = sns.publish(**message), sns.publish(**message)
    assert first["MessageId"] == again["MessageId"]
    assert first["SequenceNumber"] == again["SequenceNumber"]
    later = sns.publish(**message | {"MessageDeduplicationId": "2"})
    assert later["SequenceNumber"] > first["SequenceNumber"]
    advance(seconds=301)
    sns.publish(**message)
    assert published(topic) == ["m"] * 3


def test_an_ordinary_topic_takes_a_group_and_answers_no_number(sns):
    topic = sns.create_topic(Name="drift-healer")["TopicArn"]
    answer = sns.publish(TopicArn=topic, Message="m", MessageGroupId="g")
    assert answer["MessageId"] and "SequenceNumber" not in answer


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("backup-drift.fifo", {}),
        ("backup-drift.fifo", {"FifoTopic": "false"}),
        ("backup-drift", {"FifoTopic": "true"}),
        (".fifo", {"FifoTopic": "true"}),
        ("backup.drift", {}),
    ],
)
def test_name_and_kind_of_a_topic_have_to_agree(sns, name, attributes):
    with refused("InvalidParameter", 400):
        sns.create_topic(Name=name, Attributes=attributes)
    assert sns.list_topics()["Topics"] == []
