//! AWS cron, expression by expression: what AWS Backup takes as a schedule, and why it does not take the rest.

use reconcile::schedule::{Cron, nearest_zone, same_schedule, same_zone};
use time::macros::date;

const ACCEPTED: &[&str] = &[
    // The reference deployment, and the default of AWS Backup.
    "cron(20 * * * ? *)",
    "cron(20 7 * * ? *)",
    "cron(20 7 1 * ? *)",
    "cron(20 9 * * ? *)",
    "cron(0 5 ? * * *)",
    // Every wildcard in every field that takes it.
    "cron(* * * * ? *)",
    "cron(* * ? * * *)",
    "cron(0,15,30,45 * * * ? *)",
    "cron(0-59 * * * ? *)",
    "cron(*/15 * * * ? *)",
    "cron(0/15 * * * ? *)",
    "cron(0-30/5 * * * ? *)",
    "cron(0/59 * * * ? *)",
    "cron(5,10-20,30/10 * * * ? *)",
    "cron(0 0-23 * * ? *)",
    "cron(0 */12 * * ? *)",
    "cron(0 1/23 * * ? *)",
    "cron(0 8,20 * * ? *)",
    "cron(0 0 1-15 * ? *)",
    "cron(0 0 1,15,31 * ? *)",
    "cron(0 0 1/7 * ? *)",
    "cron(0 0 */2 * ? *)",
    "cron(0 0 1/31 * ? *)",
    "cron(0 0 L * ? *)",
    "cron(0 0 15W * ? *)",
    "cron(0 0 1W * ? *)",
    "cron(0 0 1 1-12 ? *)",
    "cron(0 0 1 JAN ? *)",
    "cron(0 0 1 JAN,APR,JUL,OCT ? *)",
    "cron(0 0 1 MAR-SEP ? *)",
    "cron(0 0 1 */3 ? *)",
    "cron(0 0 1 1/3 ? *)",
    "cron(0 0 ? * 1 *)",
    "cron(0 0 ? * SUN *)",
    "cron(0 0 ? * MON-FRI *)",
    "cron(0 0 ? * 2-6 *)",
    "cron(0 0 ? * MON,WED,FRI *)",
    "cron(0 0 ? * L *)",
    "cron(15 10 ? * 6L 2022-2023)",
    "cron(0 0 ? * FRIL *)",
    "cron(0 0 ? * 3#2 *)",
    "cron(0 0 ? * TUE#5 *)",
    "cron(0 0 ? JUL 2#1 *)",
    "cron(0 0 * * ? 1970)",
    "cron(0 0 * * ? 2199)",
    "cron(0 0 * * ? 2030,2032-2035)",
    "cron(0 0 * * ? 2030/2)",
    "cron(00 05 * * ? *)",
    "cron(5-5 0 1 * ? *)",
];

