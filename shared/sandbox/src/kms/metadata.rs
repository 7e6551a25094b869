//! What is said of a key.

use serde_json::{Value, json};

use crate::clock::epoch;
use crate::request::without_nulls;
use crate::state::{Key, KeyState, Origin, Region};

/// `KeyMetadata`. Neither aliases nor rotation, tags, grants or policy are part of it.
pub(crate) fn metadata(key: &Key, region: &Region) -> Value {
    let state = key.state();
    let waits_for_replicas = state == KeyState::PendingReplicaDeletion;
    let (imported, valid_to) = match key.origin {
        Origin::External { imported, valid_to } => (imported, valid_to),
        Origin::Kms | Origin::CloudHsm(_) | Origin::ExternalKeyStore(_) => (false, None),
    };
    let expiration = match valid_to {
        Some(_) => "KEY_MATERIAL_EXPIRES",
        None => "KEY_MATERIAL_DOES_NOT_EXPIRE",
    };
    without_nulls(json!({
        "AWSAccountId": region.account,
        "KeyId": key.id,
        "Arn": key.arn,
        "CreationDate": epoch(key.created),
        "Enabled": state == KeyState::Enabled,
        "Description": key.description,
        "KeyUsage": key.usage,
        "KeyState": state.name(),
        "DeletionDate": key.pending.filter(|_| !waits_for_replicas).map(|pending| epoch(pending.date)),
        "PendingDeletionWindowInDays": key.pending.filter(|_| waits_for_replicas).map(|pending| pending.days),
        "Origin": key.origin.name(),
        "CustomKeyStoreId": key.origin.store(),
        "ExpirationModel": imported.then_some(expiration),
        "ValidTo": valid_to.filter(|_| imported).map(epoch),
        "KeyManager": key.manager,
        "CustomerMasterKeySpec": key.spec,
        "KeySpec": key.spec,
        "EncryptionAlgorithms": (key.usage == "ENCRYPT_DECRYPT").then(|| algorithms(key)),
        "SigningAlgorithms": (key.usage == "SIGN_VERIFY").then(|| algorithms(key)),
        "MacAlgorithms": (key.usage == "GENERATE_VERIFY_MAC").then(|| algorithms(key)),
        "KeyAgreementAlgorithms": (key.usage == "KEY_AGREEMENT").then(|| json!(["ECDH"])),
        "MultiRegion": key.replication.is_some(),
        "MultiRegionConfiguration": regions(key),
    }))
}

fn algorithms(key: &Key) -> Value {
    match (key.spec.as_str(), key.usage.as_str()) {
        ("SYMMETRIC_DEFAULT", _) => json!(["SYMMETRIC_DEFAULT"]),
        (spec, "ENCRYPT_DECRYPT") if spec.starts_with("RSA_") => {
            json!(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
        }
        (spec, _) if spec.starts_with("RSA_") => json!([
            "RSASSA_PKCS1_V1_5_SHA_256",
            "RSASSA_PKCS1_V1_5_SHA_384",
            "RSASSA_PKCS1_V1_5_SHA_512",
            "RSASSA_PSS_SHA_256",
            "RSASSA_PSS_SHA_384",
            "RSASSA_PSS_SHA_512",
        ]),
        ("ECC_NIST_P384", _) => json!(["ECDSA_SHA_384"]),
        ("ECC_NIST_P521", _) => json!(["ECDSA_SHA_512"]),
        (spec, _) if spec.starts_with("ECC_") => json!(["ECDSA_SHA_256"]),
        (spec, _) if spec.starts_with("HMAC_") => json!([spec.replace("HMAC_", "HMAC_SHA_")]),
        _ => json!(["ML_DSA_SHAKE_256"]),
    }
}

fn regions(key: &Key) -> Option<Value> {
    let replication = key.replication.as_ref()?;
    let own = key.region();
    let member = |region: &String| {
        let arn = key.arn.replacen(&format!(":{own}:"), &format!(":{region}:"), 1);
        json!({ "Arn": arn, "Region": region })
    };
    Some(json!({
        "MultiRegionKeyType": if key.is_replica() { "REPLICA" } else { "PRIMARY" },
        "PrimaryKey": member(&replication.primary),
        "ReplicaKeys": replication.replicas.iter().map(member).collect::<Vec<_>>(),
    }))
}
