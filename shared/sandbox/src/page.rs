//! Cutting a list into pages, the same way for every service.

use serde_json::Value;

/// How one service names its paging parameters and what it answers when they are wrong.
pub(crate) struct Paging {
    pub(crate) token: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) default: usize,
    pub(crate) max: usize,
    pub(crate) bad_token: &'static str,
    pub(crate) bad_limit: &'static str,
}

pub(crate) const BACKUP: Paging = Paging {
    token: "NextToken",
    limit: "MaxResults",
    default: 1000,
    max: 1000,
    bad_token: "InvalidParameterValueException",
    bad_limit: "InvalidParameterValueException",
};

pub(crate) const KMS: Paging = Paging {
    token: "Marker",
    limit: "Limit",
    default: 50,
    max: 1000,
    bad_token: "InvalidMarkerException",
    bad_limit: "ValidationException",
};

pub(crate) const IAM: Paging = Paging {
    token: "Marker",
    limit: "MaxItems",
    default: 100,
    max: 1000,
    bad_token: "InvalidInput",
    bad_limit: "ValidationError",
};

pub(crate) const SNS: Paging = Paging {
    token: "NextToken",
    limit: "MaxResults",
    default: 100,
    max: 100,
    bad_token: "InvalidParameter",
    bad_limit: "InvalidParameter",
};

pub(crate) const CLOUDTRAIL: Paging = Paging {
    token: "NextToken",
    limit: "MaxResults",
    default: 50,
    max: 50,
    bad_token: "InvalidNextTokenException",
    bad_limit: "InvalidMaxResultsException",
};

/// One page of a list.
pub(crate) struct Page {
    pub(crate) items: Vec<Value>,
    pub(crate) next: Option<String>,
}

/// The page that follows `token`. The token names the last item delivered and not a position, so that a
/// resource deleted between two pages hides no other. `None` when the token is not one of ours.
pub(crate) fn cut(mut items: Vec<(String, Value)>, token: Option<&str>, limit: usize) -> Option<Page> {
    items.sort_by(|left, right| left.0.cmp(&right.0));
    if let Some(token) = token {
        let last = unhex(token)?;
        items.retain(|(key, _)| *key > last);
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|(key, _)| hex(key));
    Some(Page { items: items.into_iter().map(|(_, item)| item).collect(), next })
}

/// Whether a token was made of an item whose key begins like this.
pub(crate) fn is_token_of(token: &str, start: &str) -> bool {
    unhex(token).is_some_and(|key| key.starts_with(start))
}

fn hex(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(token: &str) -> Option<String> {
    if token.is_empty() || !token.is_ascii() || !token.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..token.len()).step_by(2).map(|at| u8::from_str_radix(&token[at..at + 2], 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}
