//! 教育经历.
use super::{ProfileContext, context::past_after_birth};
use crate::{
    Code, Field, Problems,
    choice::{Choice, Degree, EducationLevel, Province, StudyForm},
    country::Country,
    draft::{Checker, draft, tick, typed},
    problem::{PaperProblem, YearMonthProblem},
    value::{Date, DiplomaNumber, ListedName, YearMonth},
};
use serde::{Deserialize, Serialize};

draft! {
    /// One entry of 教育经历.
    EducationDraft {
        level: Level, degree: Degree, school_region: SchoolRegion, school_country: SchoolCountry, school: School, school_id: SchoolId, major: Major, major_id: MajorId, study_form: StudyForm,
        admission_month: AdmissionMonth, graduation_month: GraduationMonth, not_yet_awarded: NotYetAwarded, long_track: LongTrack,
        diploma_number: DiplomaNumber, old_number: OldNumber, diploma_lost: DiplomaLost,
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
    /// 所在地区 of the school (S75); required of one that no list has, whose place nobody else knows.
    #[serde(default)]
    pub school_region: Option<Province>,
    /// The country of a school abroad.
    #[serde(default)]
    pub school_country: Option<Country>,
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
    /// 硕博连读 or another long track, of which no diploma need exist (S78, X46).
    #[serde(default)]
    pub long_track: bool,
    /// 毕业证书编号 (S77, S78).
    pub diploma_number: Option<DiplomaNumber>,
    /// The diploma is lost: the school's statement stands in for it (S143).
    #[serde(default)]
    pub diploma_lost: bool,
}
impl Education {
    /// Whether it says that the diploma is still to come, and there is one by now (X46).
    pub fn is_awarded_since(&self, today: Date) -> bool {
        self.not_yet_awarded && self.graduation_month.is_some_and(|month| is_due(self.long_track, month, today))
    }
    /// Whether the number of the diploma is none that the mainland gives today, so that staff look at it (X47).
    pub fn has_old_number(&self) -> bool {
        !self.is_from_elsewhere() && self.diploma_number.as_ref().is_some_and(DiplomaNumber::is_old)
    }
    /// Whether the school is outside the mainland; one of the list without a place is on it (S145).
    pub fn is_from_elsewhere(&self) -> bool {
        self.school_region.is_some_and(Province::is_outside_mainland)
    }
}
/// Whether a diploma that was still to come exists by now, with a number (X46): the month of graduation is over. Of a long track
/// none need exist.
fn is_due(long_track: bool, graduation: YearMonth, today: Date) -> bool {
    !long_track && graduation < YearMonth::of(today)
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
        let is_abroad = Province::parse(&self.school_region).is_ok_and(Province::is_outside_mainland);
        let read_name = |id| move |raw: &str| ListedName::parse_at(raw, id, !is_abroad);
        // Answers to questions that this level does not ask stay in the draft and are not looked at.
        let school =
            if schooled { form.required(Field::School, read_name(&self.school_id)).map(Some) } else { Some(None) };
        let is_typed = matches!(&school, Some(Some(school)) if school.id().is_none());
        let school_region =
            if schooled { form.required_if(is_typed, Field::SchoolRegion, Province::parse) } else { Some(None) };
        let school_country = match school_region {
            Some(Some(Province::Abroad)) => form.required(Field::SchoolCountry, Country::parse).map(Some),
            _ => Some(None),
        };
        let major = form.required_if(schooled, Field::Major, read_name(&self.major_id));
        let study_form = match level {
            Some(EducationLevel::None) => Some(None),
            Some(EducationLevel::Apprenticeship) => form
                .optional(Field::StudyForm, StudyForm::parse)
                .map(|typed| Some(typed.unwrap_or(StudyForm::Apprenticeship))),
            _ => form.required(Field::StudyForm, StudyForm::parse).map(Some),
        };
        let pending = schooled && form.ticked(Field::NotYetAwarded);
        let long_track = schooled && form.ticked(Field::LongTrack);
        let past = past_after_birth(context);
        let admission_month = if schooled { form.optional(Field::AdmissionMonth, &past) } else { Some(None) };
        let graduation_month = if schooled {
            let start = admission_month.flatten();
            form.required(Field::GraduationMonth, |raw| {
                let month = match past(raw) {
                    _ if pending => YearMonth::parse(raw)?,
                    Err(YearMonthProblem::Future) => return Err(PaperProblem::NotYetGraduated.into()),
                    read => read?,
                };
                if start.is_some_and(|start| month < start) {
                    return Err(Code::from(YearMonthProblem::BeforeStart));
                }
                let is_over = pending && is_due(long_track, month, context.base.today);
                if is_over { Err(PaperProblem::AlreadyAwarded.into()) } else { Ok(month) }
            })
            .map(Some)
        } else {
            Some(None)
        };
        let read = match (schooled && is_abroad, form.ticked(Field::OldNumber)) {
            (true, _) => DiplomaNumber::parse_elsewhere,
            (false, true) => DiplomaNumber::parse_old,
            (false, false) => DiplomaNumber::parse,
        };
        let diploma_number = form.required_if(schooled && !pending && !long_track, Field::DiplomaNumber, read);
        let diploma_lost = schooled && !pending && form.ticked(Field::DiplomaLost);
        let complete = (|| {
            Some(Education {
                level: level?,
                degree: degree?,
                school: school?,
                school_region: school_region?,
                school_country: school_country?,
                major: major?,
                study_form: study_form?,
                admission_month: admission_month?,
                graduation_month: graduation_month?,
                not_yet_awarded: pending,
                long_track,
                diploma_number: diploma_number?,
                diploma_lost,
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
            school_region: typed(&e.school_region),
            school_country: typed(&e.school_country),
            school,
            school_id,
            major,
            major_id,
            study_form: typed(&e.study_form),
            admission_month: typed(&e.admission_month),
            graduation_month: typed(&e.graduation_month),
            not_yet_awarded: tick(e.not_yet_awarded),
            long_track: tick(e.long_track),
            old_number: tick(e.has_old_number()),
            diploma_number: typed(&e.diploma_number),
            diploma_lost: tick(e.diploma_lost),
        }
    }
}
