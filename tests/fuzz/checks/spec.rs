//! Whatever a spec says: it is taken, or refused at lines that it has; and what is taken can be resolved for any account.

use reconcile::spec::{Spec, Target};
use time::Date;

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let spec = match Spec::parse(text) {
        Ok(spec) => spec,
        Err(errors) => {
            assert!(!errors.to_string().is_empty());
            assert!(Spec::parse_on(text, Date::MIN).is_err(), "a day makes a refused spec good");
            return;
        }
    };
    for warning in spec.warnings() {
        assert!(!warning.to_string().is_empty());
    }
    for (partition, primary_region) in [("aws", None), ("aws-cn", Some("cn-north-1".to_owned()))] {
        let (partition, account) = (partition.to_owned(), "123456789012".to_owned());
        let target = Target { partition, account, primary_region, dr_region: None };
        if let Ok(desired) = spec.resolve(&target) {
            assert!(!desired.regions().is_empty() || desired.vaults.is_empty());
        }
    }
}
