use crate::{
    Code,
    problem::{AccountProblem, TextProblem},
    rule_set::PasswordRule,
    text,
};
use core::fmt;

macro_rules! secret {
    ($name:ident) => {
        impl $name {
            /// The text, for hashing and for nothing else.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

/// A password that the rule set accepts (S5, X19). It is never stored, echoed or encoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks a password; `personal` are texts that it must not contain (username, document number).
    pub fn parse(rule: &PasswordRule, raw: &str, personal: &[&str]) -> Result<Self, Code> {
        let length = raw.chars().count() as u32;
        if length < rule.min {
            return Err(TextProblem::TooShort(rule.min).into());
        }
        if length > rule.max {
            return Err(TextProblem::TooLong(rule.max).into());
        }
        let (letters, digits) = (raw.chars().any(|c| c.is_ascii_alphabetic()), raw.chars().any(|c| c.is_ascii_digit()));
        if rule.letters_and_digits_only && !text::all_alphanumeric(raw) {
            return Err(AccountProblem::PasswordAlphabet.into());
        }
        if !letters || !digits {
            return Err(AccountProblem::PasswordMixed.into());
        }
        let lower = raw.to_ascii_lowercase();
        if COMMON.contains(&lower.as_str()) {
            return Err(AccountProblem::PasswordCommon.into());
        }
        // Only texts long enough to mean something: a password may well contain a two-letter name.
        if personal.iter().any(|p| p.len() >= 4 && lower.contains(&p.to_ascii_lowercase())) {
            return Err(AccountProblem::PasswordPersonal.into());
        }
        Ok(Self(raw.to_owned()))
    }
}
secret!(Password);

/// Letter-and-digit passwords that are guessed first, in small letters.
const COMMON: &[&str] = &[
    "a1234",
    "a12345",
    "a123456",
    "a1234567",
    "a12345678",
    "a123456789",
    "a1b2c3",
    "a1b2c3d4",
    "aa123456",
    "aa12345678",
    "aaa111",
    "aaa123",
    "ab1234",
    "abc12",
    "abc123",
    "abc1234",
    "abc12345",
    "abc123456",
    "abcd1234",
    "abcd123",
    "admin1",
    "admin12",
    "admin123",
    "asd123",
    "asd123456",
    "as1234",
    "asdf1234",
    "g12345",
    "hello123",
    "iloveyou1",
    "1q2w3e",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "1qazxsw2",
    "123456a",
    "1234567a",
    "12345678a",
    "123456789a",
    "123456aa",
    "123456abc",
    "123456q",
    "123456qq",
    "123456z",
    "1234abcd",
    "12345a",
    "123abc",
    "123asd",
    "123qwe",
    "123qweasd",
    "1a2b3c",
    "1a2b3c4d",
    "520520a",
    "5201314a",
    "a5201314",
    "love520",
    "love1314",
    "woaini1",
    "woaini123",
    "woaini520",
    "woaini1314",
    "wang123",
    "li123456",
    "p4ssword",
    "passw0rd",
    "password1",
    "password12",
    "password123",
    "qaz123",
    "qazwsx1",
    "qazwsx123",
    "qq123456",
    "qq1234",
    "qwe123",
    "qwe123456",
    "qwer1234",
    "qwert12345",
    "qwerty1",
    "qwerty12",
    "qwerty123",
    "test1",
    "test12",
    "test123",
    "test1234",
    "root123",
    "user123",
    "w123456",
    "x123456",
    "yisheng1",
    "yisheng123",
    "doctor1",
    "doctor123",
    "yikao1",
    "yikao123",
    "z123456",
    "zxc123",
    "zxcv1234",
    "zz123456",
    "welcome1",
    "welcome123",
    "dragon1",
    "monkey1",
    "letmein1",
    "q1w2e3",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "q123456",
    "s123456",
    "l123456",
    "y123456",
    "m123456",
];

/// A question of the person's own for recovering the account, at most 50 characters (S6).
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryQuestion(String);

impl RecoveryQuestion {
    /// Reads a question.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = raw.trim();
        match plain.chars().count() {
            0 => Err(TextProblem::Required.into()),
            1..=50 => Ok(Self(plain.to_owned())),
            _ => Err(TextProblem::TooLong(50).into()),
        }
    }
}
secret!(RecoveryQuestion);

/// The answer to it, 4 to 30 characters (S6), compared without regard to width, case and outer spaces.
#[derive(Clone, Eq)]
pub struct RecoveryAnswer(String);

impl RecoveryAnswer {
    /// Reads an answer.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::half_width(raw);
        match plain.chars().count() {
            0..4 => Err(TextProblem::TooShort(4).into()),
            4..=30 => Ok(Self(plain)),
            _ => Err(TextProblem::TooLong(30).into()),
        }
    }
    /// The text in small letters, for hashing and for nothing else. Only a server hashes, so the browser's module holds no
    /// tables of letters for it.
    pub fn expose(&self) -> String {
        self.0.to_lowercase()
    }
}
impl PartialEq for RecoveryAnswer {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}
impl fmt::Debug for RecoveryAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryAnswer(…)")
    }
}
