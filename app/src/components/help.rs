//! Questions and answers of the help page; the texts are in `app/content`. Other pages link to some of them.
use super::HelpLink;
use crate::lang::Lang;
use forms::journey::Step;
use serde::Deserialize;
use std::sync::LazyLock;

/// A question with its answer.
#[derive(Clone, Debug, Deserialize)]
pub struct HelpItem {
    /// Its anchor in the page.
    pub id: String,
    /// The part of the page: a code of that page.
    pub section: String,
    /// The steps of the wizard at which it is asked, by code.
    pub steps: Vec<String>,
    /// Where it is done: keys of that page.
    pub links: Vec<String>,
    pub question: String,
    /// Paragraphs.
    pub answer: Vec<String>,
}
impl HelpItem {
    /// Whether every word of a search occurs in it, in any case.
    pub fn has(&self, search: &str) -> bool {
        let text = [self.question.as_str(), &self.answer.join("\n")].join("\n").to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

static ZH: LazyLock<Vec<HelpItem>> = LazyLock::new(|| read(include_str!("../../content/help.zh.json")));
static EN: LazyLock<Vec<HelpItem>> = LazyLock::new(|| read(include_str!("../../content/help.en.json")));

/// A file of content. The tests read both, so that none is empty for its form.
fn read(text: &str) -> Vec<HelpItem> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Every question in a language.
pub fn items(lang: Lang) -> &'static [HelpItem] {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The first questions that are asked at a step of the wizard, as links: as many as are read at a glance.
pub fn help_of_step(lang: Lang, step: Step) -> Vec<HelpLink> {
    let asked = items(lang).iter().filter(|item| item.steps.iter().any(|code| code == step.code()));
    asked.take(6).map(|item| (item.id.clone(), item.question.clone())).collect()
}

/// The questions with some anchors, as links.
pub fn help_links(lang: Lang, anchors: &[&str]) -> Vec<HelpLink> {
    let item = |anchor: &&str| items(lang).iter().find(|item| item.id == **anchor);
    anchors.iter().filter_map(item).map(|item| (item.id.clone(), item.question.clone())).collect()
}
