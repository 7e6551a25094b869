//! Whatever a Terraform state or plan or a CloudFormation template says: it is refused, or what is written of it is a spec.

use reconcile::spec::Spec;
use spec_import::{ImportError, Imported, cloudformation, terraform, write};

type Reader = fn(&str, &str, &str) -> Result<Imported, ImportError>;

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for read in [terraform::read as Reader, cloudformation::read] {
        let Ok(Ok(written)) = read(text, "a test", "eu-west-1").map(write) else { continue };
        let again = Spec::parse(&written.text);
        assert!(again.is_ok_and(|spec| spec.sha256() == written.spec.sha256()), "{}", written.text);
    }
}
