//! The JSON tree under a policy: unlike `serde_json::Value` it keeps a repeated key, so that it can be refused instead
//! of silently losing one of its values.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::error::{PolicyError, within};

pub(super) enum Json {
    Null,
    Bool(bool),
    /// As text: in a policy a number means the same as its string.
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The type, as an error message names it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        }
    }

    fn has_members(&self) -> bool {
        match self {
            Json::Array(_) | Json::Object(_) => true,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
        }
    }
}

/// Reads `text` as it is, else percent-decoded. Raw comes first because a raw policy may hold a `%2F` of its own, which
/// decoding would change; and it is percent-decoding, not form decoding, because IAM leaves `+` literal.
pub(super) fn parse(text: &str) -> Result<Json, PolicyError> {
    let raw_error = match serde_json::from_str(text) {
        Ok(document) => return Ok(document),
        Err(error) => error,
    };
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => serde_json::from_str(&decoded).map_err(|decoded_error| {
            // An encoded document begins with %7B, which is where the error of the raw text would point.
            not_json(if text.trim_start().starts_with('%') { &decoded_error } else { &raw_error })
        }),
        Err(_) => Err(not_json(&raw_error)),
    }
}

fn not_json(error: &serde_json::Error) -> PolicyError {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    PolicyError::NotJson { reason: reason.to_owned(), line: error.line(), column: error.column() }
}

pub(super) fn refuse_duplicate_keys(json: &Json, place: &str) -> Result<(), PolicyError> {
    match json {
        Json::Object(members) => {
            let mut seen = BTreeSet::new();
            for (key, value) in members {
                if !seen.insert(key) {
                    return Err(PolicyError::DuplicateKey { place: place.to_owned(), key: key.clone() });
                }
                if value.has_members() {
                    refuse_duplicate_keys(value, &within(place, key))?;
                }
            }
            Ok(())
        }
        Json::Array(items) => items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.has_members())
            .try_for_each(|(index, item)| refuse_duplicate_keys(item, &format!("{place}[{index}]"))),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(()),
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        // From here on neighbouring integers share one f64, and two different limits would compare equal.
        const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;
        if value.abs() >= FIRST_INEXACT {
            return Err(E::custom("a number too large to be read exactly, write it as a string"));
        }
        Ok(Json::Number(format!("{value:?}")))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}
