//! Many made-up inputs for what reads bytes and texts from outside: those that are kept in files come first, then those of failures that were
//! found before, then new ones. The generator is seeded (`YIKAO_SEED`, a number), so that a failure repeats; with `YIKAO_SOAK` there are ten
//! million new ones. Used by other packages too.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test file uses a part of it, and a test that cannot go on should stop"
)]
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// New inputs without `YIKAO_SOAK`.
const FEW: u32 = 3_000;
const MANY: u32 = 10_000_000;

/// The texts of a file of kept inputs, one a line: `\u{…}` is a character, `\\` a backslash.
pub fn texts(file: &str) -> Vec<String> {
    file.lines().map(unescaped).collect()
}
/// The bytes of a file of kept inputs, one a line in hexadecimal digits. Blanks are skipped.
pub fn bytes(file: &str) -> Vec<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).expect("a hexadecimal digit") as u8;
    file.lines()
        .map(|line| {
            let digits: Vec<u8> = line.chars().filter(|c| !c.is_whitespace()).map(digit).collect();
            digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
        })
        .collect()
}
fn unescaped(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        rest = match after.strip_prefix("u{").and_then(|after| after.split_once('}')) {
            Some((code, after)) => {
                let code = u32::from_str_radix(code, 16).expect("the number of a character");
                text.push(char::from_u32(code).expect("a character"));
                after
            }
            None => {
                text.push('\\');
                after.strip_prefix('\\').expect("a backslash is written twice")
            }
        };
    }
    text + rest
}

/// Checks the kept inputs and many that `strategy` makes. What fails is written to `failures`, a file beside the kept inputs, and comes first
/// from then on.
pub fn for_many<S: Strategy>(
    strategy: fn() -> S,
    kept: impl IntoIterator<Item = S::Value>,
    failures: &'static str,
    check: impl Fn(S::Value) + Sync,
) {
    kept.into_iter().for_each(&check);
    let cases = if std::env::var_os("YIKAO_SOAK").is_some() { MANY } else { FEW };
    let seed = std::env::var("YIKAO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    run(strategy, cases, seed, failures, &check);
}

/// All cores make inputs, each by a seed of its own.
#[cfg(not(target_arch = "wasm32"))]
fn run<S: Strategy>(
    strategy: fn() -> S,
    cases: u32,
    seed: u64,
    failures: &'static str,
    check: &(impl Fn(S::Value) + Sync),
) {
    let parts = std::thread::available_parallelism().map_or(1, |parts| parts.get() as u32);
    std::thread::scope(|scope| {
        for part in 0..parts {
            scope.spawn(move || {
                let persistence = proptest::test_runner::FileFailurePersistence::Direct(failures);
                let config = Config::with_failure_persistence(persistence);
                let cases = cases.div_ceil(parts);
                made(strategy, Config { cases, ..config }, seed, part, check);
            });
        }
    });
}
/// A browser has one thread and no files.
#[cfg(target_arch = "wasm32")]
fn run<S: Strategy>(strategy: fn() -> S, cases: u32, seed: u64, _: &'static str, check: &(impl Fn(S::Value) + Sync)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    made(strategy, config, seed, 0, check);
}

fn made<S: Strategy>(strategy: fn() -> S, config: Config, number: u64, part: u32, check: &impl Fn(S::Value)) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    seed[8..12].copy_from_slice(&part.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let run = runner.run(&strategy(), |value| {
        check(value);
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}
