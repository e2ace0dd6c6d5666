//! Countries, by the two letters of ISO 3166-1: the members of the United Nations, Palestine and the Holy See. Taiwan, Hong Kong and
//! Macao are provincial units of the list of regions.
use crate::{choice::Choice, problem::ChoiceProblem};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A country in which a school is (S75): its place in the list of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(u8);

// In the order in which their Chinese names are looked up, by pinyin.
#[rustfmt::skip]
const CODES: [&str; 194] = [
    "AL", "DZ", "AF", "AR", "AE", "OM", "AZ", "IE", "EG", "ET", "EE", "AD", "AO", "AG", "AU", "AT", "BB", "PG", "BS",
    "PK", "PY", "PS", "BH", "PA", "BR", "BY", "BG", "MK", "BJ", "BE", "PE", "IS", "BW", "PL", "BO", "BZ", "BA", "BT",
    "BF", "BI", "KP", "GQ", "DK", "DE", "TL", "TG", "DO", "DM", "EC", "ER", "RU", "FR", "VA", "FJ", "PH", "FI", "CV",
    "GM", "CG", "CD", "GD", "GE", "CO", "CR", "CU", "GY", "KZ", "HT", "KR", "NL", "ME", "HN", "DJ", "KG", "KI", "GN",
    "GW", "GH", "CA", "GA", "KH", "CZ", "ZW", "CM", "QA", "HR", "KM", "CI", "KW", "KE", "LV", "LS", "LA", "LB", "LR",
    "LY", "LT", "LI", "LU", "RW", "RO", "MG", "MV", "MT", "MW", "MY", "ML", "MH", "MU", "MR", "US", "MN", "BD", "FM",
    "MM", "MD", "MA", "MC", "MZ", "MX", "NA", "ZA", "SS", "NR", "NI", "NP", "NE", "NG", "NO", "PW", "PT", "JP", "SE",
    "CH", "SV", "WS", "RS", "SL", "SN", "CY", "SC", "SA", "ST", "KN", "LC", "SM", "VC", "LK", "SK", "SI", "SZ", "SD",
    "SR", "SB", "SO", "TJ", "TH", "TZ", "TO", "TT", "TR", "TM", "TN", "TV", "VU", "GT", "VE", "BN", "UG", "UA", "UY",
    "UZ", "ES", "GR", "SG", "NZ", "HU", "SY", "JM", "AM", "YE", "IT", "IQ", "IR", "IL", "IN", "ID", "GB", "JO", "VN",
    "ZM", "TD", "CL", "CF",
];

impl Choice for Country {
    const LIST: &'static str = "country";
    const ALL: &'static [Self] = &{
        let mut all = [Self(0); CODES.len()];
        let mut at = 0;
        while at < CODES.len() {
            all[at] = Self(at as u8);
            at += 1;
        }
        all
    };
    fn code(self) -> &'static str {
        CODES[self.0 as usize]
    }
}
impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl TryFrom<String> for Country {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code).map_err(ChoiceProblem::key)
    }
}
impl From<Country> for String {
    fn from(country: Country) -> String {
        country.code().to_owned()
    }
}
