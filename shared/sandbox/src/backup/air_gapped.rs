//! Air-gapped vaults, which take a while to be made and are locked for ever from the first moment.

use time::Duration;

use super::vaults::{AIR_GAPPED, AWS_KEY, CUSTOMER_KEY, fresh, given_key, put};
use crate::operation::Answer;
use crate::request::Request;
use crate::state::{Account, Lock, Vault, VaultState};

const SHORTEST_RETENTION: i64 = 7;
const LONGEST_RETENTION: i64 = 36_500;
/// The guide says one to three minutes.
const MAKING: Duration = Duration::minutes(2);

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let vault = fresh(region, request)?;
    let days = |name| request.integer(name)?.ok_or_else(|| request.missing(name));
    let (min, max) = (days("MinRetentionDays")?, days("MaxRetentionDays")?);
    if !(SHORTEST_RETENTION..=LONGEST_RETENTION).contains(&min) || !(min..=LONGEST_RETENTION).contains(&max) {
        return Err(request.invalid(format!(
            "MinRetentionDays {min} must be at least 7, and MaxRetentionDays {max} no less and at most 36500"
        )));
    }
    // Without a key of the caller's it is on one that AWS owns, and not on the account's own for AWS Backup.
    let (key, key_kind) = match given_key(request)? {
        Some(key) => (key, CUSTOMER_KEY),
        None => (String::new(), AWS_KEY),
    };
    let lock = Some(Lock { min: Some(min), max: Some(max), date: Some(request.now) });
    let fails = request.settings.air_gapped_vaults_fail;
    let state = VaultState::Creating { until: request.now + MAKING, fails };
    let mut answer = put(region, Vault { kind: AIR_GAPPED, key, key_kind, lock, state, ..vault });
    answer["VaultState"] = state.name().into();
    Ok(answer)
}
