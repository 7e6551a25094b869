//! The SDK's configuration from environment variables alone, as Lambda gives them.
//!
//! `aws-config` looks into profiles and asks EC2, ECS and identity providers as well. In Lambda there is nothing of these, and to carry it is
//! a thirtieth of what the function weighs.

use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config::{HOME, common};

/// Gives the value of a variable; never a blank one.
pub(crate) type Lookup = fn(&str) -> Option<String>;

pub(crate) fn lookup(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether there is all that Lambda gives: the credentials, and the region.
pub(crate) fn is_complete(lookup: Lookup) -> bool {
    credentials(lookup).is_some() && region(lookup).is_some()
}

pub(crate) fn sdk_config(lookup: Lookup) -> SdkConfig {
    let is_true = |name: &str| lookup(name).map(|value| value.trim().eq_ignore_ascii_case("true"));
    let ignores_endpoints = is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == Some(true);
    let mut config = common()
        .region(region(lookup).map_or(Region::from_static(HOME), Region::new))
        .service_config(Endpoints { lookup, ignored: ignores_endpoints });
    config.set_use_fips(is_true("AWS_USE_FIPS_ENDPOINT"));
    config.set_use_dual_stack(is_true("AWS_USE_DUALSTACK_ENDPOINT"));
    config.set_endpoint_url(lookup("AWS_ENDPOINT_URL").filter(|_| !ignores_endpoints));
    match credentials(lookup) {
        Some(credentials) => {
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(credentials)))
        }
        None => {
            tracing::warn!("no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
            &mut config
        }
    };
    config.build()
}

fn region(lookup: Lookup) -> Option<String> {
    lookup("AWS_REGION").or_else(|| lookup("AWS_DEFAULT_REGION"))
}

fn credentials(lookup: Lookup) -> Option<Credentials> {
    let (key, secret) = (lookup("AWS_ACCESS_KEY_ID")?, lookup("AWS_SECRET_ACCESS_KEY")?);
    Some(Credentials::new(key, secret, lookup("AWS_SESSION_TOKEN"), None, "Environment"))
}

/// Where each service is (`AWS_ENDPOINT_URL_BACKUP`), where somebody says so.
#[derive(Debug)]
struct Endpoints {
    lookup: Lookup,
    ignored: bool,
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        if self.ignored && key.env() == "AWS_ENDPOINT_URL" {
            return None;
        }
        let service = key.service_id().to_ascii_uppercase().replace(' ', "_");
        (self.lookup)(&format!("{}_{service}", key.env())).or_else(|| (self.lookup)(key.env()))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_sts::config::ProvideCredentials;

    use super::*;

    fn full(name: &str) -> Option<String> {
        let value = match name {
            "AWS_REGION" => "eu-central-1",
            "AWS_ACCESS_KEY_ID" => "AKIA",
            "AWS_SECRET_ACCESS_KEY" => "secret",
            "AWS_SESSION_TOKEN" => "token",
            "AWS_ENDPOINT_URL" => "http://all",
            "AWS_ENDPOINT_URL_BACKUP" => "http://backup",
            "AWS_USE_FIPS_ENDPOINT" => "TRUE",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn endpoint(config: &SdkConfig, service: &str) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .unwrap();
        config.service_config().unwrap().load_config(key)
    }

    #[tokio::test]
    async fn everything_comes_from_the_variables() {
        assert!(is_complete(full));
        let config = sdk_config(full);
        assert_eq!(config.region().unwrap().as_ref(), "eu-central-1");
        assert_eq!((config.use_fips(), config.use_dual_stack()), (Some(true), None));
        assert_eq!(config.endpoint_url(), Some("http://all"));
        assert_eq!(endpoint(&config, "Backup").as_deref(), Some("http://backup"));
        assert_eq!(endpoint(&config, "KMS").as_deref(), Some("http://all"));
        let found = config.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!((found.access_key_id(), found.secret_access_key()), ("AKIA", "secret"));
        assert_eq!(found.session_token(), Some("token"));
    }

    #[test]
    fn endpoints_can_be_ignored() {
        let config = sdk_config(|name| match name {
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" => Some("true".to_owned()),
            _ => full(name),
        });
        assert_eq!((config.endpoint_url(), endpoint(&config, "Backup")), (None, None));
    }

    #[test]
    fn without_a_secret_or_a_region_it_is_not_complete() {
        assert!(!is_complete(|name| full(name).filter(|_| name != "AWS_SECRET_ACCESS_KEY")));
        assert!(!is_complete(|name| full(name).filter(|_| name != "AWS_REGION")));
        assert!(sdk_config(|_| None).credentials_provider().is_none());
        assert_eq!(sdk_config(|_| None).region().unwrap().as_ref(), HOME);
    }
}
