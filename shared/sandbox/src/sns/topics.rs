//! Topics, of which a region has one of each name.

use serde_json::{Value, json};

use super::refusal::invalid;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Tags, Topic};

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("Name")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if name.len() > 256 || !name.bytes().all(allowed) {
        return Err(invalid("Topic Name"));
    }
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
    region.sns.topics.entry(arn.clone()).or_insert_with(|| Topic { arn: arn.clone(), tags });
    Ok(json!({ "TopicArn": arn }))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let topics = account.region(&request.region).sns.topics.values();
    let items = topics.map(|topic| (topic.arn.clone(), json!({ "TopicArn": topic.arn }))).collect();
    let page = request.page(items, &page::SNS)?;
    Ok(without_nulls(json!({ "Topics": page.items, "NextToken": page.next })))
}
