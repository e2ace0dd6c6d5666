//! What a browser calls itself, read roughly: enough for its owner to recognise a log-in, and no more.
use axum::http::{HeaderMap, header};
use registry::{Browser, Client, System};

/// Marks of browsers, the more special ones first: nearly all call themselves Chrome and Safari as well.
const BROWSERS: [(&str, Browser); 18] = [
    ("MicroMessenger/", Browser::WeChat),
    ("MQQBrowser/", Browser::Qq),
    ("QQBrowser/", Browser::Qq),
    ("UCBrowser/", Browser::Uc),
    ("UBrowser/", Browser::Uc),
    ("HuaweiBrowser/", Browser::Huawei),
    ("MiuiBrowser/", Browser::Xiaomi),
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("OPR/", Browser::Other),
    ("SamsungBrowser/", Browser::Other),
    ("FxiOS/", Browser::Firefox),
    ("Firefox/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("Chromium/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];
/// Marks of systems, the more special ones first: Android calls itself Linux as well.
const SYSTEMS: [(&str, System); 9] = [
    ("HarmonyOS", System::HarmonyOs),
    ("OpenHarmony", System::HarmonyOs),
    ("iPhone", System::Ios),
    ("iPad", System::Ios),
    ("iPod", System::Ios),
    ("Android", System::Android),
    ("Windows", System::Windows),
    ("Macintosh", System::MacOs),
    ("Linux", System::Linux),
];

/// The browser of a request and its system.
pub(crate) fn client_of(headers: &HeaderMap) -> Client {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let browser = BROWSERS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, browser)| *browser);
    let system = SYSTEMS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, system)| *system);
    Client { browser: browser.unwrap_or_default(), system: system.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn browsers_are_told_apart_by_their_most_special_mark() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (text, browser, system) in [
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/126.0.0.0 Safari/537.36"), Browser::Chrome, System::Windows),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"), Browser::Edge, System::Windows),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0".to_owned(), Browser::Firefox, System::Linux),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15".to_owned(), Browser::Safari, System::MacOs),
            (format!("{phone} Version/17.5 Mobile/15E148 Safari/604.1"), Browser::Safari, System::Ios),
            (format!("{phone} Mobile/15E148 MicroMessenger/8.0.50(0x18003239) NetType/WIFI"), Browser::WeChat, System::Ios),
            (format!("Mozilla/5.0 (Linux; Android 13; V2199A) {webkit} Version/4.0 Chrome/109.0 MQQBrowser/13.6 Mobile Safari/537.36"), Browser::Qq, System::Android),
            (format!("Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) {webkit} Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36"), Browser::Huawei, System::HarmonyOs),
            ("curl/8.5.0".to_owned(), Browser::Other, System::Other),
        ] {
            let headers = HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_str(&text).unwrap())]);
            assert_eq!(client_of(&headers), Client { browser, system }, "{text}");
        }
        assert_eq!(client_of(&HeaderMap::new()), Client::default());
        let hostile = HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_bytes(b"Chrome/\xff").unwrap())]);
        assert_eq!(client_of(&hostile), Client::default());
    }
}
