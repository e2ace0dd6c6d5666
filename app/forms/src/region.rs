//! The codes of divisions that resident numbers begin with (GB/T 2260), those that were given up included: a number keeps the code
//! of the place and year it was given in.
use std::{collections::HashMap, sync::LazyLock};

const CODES: &str = include_str!("../data/region_codes.csv");

static NAMES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| CODES.lines().skip(1).filter_map(|line| line.split_once(',')).collect());

/// The latest name of a division by its six digits; nothing for a code that no table has.
pub fn name(code: &str) -> Option<&'static str> {
    NAMES.get(code).copied()
}

/// All divisions with their six digits, those that were given up included.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    CODES.lines().skip(1).filter_map(|line| line.split_once(','))
}