const REJECTED: &[(&str, &str)] = &[
    // Not a cron expression at all.
    ("", "is not a cron expression"),
    ("20 7 * * ? *", "is not a cron expression"),
    ("rate(1 hour)", "AWS Backup takes no others"),
    ("at(2030-01-01T00:00:00)", "AWS Backup takes no others"),
    ("Cron(20 7 * * ? *)", "is not a cron expression"),
    ("cron(20 7 * * ? *", "is not a cron expression"),
    ("cron (20 7 * * ? *)", "is not a cron expression"),
    (" cron(20 7 * * ? *)", "is not a cron expression"),
    ("@daily", "write cron(minutes hours day-of-month month day-of-week year)"),
    // The wrong number of fields.
    ("cron()", "has no fields"),
    ("cron(20 7 * * *)", "has five fields; AWS cron has six"),
    ("cron(0 20 7 * * ? *)", "has seven fields; AWS cron has six"),
    ("cron(1 2 3 4 5 6 7 8 9 10)", "has 10 fields"),
    ("cron(20  7 * * ? *)", "not separated by single spaces"),
    ("cron( 20 7 * * ? *)", "not separated by single spaces"),
    ("cron(20 7 * * ? * )", "not separated by single spaces"),
    ("cron(20\t7 * * ? *)", "not separated by single spaces"),
    // The two day fields.
    ("cron(20 7 * * * *)", "? in exactly one of day-of-month and day-of-week"),
    ("cron(20 7 ? * ? *)", "? in exactly one of day-of-month and day-of-week"),
    ("cron(20 7 1 * MON *)", "? in exactly one of day-of-month and day-of-week"),
    ("cron(20 7 L * L *)", "? in exactly one of day-of-month and day-of-week"),
    ("cron(20 7 * * 1 *)", "? in exactly one of day-of-month and day-of-week"),
    // Ranges of values.
    ("cron(60 * * * ? *)", "minutes \"60\": 60 is out of range; allowed: 0-59"),
    ("cron(0 24 * * ? *)", "hours \"24\": 24 is out of range; allowed: 0-23"),
    ("cron(0 0 0 * ? *)", "day-of-month \"0\": 0 is out of range; allowed: 1-31"),
    ("cron(0 0 32 * ? *)", "day-of-month \"32\": 32 is out of range"),
    ("cron(0 0 1 0 ? *)", "month \"0\": 0 is out of range; allowed: 1-12, JAN-DEC"),
    ("cron(0 0 1 13 ? *)", "month \"13\": 13 is out of range"),
    ("cron(0 0 ? * 0 *)", "day-of-week \"0\": 0 is out of range; allowed: 1-7 (1 is Sunday)"),
    ("cron(0 0 ? * 8 *)", "day-of-week \"8\": 8 is out of range"),
    ("cron(0 0 * * ? 1969)", "year \"1969\": 1969 is out of range; allowed: 1970-2199"),
    ("cron(0 0 * * ? 2200)", "year \"2200\": 2200 is out of range"),
    ("cron(0 0 1-32 * ? *)", "32 is out of range"),
    ("cron(0,60 * * * ? *)", "60 is out of range"),
    // Values that are none.
    ("cron(-5 * * * ? *)", "minutes \"-5\": a value is missing"),
    ("cron(+5 * * * ? *)", "\"+5\" is not a value"),
    ("cron(5, * * * ? *)", "a value is missing"),
    ("cron(5- * * * ? *)", "a value is missing"),
    ("cron(,5 * * * ? *)", "a value is missing"),
    ("cron(1-2-3 * * * ? *)", "\"2-3\" is not a value"),
    ("cron(00005 * * * ? *)", "\"00005\" is not a value"),
    ("cron(0 0 1 jan ? *)", "month \"jan\": \"jan\" is not a value"),
    ("cron(0 0 1 JANUARY ? *)", "\"JANUARY\" is not a value"),
    ("cron(0 0 ? * mon *)", "\"mon\" is not a value"),
    ("cron(0 0 ? * JAN *)", "day-of-week \"JAN\": \"JAN\" is not a value"),
    ("cron(0 0 JAN * ? *)", "day-of-month \"JAN\": \"JAN\" is not a value"),
    ("cron(H 5 * * ? *)", "\"H\" is not a value"),
    // Ranges and steps.
    ("cron(30-10 * * * ? *)", "the range 30-10 runs backwards"),
    ("cron(0 22-2 * * ? *)", "the range 22-2 runs backwards"),
    ("cron(0 0 ? * FRI-MON *)", "the range FRI-MON runs backwards"),
    ("cron(0 0 * * ? 2031-2030)", "the range 2031-2030 runs backwards"),
    ("cron(*/0 * * * ? *)", "\"0\" is no step; / takes 1 to 59"),
    ("cron(*/60 * * * ? *)", "\"60\" is no step; / takes 1 to 59"),
    ("cron(0 0/24 * * ? *)", "/ takes 1 to 23"),
    ("cron(0 0 1/32 * ? *)", "/ takes 1 to 31"),
    ("cron(0 0 * * ? 1970/230)", "/ takes 1 to 229"),
    ("cron(/15 * * * ? *)", "a value is missing"),
    ("cron(5/ * * * ? *)", "\"\" is no step"),
    ("cron(0/5/5 * * * ? *)", "\"5/5\" is no step"),
    ("cron(0 0 ? * 2/2 *)", "/ is not allowed in this field"),
    ("cron(0 0 ? * */2 *)", "/ is not allowed in this field"),
    // Wildcards in the wrong field or in bad company.
    ("cron(? 0 * * ? *)", "minutes \"?\": \"?\" is not a value"),
    ("cron(0 0 * ? ? *)", "month \"?\": \"?\" is not a value"),
    ("cron(0 0 * * ? ?)", "year \"?\": \"?\" is not a value"),
    ("cron(L 0 * * ? *)", "minutes \"L\": \"L\" is not a value"),
    ("cron(0 0 1 L ? *)", "month \"L\": \"L\" is not a value"),
    ("cron(0 0 ? * 2W *)", "day-of-week \"2W\": \"2W\" is not a value"),
    ("cron(0 0 2#1 * ? *)", "day-of-month \"2#1\": \"2#1\" is not a value"),
    ("cron(0 0 5L * ? *)", "day-of-month \"5L\": \"5L\" is not a value"),
    ("cron(0 0 LW * ? *)", "\"L\" is not a value"),
    ("cron(0 0 L-3 * ? *)", "\"L\" is not a value"),
    ("cron(0 0 W * ? *)", "a value is missing"),
    ("cron(0 0 32W * ? *)", "32 is out of range"),
    ("cron(0 0 1W,15W * ? *)", "1W must stand alone"),
    ("cron(0 0 L,15 * ? *)", "L must stand alone"),
    ("cron(0 0 ?,15 * ? *)", "? must stand alone"),
    ("cron(5,* * * * ? *)", "* must stand alone"),
    ("cron(0 0 ? * 3#1,6#3 *)", "3#1 must stand alone"),
    ("cron(0 0 ? * 3#6 *)", "\"6\" is no week of a month; # takes 1 to 5"),
    ("cron(0 0 ? * 3#0 *)", "# takes 1 to 5"),
    ("cron(0 0 ? * 8#1 *)", "8 is out of range"),
    ("cron(0 0 ? * #2 *)", "a value is missing"),
    ("cron(0 0 ? * 8L *)", "8 is out of range"),
];

