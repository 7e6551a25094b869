//! Links between documents, and to headings in them, lead somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Document;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every document of the project.
fn documents() -> Vec<PathBuf> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if path.is_dir() && !["target", ".git", "node_modules"].contains(&name.as_ref()) {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&root(), &mut found);
    found
}

/// What stands in the round brackets of `[text](here)`, outside of blocks of code.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        in_code ^= line.starts_with("```");
        if !in_code {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
            found.extend(targets.map(|(target, _)| target.to_owned()));
        }
    }
    found
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')));
    let kept = |heading: &str| -> String {
        let lower = heading.trim().to_lowercase();
        lower
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    headings.map(kept).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    let documents = documents();
    assert!(documents.len() > 8, "{documents:?}");
    for path in documents {
        let text = std::fs::read_to_string(&path).expect("a document");
        for link in
            links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if file.is_empty() { path.clone() } else { path.parent().expect("a folder").join(file) };
            let there = std::fs::read_to_string(&target);
            let leads = target.exists()
                && (anchor.is_empty() || there.is_ok_and(|text| anchors(&text).contains(anchor)));
            if !leads {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Where the function reads its environment.
const SETTINGS: &str = "functions/drift-healer/src/settings.rs";

#[test]
fn every_variable_stands_in_the_functions_document() {
    let document = Document::open("functions/drift-healer/README.md");
    // Lambda and the SDK have theirs in documents of their own.
    let is_variable = |word: &&str| {
        !word.starts_with("AWS_")
            && word.len() > 3
            && word.contains(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let source = Document::open(SETTINGS).text;
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let variables: BTreeSet<&str> = code.split('"').skip(1).step_by(2).filter(is_variable).collect();
    assert!(variables.contains("MODE"), "{variables:?}");
    for variable in variables {
        assert!(
            document.text.contains(&format!("`{variable}`")),
            "{} has no {variable}",
            document.path.display()
        );
    }
}
