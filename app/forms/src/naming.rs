//! 申请添加数据: asking for a name that is missing from the dictionaries (S27, S28, S118).
use crate::{
    Draft, Field, Problems,
    choice::{Choice, NameKind, Province},
    draft::{Checker, draft},
    problem::NamingProblem,
    text,
    value::ListedName,
};

/// Requests of one person that may be open at the same time.
pub const OPEN_REQUESTS: i64 = 5;

draft! {
    /// A request half filled in.
    NameRequestDraft { name_kind: NameKind, missing_name: MissingName, missing_region: MissingRegion, former_name: FormerName }
}

/// A request for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRequest {
    /// What it is the name of.
    pub kind: NameKind,
    /// The name.
    pub name: String,
    /// Where the school or employer is; a major is nowhere.
    pub region: Option<Province>,
    /// The name it had before, where it was renamed or became part of another.
    pub former: Option<String>,
}

impl NameRequestDraft {
    /// Judges the form.
    pub fn check(&self) -> Result<NameRequest, Problems> {
        let mut form = Checker::new(self);
        let kind = form.required(Field::NameKind, NameKind::parse);
        let plain = |raw: &str| ListedName::parse(raw, "").map(|name| name.name().to_owned());
        let name = form.required(Field::MissingName, plain);
        let region = match kind {
            Some(NameKind::Major) => Some(None),
            _ => form.required(Field::MissingRegion, Province::parse).map(Some),
        };
        let former = if text::is_blank(self.get(Field::FormerName)) {
            Some(None)
        } else {
            form.required(Field::FormerName, plain).map(Some)
        };
        if let (Some(name), Some(Some(former))) = (&name, &former)
            && name == former
        {
            form.fail(Field::FormerName, NamingProblem::SameName);
        }
        let complete = (|| Some(NameRequest { kind: kind?, name: name?, region: region?, former: former? }))();
        form.finish(complete)
    }
}
