//! 工作情况.
use super::{ProfileContext, context::past_after_birth};
use crate::{
    Field, Problems,
    choice::{Choice, PostState, Province, Title},
    draft::{Checker, TICKED, draft, tick, typed},
    problem::TextProblem,
    text,
    value::{ListedName, YearMonth},
};
use serde::{Deserialize, Serialize};

draft! {
    /// 工作情况.
    WorkDraft {
        post_state: PostState, employer_province: EmployerProvince, employer: Employer, employer_id: EmployerId, employer_not_medical: EmployerNotMedical, probation_start: ProbationStart,
        post: Post, title: Title, title_month: TitleMonth,
    }
}
/// 工作情况 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// 在岗情况 (S79).
    pub post_state: PostState,
    /// 工作单位; for graduates of this year the institution of their internship (S80, X17).
    pub employer: ListedName,
    /// Where it is (X32).
    pub employer_province: Province,
    /// It is no medical institution, so that it has no 医疗机构执业许可证 (S90, S146). Those of the list are.
    #[serde(default)]
    pub employer_not_medical: bool,
    /// When probation began (asked without obligation, X35).
    pub probation_start: Option<YearMonth>,
    /// 职务, if any.
    pub post: Option<String>,
    /// 职称, if any.
    pub title: Option<Title>,
    /// 职称获得年月 (S37); required with a title.
    pub title_month: Option<YearMonth>,
}
impl WorkDraft {
    /// Checks the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Work, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let post_state = form.required(Field::PostState, PostState::parse);
        let employer_province = form.required(Field::EmployerProvince, Province::parse);
        let employer = form.required(Field::Employer, |raw| {
            let is_here = !Province::parse(&self.employer_province).is_ok_and(Province::is_outside_mainland);
            ListedName::parse_at(raw, &self.employer_id, is_here)
        });
        let probation_start = form.optional(Field::ProbationStart, &past);
        let post = form.optional(Field::Post, |raw| {
            let plain = text::half_width(raw);
            if plain.chars().count() > 20 { Err(TextProblem::TooLong(20)) } else { Ok(plain) }
        });
        let title = form.optional(Field::Title, Title::parse);
        let has_title = matches!(title, Some(Some(title)) if title != Title::None);
        // A month left over from a title since withdrawn is kept in the draft and not looked at.
        let title_month = if has_title { form.required(Field::TitleMonth, &past).map(Some) } else { Some(None) };
        let complete = (|| {
            Some(Work {
                post_state: post_state?,
                employer: employer?,
                employer_province: employer_province?,
                employer_not_medical: self.employer_not_medical == TICKED,
                probation_start: probation_start?,
                post: post?,
                title: title?,
                title_month: title_month?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Work> for WorkDraft {
    fn from(work: &Work) -> Self {
        Self {
            post_state: work.post_state.to_string(),
            employer: work.employer.to_string(),
            employer_id: work.employer.id_text(),
            employer_not_medical: tick(work.employer_not_medical),
            employer_province: work.employer_province.to_string(),
            probation_start: typed(&work.probation_start),
            post: work.post.clone().unwrap_or_default(),
            title: typed(&work.title),
            title_month: typed(&work.title_month),
        }
    }
}
