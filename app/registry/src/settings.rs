//! What a registry is opened with.
use crate::{Clock, Entropy, Sealer};
use forms::rules::{RULES_2021, RuleSet};

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
    /// Failed log-ins that an account or a known device has in an hour.
    pub login_budget: i64,
    /// Seconds after which a session without a sign of life ends.
    pub session_seconds: i64,
    /// Threads that may hash passwords at the same time; each takes 19 MiB for the while.
    pub hashing_threads: usize,
}

impl Settings {
    /// The usual settings for a database and a sealing secret.
    pub fn new(database_url: &str, secret: &[u8; 32]) -> Self {
        Self {
            database_url: database_url.to_owned(),
            sealer: Sealer::new(secret),
            clock: Clock::system(),
            entropy: Entropy::system(),
            account_rules: &RULES_2021,
            login_budget: 20,
            session_seconds: 2 * 3600,
            hashing_threads: std::thread::available_parallelism().map_or(2, Into::into),
        }
    }
}
