//! The answers about who may use a key.

use super::context::{Context, Decision};
use super::key::after_rescue;
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::diff::key_policy::would_be_left;
use crate::drift::KeyAccessDrift as D;
use crate::lockout::harm_on_key;
use crate::policy::{Policy, as_narrow_as, with_denials_of};
use crate::resource::ResourceId;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    let region = || id.region.clone().unwrap_or_default();
    match drift {
        D::PolicyShutsOut { .. }
        | D::PolicyLetsIn { .. }
        | D::PolicyStronger { .. }
        | D::ForeignGrant { .. }
        | D::Shared { .. } => Decision::Blocked(BlockReason::NeedsReview(Review::ItsKind)),
        D::PolicyDiffers { key_arn, expected, observed, .. } => {
            let put = |policy| Call::PutKeyPolicy { region: region(), key_arn: key_arn.clone(), policy };
            let narrow = as_narrow(context, id, key_arn, expected, observed).map(&put);
            let with_all = || with_all(context, id, key_arn, expected, observed).map(&put);
            // What is lost comes back even if KMS does not take it together with what else was found.
            let is_new = |call: &Call| !context.was_refused(call);
            let call = narrow.filter(is_new).or_else(|| with_all().filter(is_new));
            after_rescue(context, id, call.unwrap_or_else(|| put(expected.clone())))
        }
    }
}

/// The spec's policy with the denials that were found beside it, but for what they take from those who need the key.
fn with_all(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: &str,
    expected: &str,
    found: &str,
) -> Option<String> {
    let want = Policy::parse(expected).ok()?;
    let region = id.region.as_deref()?;
    with_denials_of(expected, found, key_arn, |denial| {
        harm_on_key(context.desired, region, key_arn, &want, denial)
    })
}

/// What was found, without what it allows beyond the spec's, where that is a policy that would be left: what was closed is not opened.
fn as_narrow(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: &str,
    expected: &str,
    found: &str,
) -> Option<String> {
    let want = Policy::parse(expected).ok()?;
    let key = context.desired_key(id)?;
    let harm = |denial: &Policy| harm_on_key(context.desired, &key.region, key_arn, &want, denial);
    let narrow = as_narrow_as(expected, found, key_arn, harm)?;
    would_be_left(context.desired, key, key_arn, expected, &narrow).then_some(narrow)
}
