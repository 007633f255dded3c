//! Clocks, the machine, and medians.

use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// CPU time of all threads of this process [s].
pub fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

/// CPU and wall time of something [s].
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub cpu: f64,
    pub wall: f64,
}

impl Spent {
    /// Adds what `work` takes.
    pub fn on<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (cpu_before, wall) = (cpu(), Instant::now());
        let result = work();
        self.cpu += cpu() - cpu_before;
        self.wall += wall.elapsed().as_secs_f64();
        result
    }

    pub fn add(&mut self, other: Spent) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

/// Median and the two ends.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Spread {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = match values.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => values[middle],
            _ => 0.5 * (values[middle - 1] + values[middle]),
        };
        let (low, high) = (values.first().copied(), values.last().copied());
        Spread { median, low: low.unwrap_or(f64::NAN), high: high.unwrap_or(f64::NAN) }
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Load averages over 1, 5 and 15 minutes.
pub fn load() -> String {
    read("/proc/loadavg").split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Processor, cores, caches.
pub fn machine() -> Vec<String> {
    let info = read("/proc/cpuinfo");
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split(':').nth(1)).unwrap_or("unknown").trim().to_owned()
    };
    let cores = info.lines().filter(|line| line.starts_with("processor")).count();
    let mut lines = vec![format!(
        "{}, family {} model {}, {cores} cores",
        field("model name"),
        field("cpu family"),
        field("model\t")
    )];
    let mut caches = Vec::new();
    for index in 0..8 {
        let at = format!("/sys/devices/system/cpu/cpu0/cache/index{index}");
        let of = |what: &str| read(&format!("{at}/{what}")).trim().to_owned();
        if !of("size").is_empty() {
            let shared = of("shared_cpu_list");
            caches.push(format!(
                "L{} {} {} (cpus {shared})",
                of("level"),
                of("type").to_lowercase(),
                of("size")
            ));
        }
    }
    if !caches.is_empty() {
        lines.push(format!("caches {}", caches.join(", ")));
    }
    let memory = read("/proc/meminfo");
    let total = memory.lines().next().and_then(|l| l.split_whitespace().nth(1)).and_then(|k| k.parse().ok());
    lines.push(format!("memory {:.0} GiB", total.unwrap_or(f64::NAN) / 1_048_576.0));
    lines
}

/// Bytes of the heap that are resident now, or the most there ever were.
pub fn resident(most: bool) -> f64 {
    let status = read("/proc/self/status");
    let name = if most { "VmHWM:" } else { "VmRSS:" };
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|l| l.split_whitespace().nth(1)).and_then(|k| k.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) * 1024.0
}

/// First line of what a command prints; how a run is described.
pub fn asked(command: &str, arguments: &[&str]) -> String {
    let output = std::process::Command::new(command).args(arguments).output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}
