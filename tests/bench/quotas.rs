//! The function with as much of a core as Lambda gives for its memory: from start to the first answer, a warm sweep, and what that costs.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{SCHEDULE, deployed, median, milliseconds, started};

const SIZES: [u64; 5] = [128, 256, 512, 1_024, 1_769];
/// "At 1,769 MB, a function has the equivalent of one vCPU" (Lambda's developer guide, "Configure Lambda function memory").
const WHOLE_CORE: u64 = 1_769;
/// Of how many microseconds the quota is a part.
const PERIOD: u64 = 20_000;
const LATENCY: Duration = Duration::from_millis(40);
const PROCESSES: usize = 9;
/// One run an hour and fifty events a day, all of them cold, as they are at such intervals; an event finds the function warm at best.
const RUNS_A_MONTH: f64 = 730.0 + 50.0 * 365.0 / 12.0;
/// In dollars, arm64, us-east-1 ("AWS Lambda pricing"), without the free tier.
const GIGABYTE_SECOND: f64 = 0.000_013_333_4;
const REQUEST: f64 = 0.000_000_2;

pub(super) async fn table(binary: &Path) {
    println!("with a part of a core, every answer {} ms late, medians of {PROCESSES}:", LATENCY.as_millis());
    println!("{:>6} {:>22} {:>15} {:>18}", "MB", "start and sweep, ms", "warm sweep, ms", "dollars a month");
    for size in SIZES {
        let group = match Group::new(size) {
            Ok(group) => group,
            Err(why) => return println!("quotas: not measured, there is no control group of ours: {why}"),
        };
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        for _ in 0..PROCESSES {
            let sandbox = deployed();
            sandbox.set_latency(LATENCY);
            let start = Instant::now();
            let mut function = started(&group.wrapper(binary), &sandbox).await;
            function.invoke(SCHEDULE).await;
            cold.push(milliseconds(start.elapsed()));
            let start = Instant::now();
            function.invoke(SCHEDULE).await;
            warm.push(milliseconds(start.elapsed()));
            function.stop().await;
        }
        let cold = median(cold);
        let gigabytes = f64::from(u32::try_from(size).expect("a size")) / 1024.0;
        let dollars = RUNS_A_MONTH * (cold / 1000.0 * gigabytes * GIGABYTE_SECOND + REQUEST);
        println!("{size:6} {cold:22.0} {:15.0} {dollars:18.4}", median(warm));
    }
}

/// A control group with a part of a core, which goes when it is dropped.
struct Group(PathBuf);

impl Group {
    fn new(size: u64) -> io::Result<Self> {
        let quota = PERIOD * size / WHOLE_CORE;
        // The second version of control groups, or the first.
        let unified = Path::new("/sys/fs/cgroup/cgroup.controllers").exists();
        let parent = Path::new(if unified { "/sys/fs/cgroup" } else { "/sys/fs/cgroup/cpu" });
        let group = Self(parent.join(format!("drift-healer-bench-{}", std::process::id())));
        fs::create_dir(&group.0)?;
        if unified {
            fs::write(group.0.join("cpu.max"), format!("{quota} {PERIOD}"))?;
        } else {
            fs::write(group.0.join("cpu.cfs_period_us"), PERIOD.to_string())?;
            fs::write(group.0.join("cpu.cfs_quota_us"), quota.to_string())?;
        }
        Ok(group)
    }

    /// A program that goes into the group and becomes the binary there.
    fn wrapper(&self, binary: &Path) -> PathBuf {
        let path = std::env::temp_dir().join(format!("drift-healer-quota-{}.sh", std::process::id()));
        let binary = fs::canonicalize(binary).expect("the binary");
        let group = self.0.join("cgroup.procs");
        let script = format!("#!/bin/sh\necho $$ >{}\nexec {}\n", group.display(), binary.display());
        fs::write(&path, script).expect("a file");
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("permissions");
        path
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Empty by now, or nothing can be done.
        fs::remove_dir(&self.0).ok();
        fs::remove_file(std::env::temp_dir().join(format!("drift-healer-quota-{}.sh", std::process::id())))
            .ok();
    }
}
