//! 培训经历.
use super::{ProfileContext, context::past_after_birth};
use crate::{
    Field, Problems,
    choice::{Choice, TrainingKind},
    draft::{Checker, draft, typed},
    problem::YearMonthProblem,
    value::{ListedName, PaperNumber, YearMonth},
};
use serde::{Deserialize, Serialize};

draft! {
    /// One entry of 培训经历.
    TrainingDraft {
        training_kind: TrainingKind, institution: Institution, institution_id: InstitutionId, start_month: StartMonth, end_month: EndMonth,
        training_number: TrainingNumber,
    }
}
/// One entry of 培训经历, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Kind (S40).
    pub training_kind: TrainingKind,
    /// Where.
    pub institution: ListedName,
    /// First month.
    pub start_month: YearMonth,
    /// Last month, unless it still goes on.
    pub end_month: Option<YearMonth>,
    /// Number of the certificate, if there is one.
    pub training_number: Option<PaperNumber>,
}
impl TrainingDraft {
    /// Checks the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Training, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let training_kind = form.required(Field::TrainingKind, TrainingKind::parse);
        let institution =
            form.required(Field::Institution, |raw| ListedName::parse_at(raw, &self.institution_id, true));
        let start_month = form.required(Field::StartMonth, &past);
        let end_month = form.optional(Field::EndMonth, |raw| match past(raw)? {
            end if start_month.is_some_and(|start| end < start) => Err(YearMonthProblem::BeforeStart),
            end => Ok(end),
        });
        let training_number = form.optional(Field::TrainingNumber, PaperNumber::parse_training);
        let complete = (|| {
            Some(Training {
                training_kind: training_kind?,
                institution: institution?,
                start_month: start_month?,
                end_month: end_month?,
                training_number: training_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Training> for TrainingDraft {
    fn from(t: &Training) -> Self {
        Self {
            training_kind: t.training_kind.to_string(),
            institution: t.institution.to_string(),
            institution_id: t.institution.id_text(),
            start_month: t.start_month.to_string(),
            end_month: typed(&t.end_month),
            training_number: typed(&t.training_number),
        }
    }
}
