//! The language of a page: what was chosen and is remembered in a cookie, or else what the browser prefers; Chinese if it says nothing.
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
    /// The language that a browser prefers, by its `Accept-Language`: of those that there are the one of the greatest weight, of equal
    /// ones the first.
    #[cfg(feature = "ssr")]
    pub fn preferred(accepted: &str) -> Self {
        let weighed = accepted.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next()?.to_ascii_lowercase();
            let lang = [Self::Zh, Self::En].into_iter().find(|lang| tag.split('-').next() == Some(lang.code()))?;
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok());
            weight.filter(|weight: &f32| *weight > 0.0).map(|weight| (lang, weight))
        });
        // The first of equal weights stays.
        weighed.reduce(|best, next| if next.1 > best.1 { next } else { best }).map_or(Self::Zh, |(lang, _)| lang)
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_first_visit_is_what_the_browser_prefers() {
        for (accepted, lang) in [
            ("", Lang::Zh),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-US,en;q=0.9,zh-CN;q=0.8", Lang::En),
            ("de-DE,de;q=0.9,en;q=0.8", Lang::En),
            ("EN", Lang::En),
            ("en;q=0.5, zh-TW", Lang::Zh),
            ("en;q=0, fr", Lang::Zh),
            ("fr, *;q=0.5", Lang::Zh),
            ("english, en;q=many", Lang::Zh),
        ] {
            assert_eq!(Lang::preferred(accepted), lang, "{accepted}");
        }
    }
}
