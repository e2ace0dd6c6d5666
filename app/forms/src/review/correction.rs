//! Corrections of identity data by staff (S111).
use super::NOTE;
use crate::{
    Code, Context, Draft, Field, Problems,
    account::{Identity, check_identity},
    choice::Choice,
    draft::{Checker, draft, tick},
    problem::TextProblem,
    status::states,
};

draft! {
    /// A correction of identity data, with its reason (S111).
    CorrectionDraft {
        name: Name, document_type: DocumentType, document_number: DocumentNumber, document_confirmed: DocumentConfirmed, sex: Sex, birth_date: BirthDate, ethnic_group: EthnicGroup,
        reason: Reason, note: Note,
    }
}
/// A correction that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Who it is after the correction.
    pub identity: Identity,
    /// Why.
    pub reason: CorrectionReason,
    /// What the code does not say.
    pub note: String,
}
states! {
    /// Why identity data is corrected.
    CorrectionReason "correction_reason" {
        /// The document shown says something else.
        ByDocument = "by_document",
        /// A glyph that could not be typed (S92).
        RareGlyph = "rare_glyph",
        /// The person has a new document.
        NewDocument = "new_document",
        /// The register of the police says something else.
        ByRegister = "by_register",
    }
}
impl CorrectionDraft {
    /// The form as it stands before anything was changed.
    pub fn of(identity: &Identity) -> Self {
        Self {
            name: identity.name.to_string(),
            document_type: identity.document.kind().to_string(),
            document_number: identity.document.number().to_owned(),
            // What was confirmed at registration stays confirmed.
            document_confirmed: tick(identity.document.is_unusual()),
            sex: identity.sex.to_string(),
            birth_date: identity.birth_date.to_string(),
            ethnic_group: identity.ethnic_group.to_string(),
            ..Self::default()
        }
    }
    /// Checks the correction: the identity by the rules of registration, and a reason.
    pub fn check(&self, context: &Context<'_>) -> Result<Correction, Problems> {
        let mut form = Checker::new(self);
        let identity = check_identity(&mut form, context);
        let reason = form.required(Field::Reason, CorrectionReason::parse);
        let note = form.optional(Field::Note, |raw| {
            let long = raw.trim().chars().count() > NOTE as usize;
            if long { Err(Code::from(TextProblem::TooLong(NOTE))) } else { Ok(raw.trim().to_owned()) }
        });
        let complete =
            (|| Some(Correction { identity: identity?, reason: reason?, note: note?.unwrap_or_default() }))();
        form.finish(complete)
    }
    /// The identity fields that differ between two people on paper: field, before, after.
    pub fn changes(&self, before: &Self) -> Vec<(Field, String, String)> {
        let only = |field: &Field| !matches!(field, Field::Reason | Field::Note | Field::DocumentConfirmed);
        let differs = |field: &Field| self.get(*field).trim() != before.get(*field).trim();
        Self::FIELDS
            .iter()
            .filter(|field| only(field) && differs(field))
            .map(|field| (*field, before.get(*field).to_owned(), self.get(*field).to_owned()))
            .collect()
    }
}
