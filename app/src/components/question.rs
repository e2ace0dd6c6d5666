//! The question before what cannot be undone.
use super::{HiddenInputs, PageField, dated};
use crate::{request::PlainPage, routes::PageKind};
use leptos::prelude::*;

/// A page that asks whether something is to be done, says what follows from it, and leads back.
pub struct Question {
    /// The heading, a question.
    pub title: &'static str,
    /// What it is about and what follows, a paragraph each.
    pub lines: Vec<String>,
    /// Where the answer is posted.
    pub post: String,
    /// What is posted with it.
    pub pairs: Vec<(&'static str, String)>,
    /// The button that does it.
    pub button: &'static str,
    /// The link that leaves everything as it is, and where it leads.
    pub back: (&'static str, String),
}
impl Question {
    pub fn page(self, kind: PageKind) -> PlainPage {
        let Self { title, lines, post, pairs, button, back } = self;
        let body = move || {
            view! {
                <section class="narrow">
                    <h1>{title}</h1>
                    <div class="sheet">
                        {lines.into_iter().map(|line| view! { <p>{dated(&line)}</p> }).collect_view()}
                        <form method="post" action=post class="actions">
                            <PageField />
                            <HiddenInputs pairs />
                            <button class="primary">{button}</button>
                            <a class="button" href=back.1>{back.0}</a>
                        </form>
                    </div>
                </section>
            }
        };
        PlainPage::new(kind, body).titled(title.to_owned())
    }
}