#[test]
fn what_aws_documents_is_accepted() {
    assert!(ACCEPTED.len() >= 40);
    for expression in ACCEPTED {
        assert!(Cron::parse(expression).is_ok(), "{expression}");
    }
}

#[test]
fn the_rest_is_rejected_and_says_why() {
    assert!(REJECTED.len() >= 40);
    for (expression, reason) in REJECTED {
        let error = Cron::parse(expression).expect_err(expression).to_string();
        assert!(error.contains(reason), "{expression}: {error}");
    }
}

/// Each line is one schedule in several spellings.
const SAME: &[&[&str]] = &[
    &[
        "cron(20 7 * * ? *)",
        "cron(20 7 ? * * *)",
        "cron(20 07 * * ? *)",
        "cron(20 7 1-31 * ? *)",
        "cron(20 7 ? * SUN-SAT *)",
    ],
    &["cron(20 * * * ? *)", "cron(20 0/1 * * ? *)", "cron(20 0-23 ? * * *)", "cron(20 */1 * * ? 1970-2199)"],
    &["cron(20 7 1 * ? *)", "cron(20 7 1 1-12 ? *)", "cron(20 7 01 JAN-DEC ? *)"],
    &["cron(0 5 ? * MON-FRI *)", "cron(0 5 ? * 2-6 *)", "cron(0 5 ? * FRI,THU,WED,TUE,MON *)"],
    &["cron(0 5 ? * L *)", "cron(0 5 ? * SAT *)", "cron(0 5 ? * 7 *)"],
    &["cron(0 5 ? * FRIL *)", "cron(0 5 ? * 6L *)"],
    &["cron(0 5 ? * TUE#2 *)", "cron(0 5 ? * 3#2 *)"],
    &["cron(0 0/12 * * ? *)", "cron(0 0,12 * * ? *)", "cron(0 */12 * * ? *)", "cron(0 12,0 * * ? *)"],
];

