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
            // What is lost comes back even if KMS does not take it together with what else was found.
            let call = with_what_was_found(context, id, key_arn, expected, observed)
                .map(&put)
                .find(|call| !context.was_refused(call));
            after_rescue(context, id, call.unwrap_or_else(|| put(expected.clone())))
        }
    }
}

/// What keeps of the policy that was found all that takes nothing from those who need the key. First what was found, without what it allows
/// beyond the spec's, where that is a policy that would be left: what was closed is not opened. Then the spec's, with the denials that were
/// found beside it.
fn with_what_was_found(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: &str,
    expected: &str,
    found: &str,
) -> impl Iterator<Item = String> {
    let read = context.desired_key(id).zip(Policy::parse(expected).ok());
    let [narrow, with_all] = read.map_or([None, None], |(key, want)| {
        let harm = |denial: &Policy| harm_on_key(context.desired, &key.region, key_arn, &want, denial);
        let narrow = as_narrow_as(expected, found, key_arn, harm);
        let is_left = |narrow: &String| would_be_left(context.desired, key, key_arn, expected, narrow);
        [narrow.filter(is_left), with_denials_of(expected, found, key_arn, harm)]
    });
    narrow.into_iter().chain(with_all)
}
