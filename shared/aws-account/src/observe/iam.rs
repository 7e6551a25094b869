//! Reads the role.

use std::collections::BTreeSet;

use futures_util::future::join3;
use percent_encoding::percent_decode_str;
use reconcile::desired::DesiredRole;
use reconcile::state::{Observation, Role};

use crate::Clients;
use crate::error::failed;
use reconcile::read::{Read, Refusal};

/// IAM's wire code; the SDK's shape is called otherwise.
const NO_SUCH_ENTITY: &[&str] = &["NoSuchEntity"];

pub(super) async fn observe_role(clients: &Clients, want: &DesiredRole) -> Observation<Role> {
    let name = &want.name;
    let (role, attached, inline) =
        join3(get_role(clients, name), list_attached(clients, name), list_inline(clients, name)).await;
    match role {
        Observation::Present(role) => Observation::Present(Role { attached, inline, ..role }),
        Observation::Absent => Observation::Absent,
        Observation::Unreadable(refusal) => Observation::Unreadable(refusal),
    }
}

async fn get_role(clients: &Clients, name: &str) -> Observation<Role> {
    let (iam, _permit) = clients.iam.acquire().await;
    let answer = match iam.get_role().role_name(name).send().await {
        Ok(answer) => answer,
        Err(error) => return failed(Read::GetRole, &error, NO_SUCH_ENTITY),
    };
    let Some(role) = answer.role() else {
        return Observation::Unreadable(Refusal::incomplete(Read::GetRole, "the answer holds no role"));
    };
    let tags = role.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect();
    Observation::Present(Role {
        arn: role.arn().to_owned(),
        trust: decode(role.assume_role_policy_document().unwrap_or_default()),
        boundary: role
            .permissions_boundary()
            .and_then(|boundary| boundary.permissions_boundary_arn())
            .map(str::to_owned),
        attached: Observation::Absent,
        inline: Observation::Absent,
        tags,
    })
}

/// IAM percent-encodes documents (RFC 3986: a plus is a plus), and the SDK hands them on as they come.
fn decode(document: &str) -> String {
    percent_decode_str(document).decode_utf8().map_or_else(|_| document.to_owned(), |text| text.into_owned())
}

async fn list_attached(clients: &Clients, name: &str) -> Observation<BTreeSet<String>> {
    let (iam, _permit) = clients.iam.acquire().await;
    let mut pages = iam.list_attached_role_policies().role_name(name).into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(
                page.attached_policies().iter().filter_map(|one| one.policy_arn()).map(str::to_owned),
            ),
            Err(error) => return failed(Read::ListAttachedRolePolicies, &error, NO_SUCH_ENTITY),
        }
    }
    Observation::Present(found)
}

async fn list_inline(clients: &Clients, name: &str) -> Observation<BTreeSet<String>> {
    let (iam, _permit) = clients.iam.acquire().await;
    let mut pages = iam.list_role_policies().role_name(name).into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(page.policy_names().iter().cloned()),
            Err(error) => return failed(Read::ListRolePolicies, &error, NO_SUCH_ENTITY),
        }
    }
    Observation::Present(found)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn documents_are_decoded_and_a_plus_stays_a_plus() {
        assert_eq!(decode("%7B%22Sid%22%3A%22a+b%22%7D"), r#"{"Sid":"a+b"}"#);
    }

    #[test]
    fn a_document_that_is_not_encoded_stays_as_it_is() {
        assert_eq!(decode(r#"{"Version":"2012-10-17"}"#), r#"{"Version":"2012-10-17"}"#);
    }
}
