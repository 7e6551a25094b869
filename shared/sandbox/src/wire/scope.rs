//! The credential scope of a signature: account, region and service. The signature itself is not checked.

/// The account of every access key that is not itself an account id.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) access_key: String,
    pub(super) region: String,
    pub(super) service: String,
}

impl Scope {
    /// Reads `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
    pub(super) fn parse(header: &str) -> Option<Scope> {
        let rest = header.strip_prefix("AWS4-HMAC-SHA256")?;
        let credential = rest.split(',').find_map(|part| part.trim().strip_prefix("Credential="))?;
        let parts: Vec<&str> = credential.split('/').collect();
        let &[access_key, _, region, service, "aws4_request"] = parts.as_slice() else { return None };
        let complete = [access_key, region, service].iter().all(|part| !part.is_empty());
        complete.then(|| Scope {
            access_key: access_key.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }

    /// An access key of twelve digits is an account id, so that one sandbox can play several accounts.
    pub(super) fn account(&self) -> &str {
        let is_account =
            self.access_key.len() == 12 && self.access_key.bytes().all(|byte| byte.is_ascii_digit());
        if is_account { &self.access_key } else { DEFAULT_ACCOUNT }
    }
}
