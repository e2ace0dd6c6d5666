//! The language of a page: Chinese first, English on request, remembered in a cookie.
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}
impl Lang {
    /// The name of the cookie that remembers the choice.
    pub const COOKIE: &str = "lang";
    /// The language a code stands for; Chinese unless it is English.
    pub fn parse(code: &str) -> Self {
        if code.starts_with("en") { Self::En } else { Self::Zh }
    }
    /// The code in the cookie and in forms.
    pub const fn code(self) -> &'static str {
        self.of("zh", "en")
    }
    /// The value of `<html lang>`.
    pub const fn tag(self) -> &'static str {
        self.of("zh-CN", "en")
    }
    /// The other language.
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
    /// The one of two texts that is in this language.
    pub const fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// The language of the page being drawn: the request's on the server, the document's in the browser.
pub fn lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}
