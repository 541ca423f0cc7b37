//! How much memory the process has.

/// The resident memory of this process in bytes; `None` on a system that does not say (it is read from
/// Linux's `/proc`).
#[must_use]
pub fn resident_memory() -> Option<u64> {
    // `statm` is shorter, and counts pages, of a size that only unsafe code can ask for.
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kib * 1024)
}
