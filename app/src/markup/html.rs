//! Pieces as text, on the server.
use super::{Element, Markup, Part};
use leptos::{
    prelude::*,
    tachys::{ssr::StreamBuilder, view::Position},
};
use std::{future::Future, pin::Pin};

/// Where the text goes: into one string, or into a stream whose foreign pieces may come later.
pub(super) enum Out<'a> {
    Whole(&'a mut String),
    Stream(&'a mut StreamBuilder, bool),
}
impl Out<'_> {
    fn put(&mut self, text: &str) {
        match self {
            Out::Whole(out) => out.push_str(text),
            Out::Stream(out, _) => out.push_sync(text),
        }
    }
}

/// Writes a piece. A comment stands between two texts, or the browser would read one; and after what can change, so that
/// what takes its place knows where to go.
pub(super) fn write(piece: Markup, out: &mut Out, position: &mut Position) {
    match piece {
        Markup::Nothing => {}
        Markup::Text(text) => {
            if *position == Position::NextChildAfterText {
                out.put("<!>");
            }
            out.put(&escaped(&text, false));
            *position = Position::NextChildAfterText;
        }
        Markup::Element(element) => {
            write_element(*element, out, position);
        }
        Markup::Row(pieces) => {
            for piece in pieces {
                write(piece, out, position);
            }
        }
        Markup::Live(mut make) | Markup::Scene(mut make) => {
            write(make(), out, position);
            out.put("<!>");
            *position = Position::NextChild;
        }
        Markup::Foreign(view) => match out {
            Out::Whole(out) => view.to_html_with_buf(out, position, true, false, Vec::new()),
            Out::Stream(out, true) => view.to_html_async_with_buf::<true>(out, position, true, false, Vec::new()),
            Out::Stream(out, false) => view.to_html_async_with_buf::<false>(out, position, true, false, Vec::new()),
        },
    }
}

fn write_element(element: Element, out: &mut Out, position: &mut Position) {
    let Element { tag, parts, inside, children } = element;
    let mut head = format!("<{tag}");
    let mut classes = String::new();
    for part in parts {
        match part {
            Part::Attribute("class", value) => {
                if let Some(text) = value.now() {
                    classes.insert_str(0, &text);
                }
            }
            Part::Attribute(name, value) => {
                if let Some(text) = value.now() {
                    head.push_str(&format!(" {name}=\"{}\"", escaped(&text, true)));
                }
            }
            Part::Class(name, value) => {
                if value.now().is_some() {
                    classes.push(' ');
                    classes.push_str(name);
                }
            }
        }
    }
    if !classes.trim().is_empty() {
        head.push_str(&format!(" class=\"{}\"", escaped(classes.trim(), true)));
    }
    head.push('>');
    out.put(&head);
    let void = matches!(tag, "br" | "hr" | "img" | "input" | "link" | "meta" | "wbr");
    if !void {
        match inside {
            Some(html) => out.put(&html),
            None => {
                *position = Position::FirstChild;
                for child in children {
                    write(child, out, position);
                }
            }
        }
        out.put(&format!("</{tag}>"));
    }
    *position = Position::NextChild;
}

/// Text as HTML takes it. A page is always UTF-8, so these are the only characters that mean something else.
fn escaped(text: &str, quoted: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quoted => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Looks a piece over for what it will wait for.
pub(super) fn look_over(piece: &mut Markup) {
    match piece {
        Markup::Nothing | Markup::Text(_) => {}
        Markup::Element(element) => element.children.iter_mut().for_each(look_over),
        Markup::Row(pieces) => pieces.iter_mut().for_each(look_over),
        Markup::Live(make) | Markup::Scene(make) => look_over(&mut make()),
        Markup::Foreign(view) => view.dry_resolve(),
    }
}

/// Waits for everything in a piece.
pub(super) fn resolve(piece: Markup) -> Pin<Box<dyn Future<Output = Markup> + Send>> {
    Box::pin(async move {
        match piece {
            Markup::Nothing | Markup::Text(_) => piece,
            Markup::Element(mut element) => {
                for child in &mut element.children {
                    *child = resolve(std::mem::replace(child, Markup::Nothing)).await;
                }
                Markup::Element(element)
            }
            Markup::Row(mut pieces) => {
                for piece in &mut pieces {
                    *piece = resolve(std::mem::replace(piece, Markup::Nothing)).await;
                }
                Markup::Row(pieces)
            }
            // What follows is written the same way as when it is made again: with the comment behind it.
            Markup::Live(mut make) | Markup::Scene(mut make) => {
                let mut made = Some(resolve(make()).await);
                Markup::Live(Box::new(move || made.take().unwrap_or_else(&mut make)))
            }
            Markup::Foreign(view) => Markup::Foreign(Box::new(view.resolve().await)),
        }
    })
}
