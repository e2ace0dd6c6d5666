//! What a server function may answer besides its result. Internal causes are logged once, with an id; only the id travels.
use crate::wire::TextEncoding;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a server function may answer besides its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is logged in, or not any more.
    SignedOut,
    /// There is no such thing for this person.
    NotFound,
    /// Another window or device saved in the meantime.
    Conflict,
    /// The request does not make sense.
    BadRequest,
    /// Something broke; its cause stands in the log under this id.
    Internal(String),
    /// Too many attempts from one address.
    TooMany,
    /// The server was not reached.
    Offline,
}

impl FromServerFnError for AppError {
    type Encoder = TextEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadRequest
            }
            _ => Self::Internal(String::new()),
        }
    }
}
impl core::fmt::Display for AppError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SignedOut => f.write_str("SignedOut"),
            Self::NotFound => f.write_str("NotFound"),
            Self::Conflict => f.write_str("Conflict"),
            Self::BadRequest => f.write_str("BadRequest"),
            Self::TooMany => f.write_str("TooMany"),
            Self::Offline => f.write_str("Offline"),
            Self::Internal(id) => {
                f.write_str("Internal ")?;
                f.write_str(id)
            }
        }
    }
}
impl core::str::FromStr for AppError {
    type Err = Self;
    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self> {
        Ok(match text {
            "SignedOut" => Self::SignedOut,
            "NotFound" => Self::NotFound,
            "Conflict" => Self::Conflict,
            "BadRequest" => Self::BadRequest,
            "TooMany" => Self::TooMany,
            "Offline" => Self::Offline,
            _ => Self::Internal(text.strip_prefix("Internal ").ok_or(Self::BadRequest)?.to_owned()),
        })
    }
}
impl std::error::Error for AppError {}

impl AppError {
    /// The sentence shown for it.
    pub fn sentence(&self, lang: crate::lang::Lang) -> String {
        use crate::text;
        match self {
            Self::SignedOut => text::error_signed_out(lang).to_owned(),
            Self::NotFound => text::error_not_found(lang).to_owned(),
            Self::Conflict => text::error_conflict(lang).to_owned(),
            Self::BadRequest => text::error_bad_request(lang).to_owned(),
            Self::Internal(id) => text::error_internal(lang, id),
            Self::TooMany => text::error_too_many(lang).to_owned(),
            Self::Offline => text::error_offline(lang).to_owned(),
        }
    }
}
