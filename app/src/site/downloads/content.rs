//! The texts of the annexes, which are those of `app/content/annexes.json`.
use crate::lang::Lang;
use forms::{Field, materials::Annex};
use serde::Deserialize;
use std::sync::LazyLock;

/// A form.
#[derive(Debug, Deserialize)]
pub(super) struct AnnexText {
    annex: String,
    /// Its official title.
    pub title: String,
    title_en: String,
    for_zh: String,
    for_en: String,
    /// The table: one or two cells a row.
    pub rows: Vec<Vec<AnnexCell>>,
    /// Paragraphs.
    pub text: Vec<String>,
    /// What others write in.
    pub boxes: Vec<AnnexBox>,
    /// At the foot.
    pub notes: Vec<String>,
}
/// A cell of the table.
#[derive(Debug, Deserialize)]
pub(super) struct AnnexCell {
    pub label: String,
    /// The field whose answer stands in it; empty where it is written by hand.
    fill: String,
}
/// A frame to write in.
#[derive(Debug, Deserialize)]
pub(super) struct AnnexBox {
    pub label: String,
    pub lines: u16,
    pub signatures: Vec<String>,
}
impl AnnexCell {
    /// The field whose answer stands in it.
    pub fn field(&self) -> Option<Field> {
        Field::parse(&self.fill)
    }
}
impl AnnexText {
    /// Its title in the language of the page around it.
    pub fn title_in(&self, lang: Lang) -> &str {
        lang.of(&self.title, &self.title_en)
    }
    /// Who needs it.
    pub fn who(&self, lang: Lang) -> &str {
        lang.of(&self.for_zh, &self.for_en)
    }
}

/// A file of content. The tests read it, so that it is not empty for its form.
static ANNEXES: LazyLock<Vec<AnnexText>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../content/annexes.json")).unwrap_or_default());

pub(super) fn annex_text(annex: Annex) -> Option<&'static AnnexText> {
    ANNEXES.iter().find(|text| text.annex == annex.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_annex_has_its_text_and_every_filled_cell_names_a_field() {
        assert_eq!(ANNEXES.len(), Annex::ALL.len());
        for annex in Annex::ALL {
            let text = annex_text(annex);
            assert!(
                text.is_some_and(|text| !text.title_en.is_empty()
                    && !text.for_zh.is_empty()
                    && !text.for_en.is_empty())
            );
            for cell in text.into_iter().flat_map(|text| text.rows.iter().flatten()) {
                assert!(cell.fill.is_empty() || cell.field().is_some(), "{annex:?}: {}", cell.label);
            }
            assert!(text.is_some_and(|text| text.rows.iter().all(|row| matches!(row.len(), 1 | 2))));
        }
    }
}
