//! When a job that failed runs again.
use super::MAX_ATTEMPTS;
use crate::{Entropy, Moment};

const FIRST: i64 = 1_000_000;
const LONGEST: i64 = 3600 * 1_000_000;

/// When the run after so many failed ones is due: 1, 2, 4, … seconds, at most an hour, of which a random half is left off so
/// that what failed together does not come back together. Nothing after the last attempt.
pub(super) fn next_run(entropy: &Entropy, now: Moment, attempts: i64) -> Option<Moment> {
    if attempts >= MAX_ATTEMPTS {
        return None;
    }
    let doublings = attempts.saturating_sub(1).clamp(0, 30);
    let half = (FIRST << doublings).min(LONGEST) / 2;
    let jitter = (i64::from(entropy.number()) * half) >> 32;
    Some(Moment(now.0 + half + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(random: u8) -> Vec<i64> {
        let entropy = Entropy::from(move |bytes| bytes.fill(random));
        (1..MAX_ATTEMPTS).filter_map(|attempts| next_run(&entropy, Moment(0), attempts)).map(|at| at.0).collect()
    }

    #[test]
    fn delays_double_from_a_second_to_an_hour() {
        let longest = delays(0xFF);
        assert_eq!(longest.len() as i64, MAX_ATTEMPTS - 1);
        let seconds: Vec<i64> = longest.iter().map(|delay| (delay + 1) / 1_000_000).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]);
    }

    #[test]
    fn chance_shortens_a_delay_by_half_at_most() {
        for (shortest, longest) in delays(0).into_iter().zip(delays(0xFF)) {
            assert_eq!(shortest, (longest + 1) / 2);
        }
    }

    #[test]
    fn no_run_follows_the_last_attempt() {
        assert_eq!(next_run(&Entropy::from(|_| ()), Moment(0), MAX_ATTEMPTS), None);
    }
}
