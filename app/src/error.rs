//! What a request may answer besides its result. Internal causes are logged once, with an id; only the id travels.
use crate::{codec::TextEncoding, i18n, lang::Lang};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a request may answer besides its result.
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
    /// The page was drawn for another account than the one that is logged in.
    OtherAccount,
    /// The cause stands in the log under this id.
    Internal(String),
    /// Too many attempts from one address.
    TooMany,
    /// The database cannot write or be reached at this moment: nothing was acknowledged.
    Unavailable,
    /// The server was not reached, or did not answer as this program does.
    Offline,
    /// The answer was written by another build of this program: the page has to be loaded anew.
    Outdated,
    /// More is waiting than can be done in time. A browser is told as if its address had asked too often, which asks the same
    /// of it, so that the module needs no sentence for it.
    #[cfg(feature = "ssr")]
    Busy,
}

impl AppError {
    /// An error whose cause is this program's or its surroundings': logged once under a new id, which is all that travels.
    #[cfg(feature = "ssr")]
    pub fn internal(context: &'static str, cause: &dyn core::fmt::Display) -> Self {
        let id = format!("{:08x}", registry::Entropy::system().number());
        tracing::error!(id, %cause, context, "internal error");
        Self::Internal(id)
    }
    /// The HTTP status of an answer with this error: the one place that says so.
    #[cfg(feature = "ssr")]
    pub const fn status(&self) -> axum::http::StatusCode {
        use axum::http::StatusCode;
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Conflict | Self::OtherAccount | Self::Outdated => StatusCode::CONFLICT,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) | Self::Offline => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
    /// The sentence shown for it.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::SignedOut => i18n::error_signed_out(lang).to_owned(),
            Self::NotFound => i18n::error_not_found(lang).to_owned(),
            Self::Conflict => i18n::error_conflict(lang).to_owned(),
            Self::BadRequest => i18n::error_bad_request(lang).to_owned(),
            Self::OtherAccount => i18n::error_other_account(lang).to_owned(),
            Self::Internal(id) => i18n::error_internal(lang, id),
            Self::TooMany => i18n::error_too_many(lang).to_owned(),
            Self::Unavailable => i18n::error_unavailable(lang).to_owned(),
            Self::Offline => i18n::error_offline(lang).to_owned(),
            Self::Outdated => i18n::error_outdated(lang).to_owned(),
            #[cfg(feature = "ssr")]
            Self::Busy => i18n::busy_sentence(lang).to_owned(),
        }
    }
    /// Seconds after which the same request may succeed, for `Retry-After`.
    #[cfg(feature = "ssr")]
    pub const fn retry_after(&self) -> Option<u16> {
        match self {
            Self::TooMany => Some(60),
            Self::Busy => Some(5),
            _ => None,
        }
    }
}

/// Logs why the database is not available, at most once a second: while it lasts, every request meets it.
#[cfg(feature = "ssr")]
fn log_unavailable(cause: &dyn core::fmt::Display) {
    use std::{
        sync::{Mutex, PoisonError},
        time::Duration,
    };
    use tokio::time::Instant;
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if last.is_none_or(|at| at.elapsed() >= Duration::from_secs(1)) {
        *last = Some(Instant::now());
        tracing::warn!(%cause, "the database is not available");
    }
}

/// Maps a registry error to the one sent to the client. Internal causes are logged once under an id; only the id is sent.
#[cfg(feature = "ssr")]
impl From<registry::Error> for AppError {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::NotFound => Self::NotFound,
            registry::Error::Conflict => Self::Conflict,
            registry::Error::Problems(_) => Self::BadRequest,
            registry::Error::Unavailable(cause) => {
                log_unavailable(&cause);
                Self::Unavailable
            }
            registry::Error::Busy => Self::Busy,
            registry::Error::TooOften => Self::TooMany,
            error => Self::internal("registry", &error),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = TextEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadRequest
            }
            #[cfg(feature = "ssr")]
            error => Self::internal("server function", &error),
            #[cfg(not(feature = "ssr"))]
            _ => Self::Offline,
        }
    }
}
/// The text that travels: the name of the variant, and the id of an internal error behind a space.
impl core::fmt::Display for AppError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self {
            Self::SignedOut => "SignedOut",
            Self::NotFound => "NotFound",
            Self::Conflict => "Conflict",
            Self::BadRequest => "BadRequest",
            Self::OtherAccount => "OtherAccount",
            Self::TooMany => "TooMany",
            Self::Unavailable => "Unavailable",
            #[cfg(feature = "ssr")]
            Self::Busy => "TooMany",
            Self::Offline => "Offline",
            Self::Outdated => "Outdated",
            Self::Internal(id) => {
                f.write_str("Internal ")?;
                id
            }
        };
        f.write_str(name)
    }
}
/// Reads what `Display` writes.
impl core::str::FromStr for AppError {
    type Err = Self;
    fn from_str(text: &str) -> Result<Self, Self> {
        Ok(match text {
            "SignedOut" => Self::SignedOut,
            "NotFound" => Self::NotFound,
            "Conflict" => Self::Conflict,
            "BadRequest" => Self::BadRequest,
            "OtherAccount" => Self::OtherAccount,
            "TooMany" => Self::TooMany,
            "Unavailable" => Self::Unavailable,
            "Offline" => Self::Offline,
            "Outdated" => Self::Outdated,
            _ => Self::Internal(text.strip_prefix("Internal ").ok_or(Self::BadRequest)?.to_owned()),
        })
    }
}
impl std::error::Error for AppError {}
