use aws_sdk_sts::operation::get_caller_identity::{GetCallerIdentityInput, GetCallerIdentityOutput};

use super::Fate::{LeftOut, Used};

super::ledger! {
    values();

    GetCallerIdentityInput {}
    GetCallerIdentityOutput {
        Used => arn;
        LeftOut("it is in the ARN") => account;
        LeftOut("the ARN names the caller") => user_id;
    }
}
