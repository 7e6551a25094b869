//! Mistakes in the regions, the tags, the role and the keys.

use super::*;

#[test]
fn a_region_must_look_like_one() {
    for region in ["", "Ireland", "eu-west", "eu-west-1a", "EU-WEST-1", "eu_west_1", "eu--1"] {
        let written = format!("archive = {region:?}");
        refuses(
            "archive = \"eu-north-1\"",
            &written,
            "regions.archive",
            "archive",
            &["not a region", "us-east-1"],
        );
    }
    for region in ["ap-southeast-7", "mx-central-1", "moon-base-north-1"] {
        takes("archive = \"eu-north-1\"", &format!("archive = {region:?}"));
    }
}

#[test]
fn the_regions_are_of_one_partition() {
    for (region, partition) in
        [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eusc-de-east-1", "aws-eusc")]
    {
        refuses(
            "dr = \"eu-central-1\"",
            &format!("dr = {region:?}"),
            "regions.dr",
            region,
            &[partition, "regions.archive is in aws;"],
        );
    }
    let sovereign = [
        ("eu-west-1", "eusc-de-east-1"),
        ("eu-central-1", "eusc-de-west-1"),
        ("eu-north-1", "eusc-de-south-1"),
    ];
    let base = BASE.replace("arn:aws:", "arn:${partition}:");
    let toml = sovereign.iter().fold(base, |toml, (from, to)| toml.replace(from, to));
    Spec::parse(&toml).unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn the_primary_region_must_be_named() {
    let toml = "name = \"x\"\n[regions]\ndr = \"eu-west-1\"\n[role]\nname = \"r\"\ntrusted_services = [\"backup.amazonaws.com\"]";
    let error = only_mistake(toml);
    assert_eq!((error.path.as_str(), error.line), ("regions.primary", 3), "{error}");
}

#[test]
fn two_names_for_one_region_are_refused() {
    refuses("eu-north-1", "eu-west-1", "regions.primary", "eu-west-1", &["same as that of regions.archive"]);
}

#[test]
fn an_item_is_in_a_region_of_the_spec() {
    let toml = changed(
        "rotation = false",
        "rotation = false\n[[keys]]\nalias = \"alias/x\"\nregion = \"eu-west-1\"\ndescription = \"x\"\nrotation = true",
    );
    let error = only_mistake(&toml);
    assert_eq!(error.path, "keys[2].region");
    assert!(error.message.ends_with("allowed: archive, dr, primary"), "{error}");
    refuses(
        "name = \"plan\"",
        "name = \"plan\"\nregion = \"mars\"",
        "plans[0].region",
        "mars",
        &["not a name in [regions]"],
    );
}

#[test]
fn tags_have_keys_and_values_that_aws_takes() {
    let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
    refuses("team = \"backup\"", "\"aws:team\" = \"x\"", "tags.aws:team", "aws:team", &["begins with aws:"]);
    refuses("team = \"backup\"", "\"AWS:team\" = \"x\"", "tags.AWS:team", "AWS:team", &["begins with aws:"]);
    refuses("team = \"backup\"", "\"\" = \"x\"", "tags.", "x", &["0 characters", "1 to 128"]);
    refuses(
        "team = \"backup\"",
        &format!("{long_key} = \"\""),
        &format!("tags.{long_key}"),
        &long_key,
        &["129"],
    );
    refuses(
        "\"backup\"\ntier",
        &format!("\"{long_value}\"\ntier"),
        "tags.team",
        "team",
        &["257", "0 to 256"],
    );
    takes("team = \"backup\"", &format!("{} = \"{}\"", "k".repeat(128), "v".repeat(256)));
    refuses("team = \"backup\"", "team = \"${account}\"", "tags.team", "team", &["not filled in here"]);
}

#[test]
fn there_are_at_most_50_tags_the_common_ones_included() {
    let tags = |count| repeated(count, |n| format!("t{n} = \"x\""));
    takes("tags = { tier = \"silver\" }", &format!("tags = {{ tier = \"silver\", {} }}", tags(48)));
    let own = format!("tags = {{ tier = \"silver\", {} }}", tags(49));
    refuses("tags = { tier = \"silver\" }", &own, "plans[0].tags", "tags = {", &["51 tags", "allows 50"]);
    let common = format!("{}\n", repeated(51, |n| format!("t{n} = \"x\"")).replace(", ", "\n"));
    let errors = Spec::parse(&changed("team = \"backup\"\ntier = \"gold\"\n", &common)).expect_err("refused");
    assert!(errors.iter().any(|error| error.path == "tags"), "{errors}");
}

#[test]
fn the_role_has_a_name_and_a_path_that_iam_takes() {
    let words = ["is not a role name", "1 to 64"];
    refuses("name = \"backup_role\"", "name = \"a role\"", "role.name", "a role", &words);
    refuses("name = \"backup_role\"", "name = \"\"", "role.name", "\"\"", &words);
    refuses("name = \"backup_role\"", &format!("name = {:?}", "r".repeat(65)), "role.name", "rrr", &words);
    for path in ["backup", "/backup", "backup/", "//", "/a b/", "/${account}/"] {
        let written = format!("name = \"r\"\npath = {path:?}");
        refuses("name = \"backup_role\"", &written, "role.path", "path", &["begins and ends with /"]);
    }
    takes("name = \"backup_role\"", "name = \"role+=,.@-1\"\npath = \"/service/backup/\"");
}

#[test]
fn a_role_without_its_table_names_what_is_missing() {
    let error = Spec::parse("name = \"x\"\n[regions]\nprimary = \"eu-west-1\"").expect_err("refused");
    let paths: Vec<&str> = error.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["role.name", "role.trusted_services"]);
}

#[test]
fn the_role_trusts_either_services_or_by_a_document() {
    let services = "trusted_services = [\"backup.amazonaws.com\"]";
    let trust = r#"trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"sts:AssumeRole"}]}'"#;
    takes(services, trust);
    refuses(services, &format!("{services}\n{trust}"), "role.trust", "trust =", &["only one of the two"]);
    refuses(services, "", "role.trusted_services", "[role]", &["is missing", "trust"]);
    refuses(services, "trusted_services = []", "role.trusted_services", "[role]", &["is empty"]);
    for service in
        ["backup", "backup.amazonaws.com.evil.org", ".amazonaws.com", ".x.amazonaws.com", "*.amazonaws.com"]
    {
        let written = format!("trusted_services = [{service:?}]");
        refuses(services, &written, "role.trusted_services[0]", service, &["backup.amazonaws.com"]);
    }
    refuses(services, "trust = '{}'", "role.trust", "trust", &["no Statement"]);
    refuses(services, "trust = 'nonsense'", "role.trust", "trust", &["not JSON"]);
    refuses(
        services,
        &trust.replace("account", "vault"),
        "role.trust",
        "trust",
        &["${vault} is not known", "${account}"],
    );
}

#[test]
fn managed_policies_are_policies_and_at_most_twenty() {
    let from = "[\"arn:${partition}:iam::${account}:policy/backup\"]";
    for arn in [
        "backup",
        "arn:aws:iam::aws:role/x",
        "arn:aws:iam::12:policy/x",
        "arn:aws:s3:::policy/x",
        "arn:aws:iam::aws:policy/",
    ] {
        refuses(
            from,
            &format!("[{arn:?}]"),
            "role.managed_policies[0]",
            arn,
            &["ARN of a managed policy", "write"],
        );
    }
    let unknown = "[\"arn:${partition}:iam::${acount}:policy/x\"]";
    refuses(
        from,
        unknown,
        "role.managed_policies[0]",
        "acount",
        &["${acount} is not known", "${partition}, ${account}"],
    );
    let many = |count| format!("[{}]", repeated(count, |n| format!("\"arn:aws:iam::aws:policy/p{n}\"")));
    takes(from, &many(20));
    refuses(from, &many(21), "role.managed_policies[20]", "p20", &["at most 20"]);
}

#[test]
fn a_key_is_named_by_a_customer_alias() {
    let key = |alias: &str| {
        format!(
            "[[keys]]\nalias = {alias:?}\nregion = \"archive\"\ndescription = \"x\"\nrotation = true\n\n[vault_policies]"
        )
    };
    for alias in ["backup", "alias/", "alias/aws/backup", "alias/aws", "alias/a b", "Alias/backup"] {
        refuses("[vault_policies]", &key(alias), "keys[2].alias", alias, &["is not an alias", "alias/aws/"]);
    }
    takes("[vault_policies]", &key("alias/team/backup-key_1"));
}

#[test]
fn an_alias_is_there_once_in_a_region() {
    let again = "[[keys]]\nalias = \"alias/backup\"\nregion = \"dr\"\ndescription = \"x\"\nrotation = true\n\n[vault_policies]";
    refuses("[vault_policies]", again, "keys[2].alias", "alias/backup", &["same as that of keys[1].alias"]);
}

#[test]
fn a_rotation_period_is_90_to_2560_days_and_only_with_rotation() {
    for days in ["89", "2561", "0", "-1"] {
        let written = format!("rotation_period_days = {days}");
        refuses(
            "rotation_period_days = 180",
            &written,
            "keys[0].rotation_period_days",
            days,
            &["90 to 2560 days"],
        );
    }
    takes("rotation_period_days = 180", "rotation_period_days = 90");
    takes("rotation_period_days = 180", "rotation_period_days = 2560");
    refuses(
        "rotation = true",
        "rotation = false",
        "keys[0].rotation_period_days",
        "180",
        &["without rotation"],
    );
}

#[test]
fn a_key_policy_is_a_policy() {
    let with = |policy: &str| format!("description = \"encrypts copies\"\npolicy = '''{policy}'''");
    let from = "description = \"encrypts copies\"";
    let statement = r#"{"Effect":"Allow","Principal":{"AWS":"${role}"},"Action":"kms:*","Resource":"*"}"#;
    takes(from, &with(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)));
    refuses(from, &with("{"), "keys[1].policy", "policy", &["not JSON"]);
    refuses(
        from,
        &with(r#"{"Statement":[{"Effect":"Perhaps"}]}"#),
        "keys[1].policy",
        "policy",
        &["Statement"],
    );
    refuses(
        from,
        &with(&statement.replace("role", "vault")),
        "keys[1].policy",
        "policy",
        &["${vault} is not known"],
    );
    let long =
        format!(r#"{{"Version":"2012-10-17","Id":"{}","Statement":[{statement}]}}"#, "x".repeat(32_768));
    refuses(from, &with(&long), "keys[1].policy", "policy", &["KMS allows 32768"]);
}

#[test]
fn a_description_is_taken_as_it_is() {
    refuses("\"encrypts copies\"", "\"of ${account}\"", "keys[1].description", "of", &["not filled in here"]);
}

#[test]
fn a_spec_has_a_name() {
    refuses("name = \"base\"", "name = \"\"", "name", "name", &["is empty"]);
}

#[test]
fn an_inline_policy_has_a_name_that_iam_takes() {
    let from = "managed_policies = [\"arn:${partition}:iam::${account}:policy/backup\"]";
    let named = |name: &str| format!("inline_policies = [{{ name = {name:?} }}]");
    for name in ["a", "A1_+=,.@-", &"x".repeat(128)] {
        takes(from, &named(name));
    }
    for name in ["", "a b", "a/b", "ä", &"x".repeat(129)] {
        refuses(
            from,
            &named(name),
            "role.inline_policies[0].name",
            "inline",
            &["not the name of an inline policy"],
        );
    }
}
