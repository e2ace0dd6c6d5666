//! What a session notes of the browser that logged in: one of a few names for it and for its system, so that its owner
//! recognises it. What the browser says of itself beyond that is not stored.
use serde::{Deserialize, Serialize};

macro_rules! names {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub enum $name { $(#[doc = $code] $(#[$vmeta])* $variant),* }
            impl $name {
                /// All of them.
                pub const ALL: &'static [Self] = &[$(Self::$variant),*];
                /// Its name in storage and in the locales.
                pub const fn code(self) -> &'static str {
                    match self { $(Self::$variant => $code),* }
                }
                fn parse(code: &str) -> Self {
                    Self::ALL.iter().copied().find(|own| own.code() == code).unwrap_or_default()
                }
            }
        )*
    };
}

names! {
    Browser {
        Chrome = "chrome", Edge = "edge", Firefox = "firefox", Safari = "safari", WeChat = "wechat", Qq = "qq", Uc = "uc",
        Huawei = "huawei", Xiaomi = "xiaomi", #[default] Other = "other",
    }
    /// The system that a browser runs on.
    System {
        Windows = "windows", MacOs = "macos", Linux = "linux", Android = "android", HarmonyOs = "harmonyos", Ios = "ios",
        #[default] Other = "other",
    }
}

/// A browser and its system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    pub browser: Browser,
    pub system: System,
}

/// What is sealed beside a session.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct SessionOrigin {
    browser: String,
    system: String,
    /// The wide network, shortened; empty if it is not known.
    pub(crate) network: String,
}
impl SessionOrigin {
    pub(crate) fn new(client: Client, network: String) -> Self {
        Self { browser: client.browser.code().to_owned(), system: client.system.code().to_owned(), network }
    }
    pub(crate) fn client(&self) -> Client {
        Client { browser: Browser::parse(&self.browser), system: System::parse(&self.system) }
    }
}
