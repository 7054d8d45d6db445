//! How much memory the program has used.

/// The most memory that the program has held at once since it started, in KiB; None where
/// the system does not say.
#[must_use]
pub fn peak_kib() -> Option<u64> {
    read_peak(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn read_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_status() {
        assert_eq!(read_peak("Name:\thadir\nVmHWM:\t  1234 kB\n"), Some(1234));
        for status in [
            "",
            "VmRSS:\t 1 kB\n",
            "VmHWM:\t many kB\n",
            "VmHWM:\t 1 MB\n",
        ] {
            assert_eq!(read_peak(status), None, "{status}");
        }
    }

    #[test]
    fn a_large_buffer_lifts_the_peak() {
        let before = peak_kib().expect("peak");
        let buffer = vec![1u8; 64 * 1024 * 1024];
        assert_eq!(buffer.iter().map(|b| u64::from(*b)).sum::<u64>(), 64 << 20);
        assert!(peak_kib().expect("peak") >= before.max(64 * 1024));
    }
}
