use aws_sdk_sns::operation::publish::{PublishInput, PublishOutput};
use aws_sdk_sns::types::MessageAttributeValue;

use super::Fate::{LeftOut, Sent, Used, Within};

super::ledger! {
    values();

    PublishInput {
        Sent => topic_arn, message, subject, message_structure;
        Within => message_attributes;
        LeftOut("a report goes to a topic") => target_arn, phone_number;
        LeftOut("FIFO topics are refused at start") => message_deduplication_id, message_group_id;
    }
    PublishOutput {
        Used => message_id;
        LeftOut("only FIFO topics answer it") => sequence_number;
    }
    MessageAttributeValue {
        Sent => data_type, string_value;
        LeftOut("every attribute is a text") => binary_value;
    }
}
