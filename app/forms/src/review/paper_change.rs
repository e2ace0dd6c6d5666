//! Changes of the list of papers by an office (S148).
use super::NOTE;
use crate::{
    Code, Field, Problems,
    choice::Choice,
    draft::{Checker, draft},
    materials::Material,
    problem::{ChoiceProblem, ReviewProblem, TextProblem},
    status::states,
    value::Date,
};
use serde::{Deserialize, Serialize};

draft! {
    /// A change of the list of papers, with its reason (S148).
    PaperChangeDraft { change: PaperChange, reason: PaperReason, note: PaperNote }
}

states! {
    /// Why a paper is asked for that does not follow from the answers, or is not asked for although it does.
    PaperReason "paper_reason" {
        /// The person is 应届 (X33).
        RecentGraduate = "recent_graduate",
        /// The person is not 应届.
        NotRecentGraduate = "not_recent_graduate",
        /// Another paper shows it as well.
        ShownOtherwise = "shown_otherwise",
        /// The site doubts what was verified earlier.
        Doubt = "doubt",
        /// Area or site have a rule of their own.
        LocalRule = "local_rule",
        /// Another reason, which the note says.
        Other = "other",
    }
}

impl PaperReason {
    /// Whether it is a reason to ask for a paper, or to drop one.
    pub const fn fits(self, asked: bool) -> bool {
        match self {
            Self::RecentGraduate | Self::Doubt => asked,
            Self::NotRecentGraduate | Self::ShownOtherwise => !asked,
            Self::LocalRule | Self::Other => true,
        }
    }
}

/// A change of the list of papers: it stands until a later one about the same paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperChange {
    /// Which paper.
    pub paper: Material,
    /// Whether it is asked for from now on.
    pub asked: bool,
    /// Why.
    pub reason: PaperReason,
    /// What the code does not say.
    pub note: String,
    /// The day of the change.
    pub day: Date,
}

impl Material {
    /// Whether an office may ask for it or drop it. The notice, the document and the photo belong to every review.
    pub const fn may_be_changed(self) -> bool {
        !matches!(self, Self::Slip | Self::IdentityDocument | Self::TemporaryCard | Self::Photo | Self::Local)
    }
}

impl PaperChangeDraft {
    /// The code of asking for a paper, or of dropping it.
    pub fn code(paper: Material, asked: bool) -> String {
        format!("{}.{}", if asked { "ask" } else { "drop" }, paper.key())
    }
    /// Every change that is possible while these papers are asked for: what may be asked for first, then what may be dropped.
    pub fn choices(asked: &[Material]) -> Vec<(Material, bool)> {
        let all = || Material::ALL.iter().copied().filter(|paper| paper.may_be_changed());
        let missing = all().filter(|paper| !asked.contains(paper)).map(|paper| (paper, true));
        let listed = all().filter(|paper| asked.contains(paper)).map(|paper| (paper, false));
        missing.chain(listed).collect()
    }
    /// Checks a change of the papers that are asked for.
    pub fn check(&self, asked: &[Material], today: Date) -> Result<PaperChange, Problems> {
        let mut form = Checker::new(self);
        let change = form.required(Field::PaperChange, |raw| {
            let (verb, key) = raw.split_once('.').ok_or(ChoiceProblem::Unknown)?;
            let paper = Material::parse(key).filter(|paper| paper.may_be_changed()).ok_or(ChoiceProblem::Unknown)?;
            match verb {
                "ask" | "drop" if asked.contains(&paper) == (verb == "ask") => {
                    Err(Code::from(ReviewProblem::PaperUnchanged))
                }
                "ask" | "drop" => Ok((paper, verb == "ask")),
                _ => Err(ChoiceProblem::Unknown.into()),
            }
        });
        let reason = form.required(Field::PaperReason, PaperReason::parse);
        if let (Some((_, asked)), Some(reason)) = (&change, reason)
            && !reason.fits(*asked)
        {
            form.fail(Field::PaperReason, ReviewProblem::ReasonOfOther);
        }
        let note = form.optional(Field::PaperNote, |raw| {
            let long = raw.trim().chars().count() > NOTE as usize;
            if long { Err(Code::from(TextProblem::TooLong(NOTE))) } else { Ok(raw.trim().to_owned()) }
        });
        let note = note.map(Option::unwrap_or_default);
        if reason == Some(PaperReason::Other) && note.as_ref().is_some_and(String::is_empty) {
            form.fail(Field::PaperNote, ReviewProblem::NoteMissing);
        }
        let complete = (|| {
            let (paper, asked) = change?;
            Some(PaperChange { paper, asked, reason: reason?, note: note?, day: today })
        })();
        form.finish(complete)
    }
}
