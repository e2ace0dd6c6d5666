//! What a registry is opened with.
use crate::{Clock, Entropy, Sealer, hashing::HashCost};
use forms::rule_set::{RULES_2021, RuleSet};

/// The settings of a registry.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`; alone it chooses the engine.
    pub database_url: String,
    /// Seals personal data.
    pub sealer: Sealer,
    /// Tells the time.
    pub clock: Clock,
    /// Gives randomness.
    pub entropy: Entropy,
    /// The rule set at registration (X27).
    pub account_rules: &'static RuleSet,
    /// Failed log-ins to an account that one network, or one browser that is known, has in an hour;
    /// `i64::MAX` counts nothing, for benchmarks.
    pub login_budget: i64,
    /// Seconds after which a session without a sign of life ends.
    pub session_seconds: i64,
    /// Seconds after which a session ends, whatever was done in it.
    pub session_limit_seconds: i64,
    /// Threads that hash passwords; each keeps the memory that a hash takes.
    pub hashing_threads: usize,
    /// Log-ins that are under way at the same time, in each of the two lanes; further ones are refused at once.
    pub hashing_slots: usize,
    /// What a new hash costs.
    pub hash_cost: HashCost,
}

impl Settings {
    /// The usual settings for a database and a sealing secret.
    pub fn new(database_url: &str, secret: &[u8; 32]) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, Into::into);
        Self {
            database_url: database_url.to_owned(),
            sealer: Sealer::new(secret),
            clock: Clock::system(),
            entropy: Entropy::system(),
            account_rules: &RULES_2021,
            login_budget: 20,
            session_seconds: 2 * 3600,
            session_limit_seconds: 12 * 3600,
            hashing_threads: threads,
            // A hash takes some 25 ms: whoever waits last waits half a second.
            hashing_slots: threads * 16,
            hash_cost: HashCost::default(),
        }
    }
}
