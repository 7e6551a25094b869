//! Topics, of which a region has one of each name.

use serde_json::{Value, json};

use super::refusal::invalid;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Fifo, Tags, Topic};

const FIFO_NAME: &str = "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII \
                         letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.";

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("Name")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let (stem, has_suffix) = name.strip_suffix(".fifo").map_or((name, false), |stem| (stem, true));
    let fits = !stem.is_empty() && name.len() <= 256 && stem.bytes().all(allowed);
    let is_fifo = attribute(request, "FifoTopic") == Some("true");
    if is_fifo && !(fits && has_suffix) {
        return Err(invalid(FIFO_NAME));
    }
    if !fits || has_suffix != is_fifo {
        return Err(invalid("Topic Name"));
    }
    let by_content = attribute(request, "ContentBasedDeduplication") == Some("true");
    let fifo = is_fifo.then(|| Fifo { by_content, ..Fifo::default() });
    let pairs = request.list("Tags").iter().filter_map(|tag| {
        let text = |member: &str| tag.get(member).and_then(Value::as_str).map(str::to_owned);
        Some((text("Key")?, text("Value")?))
    });
    let tags: Tags = pairs.collect();
    let region = account.region(&request.region);
    let arn = region.arn("sns", name);
    if region.sns.topics.get(&arn).is_some_and(|topic| !tags.is_empty() && topic.tags != tags) {
        return Err(invalid("Tags Reason: Topic already exists with different tags"));
    }
    region.sns.topics.entry(arn.clone()).or_insert_with(|| Topic { arn: arn.clone(), fifo, tags });
    Ok(json!({ "TopicArn": arn }))
}

/// An attribute of the topic that is asked for.
fn attribute<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let entry =
        request.list("Attributes").iter().find(|entry| entry.get("key").is_some_and(|key| key == name));
    entry?.get("value")?.as_str()
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let topics = account.region(&request.region).sns.topics.values();
    let items = topics.map(|topic| (topic.arn.clone(), json!({ "TopicArn": topic.arn }))).collect();
    let page = request.page(items, &page::SNS)?;
    Ok(without_nulls(json!({ "Topics": page.items, "NextToken": page.next })))
}
