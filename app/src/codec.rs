//! How server functions answer: by the text of a value, which `FromStr` reads. JSON would bring a parser into the module.
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use std::{convert::Infallible, fmt, str::FromStr};

/// Encodes by `Display` and decodes by `FromStr`.
pub struct TextEncoding;
/// The encoding of answers, for `#[server(output = Text)]`.
pub type Text = Post<TextEncoding>;

/// The text is not what the type writes.
#[derive(Debug)]
pub struct Malformed;
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed answer")
    }
}

impl ContentType for TextEncoding {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}
impl FormatType for TextEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}
impl<T: fmt::Display> Encodes<T> for TextEncoding {
    type Error = Infallible;
    fn encode(value: &T) -> Result<Bytes, Infallible> {
        Ok(value.to_string().into())
    }
}
impl<T: FromStr> Decodes<T> for TextEncoding {
    type Error = Malformed;
    fn decode(bytes: Bytes) -> Result<T, Malformed> {
        str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).ok_or(Malformed)
    }
}