#[test]
fn schedules_are_compared_by_what_they_mean() {
    for (index, same) in SAME.iter().enumerate() {
        for spelling in *same {
            assert!(same_schedule(same[0], spelling), "{} {spelling}", same[0]);
            for other in SAME.iter().skip(index + 1).flat_map(|others| others.iter()) {
                assert!(!same_schedule(spelling, other), "{spelling} {other}");
            }
        }
    }
    assert!(same_schedule("rate(1 day)", "rate(1 day)"), "what cannot be read is compared as it is spelt");
    assert!(!same_schedule("rate(1 day)", "rate(24 hours)"));
}

#[test]
fn time_zones_are_compared_by_what_their_clocks_do() {
    for (one, other) in [
        ("Etc/UTC", "UTC"),
        ("Etc/UTC", "GMT"),
        ("Etc/GMT+0", "Zulu"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Nowhere/Atall", "Nowhere/Atall"),
    ] {
        assert!(same_zone(one, other), "{one} {other}");
    }
    for (one, other) in [("Etc/UTC", "Europe/London"), ("Asia/Tokyo", "Asia/Seoul"), ("Nowhere/Atall", "UTC")]
    {
        assert!(!same_zone(one, other), "{one} {other}");
    }
}

#[test]
fn a_slip_in_a_time_zone_is_answered_with_the_one_that_was_meant() {
    for (text, meant) in [("Europe/Berln", "Europe/Berlin"), ("Asia/Tokio", "Asia/Tokyo")] {
        assert_eq!(nearest_zone(text), Some(meant), "{text}");
    }
}

/// A schedule, and the days of a month on which it runs.
#[test]
fn a_schedule_runs_on_the_days_that_it_names() {
    let september: &[(&str, &[u8])] = &[
        ("cron(0 5 L * ? *)", &[30]),
        ("cron(0 5 ? * 6L *)", &[25]),
        ("cron(0 5 ? * 4L *)", &[30]),
        ("cron(0 5 ? * 5L *)", &[24]),
        ("cron(0 5 ? * 2#1 *)", &[7]),
        ("cron(0 5 ? * 3#1 *)", &[1]),
        ("cron(0 5 ? * 2#2 *)", &[14]),
        ("cron(0 5 ? * 3#2 *)", &[8]),
        ("cron(0 5 ? * 3#5 *)", &[29]),
        ("cron(0 5 5W * ? *)", &[4]),
        ("cron(0 5 6W * ? *)", &[7]),
        ("cron(0 5 1,15 * ? *)", &[1, 15]),
        ("cron(0 5 ? * SAT,SUN *)", &[5, 6, 12, 13, 19, 20, 26, 27]),
        ("cron(0 5 * 8 ? *)", &[]),
        ("cron(0 5 * * ? 2027)", &[]),
    ];
    for (expression, days) in september {
        let cron = Cron::parse(expression).expect("a schedule");
        let runs: Vec<u8> = cron.runs(date!(2026 - 09 - 01), 30).map(|run| run.day()).collect();
        assert_eq!(runs, *days, "{expression}");
    }
    let first = Cron::parse("cron(0 5 1W * ? *)").expect("a schedule");
    let runs: Vec<u8> = first.runs(date!(2026 - 08 - 01), 31).map(|run| run.day()).collect();
    assert_eq!(runs, [3], "a Saturday that is the first has no Friday in its month");
    let last = Cron::parse("cron(0 5 31W * ? *)").expect("a schedule");
    let runs: Vec<u8> = last.runs(date!(2026 - 05 - 01), 31).map(|run| run.day()).collect();
    assert_eq!(runs, [29], "nor has a Sunday that is the last one a Monday");
    assert_eq!(Cron::parse("cron(0,15,45 5 * * ? *)").expect("a schedule").times_an_hour(), 3);
    assert!(!Cron::parse("cron(0 5 30 2 ? *)").expect("a schedule").comes_after(date!(2026 - 01 - 01)));
    assert!(!Cron::parse("cron(0 5 * * ? 2020)").expect("a schedule").comes_after(date!(2026 - 01 - 01)));
    assert!(Cron::parse("cron(0 5 29 2 ? *)").expect("a schedule").comes_after(date!(2026 - 01 - 01)));
}
