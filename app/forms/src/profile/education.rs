//! 教育经历.
use super::{ProfileContext, context::past_after_birth};
use crate::{
    Field, Problems,
    choice::{Choice, Degree, EducationLevel, StudyForm},
    draft::{Checker, draft, tick, typed},
    problem::YearMonthProblem,
    value::{DiplomaNumber, ListedName, YearMonth},
};
use serde::{Deserialize, Serialize};

draft! {
    /// One entry of 教育经历.
    EducationDraft {
        level: Level, degree: Degree, school: School, school_id: SchoolId, major: Major, major_id: MajorId, study_form: StudyForm,
        admission_month: AdmissionMonth, graduation_month: GraduationMonth, not_yet_awarded: NotYetAwarded, diploma_number: DiplomaNumber,
    }
}
/// One entry of 教育经历, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Education {
    /// 报考学历 (S72).
    pub level: EducationLevel,
    /// Kind of degree, of graduates (X35).
    pub degree: Option<Degree>,
    /// 毕业学校 (S75); not for levels without school.
    pub school: Option<ListedName>,
    /// 毕业专业 (S73); not required for levels without school (X16).
    pub major: Option<ListedName>,
    /// 学习形式 (S74, X16).
    pub study_form: Option<StudyForm>,
    /// When the studies began (asked without obligation, X35).
    pub admission_month: Option<YearMonth>,
    /// 毕业年月 (S76); may lie ahead for a diploma not yet awarded.
    pub graduation_month: Option<YearMonth>,
    /// The diploma is still to come (X15).
    pub not_yet_awarded: bool,
    /// 毕业证书编号 (S77, S78).
    pub diploma_number: Option<DiplomaNumber>,
}
impl EducationDraft {
    /// Checks the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Education, Problems> {
        let mut form = Checker::new(self);
        let level = form.required(Field::Level, EducationLevel::parse);
        let schooled = !level.is_some_and(EducationLevel::without_school);
        let degree = match level {
            Some(EducationLevel::Graduate) => form.optional(Field::Degree, Degree::parse),
            _ => Some(None),
        };
        // Answers to questions that this level does not ask stay in the draft and are not looked at.
        let school = if schooled {
            form.required(Field::School, |raw| ListedName::parse(raw, &self.school_id)).map(Some)
        } else {
            Some(None)
        };
        let major = form.required_if(schooled, Field::Major, |raw| ListedName::parse(raw, &self.major_id));
        let study_form = match level {
            Some(EducationLevel::None) => Some(None),
            Some(EducationLevel::Apprenticeship) => form
                .optional(Field::StudyForm, StudyForm::parse)
                .map(|typed| Some(typed.unwrap_or(StudyForm::Apprenticeship))),
            _ => form.required(Field::StudyForm, StudyForm::parse).map(Some),
        };
        let pending = schooled && form.ticked(Field::NotYetAwarded);
        let past = past_after_birth(context);
        let admission_month = if schooled { form.optional(Field::AdmissionMonth, &past) } else { Some(None) };
        let graduation_month = if schooled {
            let start = admission_month.flatten();
            form.required(Field::GraduationMonth, |raw| {
                let month = if pending { YearMonth::parse(raw)? } else { past(raw)? };
                if start.is_some_and(|start| month < start) { Err(YearMonthProblem::BeforeStart) } else { Ok(month) }
            })
            .map(Some)
        } else {
            Some(None)
        };
        let diploma_number = form.required_if(schooled && !pending, Field::DiplomaNumber, DiplomaNumber::parse);
        let complete = (|| {
            Some(Education {
                level: level?,
                degree: degree?,
                school: school?,
                major: major?,
                study_form: study_form?,
                admission_month: admission_month?,
                graduation_month: graduation_month?,
                not_yet_awarded: pending,
                diploma_number: diploma_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Education> for EducationDraft {
    fn from(e: &Education) -> Self {
        let named = |name: &Option<ListedName>| name.as_ref().map(|n| (n.to_string(), n.id_text())).unwrap_or_default();
        let ((school, school_id), (major, major_id)) = (named(&e.school), named(&e.major));
        Self {
            level: e.level.to_string(),
            degree: typed(&e.degree),
            school,
            school_id,
            major,
            major_id,
            study_form: typed(&e.study_form),
            admission_month: typed(&e.admission_month),
            graduation_month: typed(&e.graduation_month),
            not_yet_awarded: tick(e.not_yet_awarded),
            diploma_number: typed(&e.diploma_number),
        }
    }
}
