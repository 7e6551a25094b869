//! restJson1, which AWS Backup speaks: the operation is in the method and path.

use serde_json::{Map, Value};

use super::http::{Http, Reply, object, pairs, percent_decoded};
use crate::backup::{QUERY_NAMES, ROUTES};
use crate::error::AwsError;

const KIND: &str = "application/json";

pub(super) fn decode(http: &Http) -> Result<(String, Value), AwsError> {
    let (operation, bound) = ROUTES
        .iter()
        .filter(|(method, _, _)| *method == http.method)
        .find_map(|(_, pattern, operation)| Some((*operation, bind(pattern, &http.path)?)))
        .ok_or_else(|| {
            let message = format!("The sandbox does not know {} {} of AWS Backup", http.method, http.path);
            AwsError::new(404, "UnknownOperationException", message)
        })?;
    let mut params = object(&http.body)?;
    if let Some(params) = params.as_object_mut() {
        for (name, value) in pairs(&http.query) {
            params.insert(member_name(&name), value.into());
        }
        params.extend(bound);
    }
    Ok((operation.to_owned(), params))
}

/// The path's parameters if it fits the pattern. A slash at the end makes no difference: some operations are
/// modelled with one.
fn bind(pattern: &str, path: &str) -> Option<Map<String, Value>> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let names: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    if segments.len() != names.len() {
        return None;
    }
    let mut bound = Map::new();
    for (name, segment) in names.iter().zip(segments) {
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                bound.insert(name.to_owned(), percent_decoded(segment).into());
            }
            None if *name == segment => {}
            None => return None,
        }
    }
    Some(bound)
}

fn member_name(query_name: &str) -> String {
    if let Some((_, member)) = QUERY_NAMES.iter().find(|(name, _)| *name == query_name) {
        return (*member).to_owned();
    }
    let mut letters = query_name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

pub(super) fn success(value: &Value, request_id: &str) -> Reply {
    let body = if value.is_null() { String::new() } else { value.to_string() };
    Reply { status: 200, content_type: KIND, error_type: None, request_id: request_id.to_owned(), body }
}

pub(super) fn error(error: &AwsError, request_id: &str) -> Reply {
    let mut members = error.members.clone();
    // Modelled errors have Message; those that every service may answer have message.
    members.insert("Message".to_owned(), error.message.clone().into());
    members.insert("message".to_owned(), error.message.clone().into());
    Reply {
        status: error.status,
        content_type: KIND,
        error_type: Some(error.code.clone()),
        request_id: request_id.to_owned(),
        body: Value::Object(members).to_string(),
    }
}
