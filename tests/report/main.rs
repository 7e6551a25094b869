//! The HTML report: what it holds, and that nothing foreign gets into it in the raw. `PAGES=FOLDER` writes the pages, for a browser.
#![allow(clippy::unwrap_used, clippy::expect_used)] // what cannot be read fails the test

mod pages;

use pages::{Page, all, hostile};

#[tokio::test]
async fn every_page_holds_the_decision_the_map_the_findings_and_the_evidence() {
    for Page { name, answer, html, .. } in all().await {
        if let Some(folder) = std::env::var_os("PAGES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &html).unwrap();
        }
        let holds = |text: &str| assert!(html.contains(&escaped(text)), "{name} lacks {text}");
        for pointer in ["/decision", "/account", "/spec/name", "/spec/sha256"] {
            holds(answer.pointer(pointer).unwrap().as_str().unwrap());
        }
        for finding in answer["findings"].as_array().unwrap() {
            holds(finding["summary"].as_str().unwrap());
            holds(finding["impact"].as_str().unwrap());
        }
        let rows = html.matches("<tr><td>").count();
        assert!(rows >= answer["calls"].as_array().unwrap().len(), "{name}");
        assert_eq!(html.matches("<article ").count(), answer["findings"].as_array().unwrap().len(), "{name}");
    }
}

#[tokio::test]
async fn every_mark_leads_to_a_finding_that_is_there() {
    for Page { name, html, .. } in all().await {
        for reference in html.split("href=\"#").skip(1) {
            let id = reference.split('"').next().unwrap();
            assert!(html.contains(&format!("id=\"{id}\"")), "{name}: {id}");
        }
    }
}

#[tokio::test]
async fn a_drift_is_marked_where_it_is_on_the_map() {
    let pages = all().await;
    let page = pages.iter().find(|page| page.name == "drifted").unwrap();
    let svg = page.html.split("<svg").nth(1).unwrap().split("</svg>").next().unwrap();
    for label in [
        "vault vault_prod_daily: open: vault-lock missing (critical)",
        "plan prod_backups: open: plan rule missing (critical), and 3 more",
        "key alias/aws_backup_key: open: key rotation off (medium)",
        "vault vault_prod_hourly: in sync",
    ] {
        assert!(svg.contains(&format!("aria-label=\"{}", escaped(label))), "{label} in {svg}");
    }
    let in_sync = pages.iter().find(|page| page.name == "in-sync").unwrap();
    assert!(!in_sync.html.contains("class=\"edge open\"") && page.html.contains("class=\"edge open\""));
}

#[test]
fn what_others_wrote_is_text_and_nothing_else() {
    let html = hostile("\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\u{202e}");
    for raw in ["<script", "<img", "onerror=alert(1)>", "\u{202e}"] {
        assert!(!html.contains(raw), "{raw}");
    }
    assert!(html.contains("&lt;script&gt;") && html.contains("{{ 7 * 7 }}") && html.contains("\\u{202e}"));
}

#[test]
fn a_link_that_is_no_page_on_the_web_is_none() {
    assert!(!hostile("javascript:alert(1)").contains("href=\"javascript"));
}

/// As the template writes it.
fn escaped(text: &str) -> String {
    let each = text.chars().map(|c| match c {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#x27;".to_owned(),
        '/' => "&#x2f;".to_owned(),
        other => other.to_string(),
    });
    each.collect()
}
