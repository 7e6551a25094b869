//! Identifiers that look like AWS's but are the same in every run, so that recorded output can be compared.

use sha2::{Digest, Sha256};

/// A sequence of identifiers that depends only on its seed. One for each account and region, because clients
/// that work on two regions at once would otherwise draw from one sequence in changing order.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    seed: String,
    next: u64,
}

impl Ids {
    pub(crate) fn new(seed: impl Into<String>) -> Ids {
        Ids { seed: seed.into(), next: 0 }
    }

    fn digest(&mut self) -> Vec<u8> {
        self.next += 1;
        Sha256::digest(format!("{}/{}", self.seed, self.next)).to_vec()
    }

    pub(crate) fn uuid(&mut self) -> String {
        let hex: String = self.digest().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
    }

    /// The form of IAM's unique ids, such as `AROA` and 17 more characters.
    pub(crate) fn unique(&mut self, prefix: &str) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digest = self.digest();
        let tail = digest.iter().take(17).map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        prefix.chars().chain(tail).collect()
    }
}
