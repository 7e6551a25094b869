use aws_sdk_cloudtrail::operation::lookup_events::{LookupEventsInput, LookupEventsOutput};
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};

use super::Fate::{LeftOut, Sent, Used, Within};

super::ledger! {
    values(LookupAttributeKey);

    LookupEventsInput {
        Within => lookup_attributes;
        Sent => next_token;
        LeftOut("the answers come newest first, and reading stops at what is too old") => start_time, end_time;
        LeftOut("only Insights events have one") => event_category;
        LeftOut("the default is the most") => max_results;
    }
    LookupEventsOutput {
        Within => events;
        Used => next_token;
    }
    LookupAttribute {
        Sent => attribute_key, attribute_value;
    }
    Event {
        Used => event_time, cloud_trail_event;
        LeftOut("the record of the event has it, and more") =>
            event_id, event_name, read_only, access_key_id, event_source, username, resources;
    }
}
