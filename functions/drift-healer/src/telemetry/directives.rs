//! What is logged: Lambda's level first, then `RUST_LOG`, then INFO.

use tracing_subscriber::filter::Targets;

/// What talks of connections and polls at INFO and DEBUG, where a reader looks for findings.
const QUIET: [&str; 7] =
    ["aws_config", "aws_runtime", "aws_sdk_", "aws_smithy", "hyper", "lambda_runtime_api_client", "rustls"];

/// Prints the error of a failed invocation once more, as `Debug` and without the request's id.
const SAID_ALREADY: &str = "lambda_runtime::layers::panic";

/// The filter's directives. With a level of Lambda's, `RUST_LOG` does not count, as AWS documents; without one it may name the
/// quiet targets and hear them.
pub(super) fn directives(lookup: impl Fn(&str) -> Option<String>) -> String {
    let set = |name: &str| lookup(name).filter(|text| !text.trim().is_empty());
    if let Some(level) = set("AWS_LAMBDA_LOG_LEVEL").and_then(|text| level(&text)) {
        return with_quiet(level, level);
    }
    match set("RUST_LOG") {
        Some(own) => {
            let level = own.split(',').find_map(level);
            with_quiet(level.unwrap_or("info"), &own)
        }
        None => with_quiet("info", "info"),
    }
}

/// Lambda's words for levels, and ours.
fn level(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "trace" => Some("trace"),
        "debug" => Some("debug"),
        "info" => Some("info"),
        "warn" => Some("warn"),
        "error" | "fatal" => Some("error"),
        "off" => Some("off"),
        _ => None,
    }
}

/// The later of two directives for one target counts, so that what is asked for comes last.
fn with_quiet(level: &str, asked: &str) -> String {
    let quiet = if matches!(level, "error" | "off") { level } else { "warn" };
    let mut directives = vec![format!("{SAID_ALREADY}=off")];
    directives.extend(QUIET.iter().map(|target| format!("{target}={quiet}")));
    directives.push(asked.to_owned());
    directives.join(",")
}

/// The filter that directives describe, without those that describe none.
pub(super) fn filter(directives: &str) -> Targets {
    let known: Vec<&str> = directives.split(',').filter(|one| one.parse::<Targets>().is_ok()).collect();
    known.join(",").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    fn of(pairs: &[(&str, &str)]) -> String {
        directives(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn asked(directives: &str) -> &str {
        directives.rsplit(',').next().expect("a last one")
    }

    #[test]
    fn lambdas_level_beats_rust_log() {
        assert_eq!(asked(&of(&[("AWS_LAMBDA_LOG_LEVEL", "WARN"), ("RUST_LOG", "debug")])), "warn");
        assert_eq!(asked(&of(&[("AWS_LAMBDA_LOG_LEVEL", "TRACE")])), "trace");
    }

    #[test]
    fn fatal_is_error_and_silences_the_quiet_ones_as_well() {
        let fatal = of(&[("AWS_LAMBDA_LOG_LEVEL", "FATAL")]);
        assert_eq!(asked(&fatal), "error");
        assert!(fatal.contains("hyper=error"), "{fatal}");
    }

    #[test]
    fn without_a_level_it_is_info_and_the_quiet_ones_only_warn() {
        for environment in
            [&[][..], &[("AWS_LAMBDA_LOG_LEVEL", ""), ("RUST_LOG", " ")], &[("AWS_LAMBDA_LOG_LEVEL", "LOUD")]]
        {
            let directives = of(environment);
            assert_eq!(asked(&directives), "info");
            assert!(directives.contains("aws_smithy=warn"), "{directives}");
        }
    }

    #[test]
    fn rust_log_can_name_a_quiet_target() {
        let filter = filter(&of(&[("RUST_LOG", "debug,no level=loud,hyper=trace")]));
        assert!(filter.would_enable("hyper::client", &Level::TRACE));
        assert!(filter.would_enable("rustls", &Level::WARN) && !filter.would_enable("rustls", &Level::INFO));
        assert!(filter.would_enable("drift_healer", &Level::DEBUG));
        assert!(!filter.would_enable("drift_healer", &Level::TRACE));
    }
}
