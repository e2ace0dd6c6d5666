//! An application: the answers of the seven steps, and what they must be together.
use crate::{
    Code, Context, Draft, Field, Problem, Problems,
    account::Identity,
    category::{Category, ExamLevel},
    choice::{Choice, EducationLevel, ExtraSubject, MilitaryIdentity, PostState},
    draft::{Checker, TICKED, draft, tick, typed},
    eligibility::{self, Facts, Verdict},
    ids::{EntryId, PhotoId},
    journey::Step,
    problem::{ApplicationProblem, ChoiceProblem, PhotoProblem},
    profile::{
        Basic, BasicDraft, Certificate, Contact, ContactDraft, Education, Entry, EntryDraft, EntryKind, ProfileContext,
        Training, Work, WorkDraft,
    },
    region, text,
    value::Date,
};
use core::fmt;
use serde::{Deserialize, Serialize};

draft! {
    /// Step 1: category and consent (S35, X3).
    CategoryDraft { category: Category, consent: Consent }
}
draft! {
    /// Step 4 and 5: the entries used, as ids separated by spaces (S39).
    SelectionDraft { educations: Educations, trainings: Trainings, certificates: Certificates }
}
draft! {
    /// Step 6: area, site, attempts (S47).
    SiteDraft { area: Area, site: Site, attempts: Attempts }
}
draft! {
    /// Step 7: extra subject and declaration (S49, X3).
    ConfirmDraft { extra_subject: ExtraSubject, declaration: Declaration }
}

impl SelectionDraft {
    /// The ids ticked in a field; what is no id is passed over.
    pub fn ids(&self, kind: EntryKind) -> Vec<EntryId> {
        let mut ids: Vec<EntryId> = Vec::new();
        for id in self.get(field_of(kind)).split_whitespace().filter_map(EntryId::parse) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
    /// Ticks or unticks an entry.
    pub fn choose(&mut self, kind: EntryKind, id: EntryId, chosen: bool) {
        let mut ids = self.ids(kind);
        ids.retain(|other| *other != id);
        if chosen {
            ids.push(id);
        }
        self.set(field_of(kind), join(&ids));
    }
}
const fn field_of(kind: EntryKind) -> Field {
    match kind {
        EntryKind::Education => Field::Educations,
        EntryKind::Training => Field::Trainings,
        EntryKind::Certificate => Field::Certificates,
    }
}
fn join(ids: &[EntryId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// An application half filled in. It remembers which steps were attempted: "required" is said only there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicationDraft {
    /// Step 1.
    pub category: CategoryDraft,
    /// Step 2, first part.
    pub basic: BasicDraft,
    /// Step 2, second part.
    pub contact: ContactDraft,
    /// Step 3.
    pub work: WorkDraft,
    /// Steps 4 and 5.
    pub selection: SelectionDraft,
    /// Step 6.
    pub site: SiteDraft,
    /// Step 7.
    pub confirm: ConfirmDraft,
    /// Steps at which "next" was pressed.
    pub attempted: Vec<Step>,
}

/// What an entry of the profile is to an application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// As typed.
    pub draft: EntryDraft,
    /// The last valid version, if it was ever complete.
    pub complete: Option<Entry>,
    /// How many live applications use it (S18).
    pub locks: i64,
    /// Whether staff have seen the paper (S19).
    pub verified: bool,
    /// Its version, raised by each edit.
    pub version: i64,
}
impl fmt::Debug for EntryView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryView({}, {:?})", self.id, self.draft.kind())
    }
}
impl EntryView {
    /// Its group.
    pub const fn kind(&self) -> EntryKind {
        self.draft.kind()
    }
    /// Used entries and verified ones are read-only (S18, X2).
    pub const fn is_read_only(&self) -> bool {
        self.locks > 0 || self.verified
    }
}

/// What the answers are judged against.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationContext<'a> {
    /// Today and the session's rule set.
    pub base: Context<'a>,
    /// Who applies.
    pub identity: &'a Identity,
    /// The entries of the profile.
    pub entries: &'a [EntryView],
    /// The photo, if there is one.
    pub photo: Option<PhotoId>,
    /// Year of the examination.
    pub exam_year: u16,
    /// The day on which ages are counted (X23).
    pub reference_date: Date,
    /// The categories open in the session.
    pub open: &'a [Category],
    /// Attempts at each category that the books know, this one not counted (X22).
    pub history: &'a [(Category, u32)],
}

/// An application that may be submitted: the snapshot (S124) holds exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Category.
    pub category: Category,
    /// Who applies.
    pub identity: Identity,
    /// The photo.
    pub photo: PhotoId,
    /// 基本情况.
    pub basic: Basic,
    /// 联系方式.
    pub contact: Contact,
    /// 工作情况.
    pub work: Work,
    /// 教育经历 used, with the entries they were copied from.
    pub educations: Vec<(EntryId, Education)>,
    /// 培训经历 used.
    pub trainings: Vec<(EntryId, Training)>,
    /// 证书 used.
    pub certificates: Vec<(EntryId, Certificate)>,
    /// 考区, two digits.
    pub area: String,
    /// 考点, the digits of its area and its own.
    pub site: String,
    /// 累计报考次数, this one included (X22).
    pub attempts: u32,
    /// 加试科目 (X21).
    pub extra_subject: ExtraSubject,
    /// What the papers on site must still prove (X35).
    pub to_prove: Vec<eligibility::Proof>,
}

impl ApplicationDraft {
    /// A draft that begins with what the profile knows (S34).
    pub fn prefilled(category: Category, basic: BasicDraft, contact: ContactDraft, work: WorkDraft) -> Self {
        let category = CategoryDraft { category: category.to_string(), consent: String::new() };
        Self { category, basic, contact, work, ..Self::default() }
    }

    /// The category chosen, if it is one.
    pub fn chosen_category(&self) -> Option<Category> {
        Category::parse(&self.category.category).ok()
    }

    /// The fields of a step.
    pub fn fields(step: Step) -> Vec<Field> {
        match step {
            Step::Category => CategoryDraft::FIELDS.to_vec(),
            Step::Basic => [BasicDraft::FIELDS, ContactDraft::FIELDS].concat(),
            Step::Work => WorkDraft::FIELDS.to_vec(),
            Step::Education => vec![Field::Educations, Field::Trainings],
            Step::Certificate => vec![Field::Certificates],
            Step::Site => SiteDraft::FIELDS.to_vec(),
            Step::Confirm => ConfirmDraft::FIELDS.to_vec(),
        }
    }

    /// Takes over the pairs posted by a step of an application that was returned: only the answers that were returned,
    /// and the declaration, which is made anew (X28).
    pub fn take_opened<K: AsRef<str>>(&mut self, step: Step, pairs: &[(K, String)], opened: &[Field]) {
        let mut taken = self.clone();
        taken.take(step, pairs);
        let kept = |field: &Field| opened.contains(field) || *field == Field::Declaration;
        for field in Self::fields(step).into_iter().filter(kept) {
            match step {
                Step::Category => {}
                Step::Basic => {
                    self.basic.set(field, taken.basic.get(field).to_owned());
                    self.contact.set(field, taken.contact.get(field).to_owned());
                }
                Step::Work => self.work.set(field, taken.work.get(field).to_owned()),
                Step::Education | Step::Certificate => {
                    self.selection.set(field, taken.selection.get(field).to_owned());
                }
                Step::Site => self.site.set(field, taken.site.get(field).to_owned()),
                Step::Confirm => self.confirm.set(field, taken.confirm.get(field).to_owned()),
            }
        }
    }

    /// Takes over the pairs posted by a step and leaves the other steps alone. A step posts all of its fields, so one
    /// that is absent (an unticked box, an empty selection) becomes empty.
    pub fn take<K: AsRef<str>>(&mut self, step: Step, pairs: &[(K, String)]) {
        let all = |field: Field| {
            pairs
                .iter()
                .filter(|(name, _)| name.as_ref() == field.name())
                .map(|(_, v)| v.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let last = |field: Field| {
            pairs
                .iter()
                .rev()
                .find(|(name, _)| name.as_ref() == field.name())
                .map(|(_, v)| v.clone())
                .unwrap_or_default()
        };
        match step {
            Step::Category => CategoryDraft::FIELDS.iter().for_each(|f| self.category.set(*f, last(*f))),
            Step::Basic => {
                BasicDraft::FIELDS.iter().for_each(|f| self.basic.set(*f, last(*f)));
                ContactDraft::FIELDS.iter().for_each(|f| self.contact.set(*f, last(*f)));
            }
            Step::Work => WorkDraft::FIELDS.iter().for_each(|f| self.work.set(*f, last(*f))),
            Step::Education => {
                [Field::Educations, Field::Trainings].into_iter().for_each(|f| self.selection.set(f, all(f)))
            }
            Step::Certificate => self.selection.set(Field::Certificates, all(Field::Certificates)),
            Step::Site => SiteDraft::FIELDS.iter().for_each(|f| self.site.set(*f, last(*f))),
            Step::Confirm => ConfirmDraft::FIELDS.iter().for_each(|f| self.confirm.set(*f, last(*f))),
        }
    }

    /// The filled fields of a step.
    pub fn pairs(&self, step: Step) -> Vec<(Field, String)> {
        let only = |fields: &[Field]| self.selection.pairs().into_iter().filter(|(f, _)| fields.contains(f)).collect();
        match step {
            Step::Category => self.category.pairs(),
            Step::Basic => [self.basic.pairs(), self.contact.pairs()].concat(),
            Step::Work => self.work.pairs(),
            Step::Education => only(&[Field::Educations, Field::Trainings]),
            Step::Certificate => only(&[Field::Certificates]),
            Step::Site => self.site.pairs(),
            Step::Confirm => self.confirm.pairs(),
        }
    }

    /// Remembers that "next" was pressed on a step.
    pub fn attempt(&mut self, step: Step) {
        if !self.attempted.contains(&step) {
            self.attempted.push(step);
        }
    }

    /// What is wrong on a step, "required" included.
    pub fn problems(&self, step: Step, context: &ApplicationContext<'_>) -> Problems {
        let profile = ProfileContext { base: context.base, identity: context.identity };
        match step {
            Step::Category => self.check_category(context).err().unwrap_or_default(),
            Step::Basic => {
                let mut problems = self.basic.check(&profile).err().unwrap_or_default();
                if context.photo.is_none() {
                    problems.insert(0, Problem { field: Field::Photo, code: PhotoProblem::Missing.into() });
                }
                if !context.base.rules.documents.contains(&context.identity.document.kind()) {
                    problems.push(Problem {
                        field: Field::DocumentType,
                        code: ApplicationProblem::DocumentNotAccepted.into(),
                    });
                }
                problems.extend(self.contact.check(&profile).err().unwrap_or_default());
                problems
            }
            Step::Work => self.check_work(context).err().unwrap_or_default(),
            Step::Education => self.check_education(context).err().unwrap_or_default(),
            Step::Certificate => self.check_certificates(context).err().unwrap_or_default(),
            Step::Site => self.check_site(context).err().unwrap_or_default(),
            Step::Confirm => self.check_confirm(context).err().unwrap_or_default(),
        }
    }

    /// What is wrong on a step and may be said now: before the step was attempted, only what was typed is judged.
    pub fn visible_problems(&self, step: Step, context: &ApplicationContext<'_>) -> Problems {
        if self.attempted.contains(&step) { self.problems(step, context) } else { Problems::new() }
    }

    /// Judges the whole application.
    pub fn check(&self, context: &ApplicationContext<'_>) -> Result<Application, Vec<(Step, Problem)>> {
        let all = || {
            Step::ALL
                .iter()
                .flat_map(|step| self.problems(*step, context).into_iter().map(|problem| (*step, problem)))
                .collect()
        };
        self.complete(context).ok_or_else(all)
    }

    fn complete(&self, context: &ApplicationContext<'_>) -> Option<Application> {
        if !self.problems(Step::Basic, context).is_empty() {
            return None;
        }
        let profile = ProfileContext { base: context.base, identity: context.identity };
        let (educations, trainings) = self.check_education(context).ok()?;
        let (certificates, verdict) = self.check_certificates(context).ok()?;
        let (area, site, attempts) = self.check_site(context).ok()?;
        let to_prove = match verdict {
            Verdict::Eligible => Vec::new(),
            Verdict::NeedsProof(proofs) => proofs,
            Verdict::Ineligible(_) => return None,
        };
        Some(Application {
            category: self.check_category(context).ok()?,
            identity: context.identity.clone(),
            photo: context.photo?,
            basic: self.basic.check(&profile).ok()?,
            contact: self.contact.check(&profile).ok()?,
            work: self.check_work(context).ok()?,
            educations,
            trainings,
            certificates,
            area,
            site,
            attempts,
            extra_subject: self.check_confirm(context).ok()?,
            to_prove,
        })
    }

    fn check_category(&self, context: &ApplicationContext<'_>) -> Result<Category, Problems> {
        let mut form = Checker::new(&self.category);
        let category = form.required(Field::Category, |raw| match Category::parse(raw)? {
            category if context.open.contains(&category) => Ok(category),
            _ => Err(ApplicationProblem::CategoryClosed),
        });
        if !form.ticked(Field::Consent) {
            form.fail(Field::Consent, ChoiceProblem::MustAgree);
        }
        form.finish(category)
    }

    fn check_work(&self, context: &ApplicationContext<'_>) -> Result<Work, Problems> {
        let work = self.work.check(&ProfileContext { base: context.base, identity: context.identity })?;
        let pending_graduate = self
            .ticked::<Education>(EntryKind::Education, context)
            .iter()
            .any(|(_, e)| e.level == EducationLevel::Graduate && e.not_yet_awarded);
        let problem = |code: ApplicationProblem| Err(vec![Problem { field: Field::PostState, code: code.into() }]);
        match work.post_state {
            PostState::Graduating => {
                let ticked = self.ticked::<Education>(EntryKind::Education, context);
                let contradicts = !ticked.is_empty()
                    && !ticked
                        .iter()
                        .any(|(_, e)| matches!(e.level, EducationLevel::Graduate | EducationLevel::Bachelor));
                if contradicts { problem(ApplicationProblem::GraduatingOnly) } else { Ok(work) }
            }
            _ if pending_graduate => problem(ApplicationProblem::GraduatingState),
            _ => Ok(work),
        }
    }

    /// The ticked entries that are complete.
    fn ticked<T: FromEntry>(&self, kind: EntryKind, context: &ApplicationContext<'_>) -> Vec<(EntryId, T)> {
        let ids = self.selection.ids(kind);
        let view = |id: EntryId| context.entries.iter().find(|entry| entry.id == id && entry.kind() == kind);
        ids.into_iter().filter_map(|id| Some((id, T::from_entry(view(id)?.complete.as_ref()?)?))).collect()
    }

    /// All ticked entries of a group, or what is wrong with them.
    fn entries<T: FromEntry>(
        &self,
        kind: EntryKind,
        context: &ApplicationContext<'_>,
        problems: &mut Problems,
    ) -> Vec<(EntryId, T)> {
        for id in self.selection.ids(kind) {
            let code = match context.entries.iter().find(|entry| entry.id == id && entry.kind() == kind) {
                None => ApplicationProblem::EntryGone,
                Some(entry) if entry.complete.is_none() => ApplicationProblem::EntryIncomplete,
                Some(_) => continue,
            };
            problems.push(Problem { field: field_of(kind), code: code.into() });
        }
        self.ticked(kind, context)
    }

    #[expect(clippy::type_complexity, reason = "the two lists that step 4 answers, nowhere else used together")]
    fn check_education(
        &self,
        context: &ApplicationContext<'_>,
    ) -> Result<(Vec<(EntryId, Education)>, Vec<(EntryId, Training)>), Problems> {
        let mut problems = Problems::new();
        let educations = self.entries::<Education>(EntryKind::Education, context, &mut problems);
        let trainings = self.entries::<Training>(EntryKind::Training, context, &mut problems);
        if self.selection.ids(EntryKind::Education).is_empty() {
            problems.push(Problem { field: Field::Educations, code: ApplicationProblem::EducationMissing.into() });
        } else if problems.is_empty()
            && let Verdict::Ineligible(reasons) = self.verdict(context)
        {
            let about_education = |reason: &eligibility::Reason| !reason.is_about_certificate();
            problems.extend(
                reasons
                    .into_iter()
                    .filter(about_education)
                    .map(|r| Problem { field: Field::Educations, code: r.code() }),
            );
        }
        if problems.is_empty() { Ok((educations, trainings)) } else { Err(problems) }
    }

    fn check_certificates(
        &self,
        context: &ApplicationContext<'_>,
    ) -> Result<(Vec<(EntryId, Certificate)>, Verdict), Problems> {
        let mut problems = Problems::new();
        let certificates = self.entries::<Certificate>(EntryKind::Certificate, context, &mut problems);
        let verdict = self.verdict(context);
        if problems.is_empty()
            && let Verdict::Ineligible(reasons) = &verdict
        {
            let about_certificate = reasons.iter().filter(|reason| reason.is_about_certificate());
            problems.extend(about_certificate.map(|r| Problem { field: Field::Certificates, code: r.code() }));
        }
        if problems.is_empty() { Ok((certificates, verdict)) } else { Err(problems) }
    }

    /// Whether these answers lead to this examination.
    pub fn verdict(&self, context: &ApplicationContext<'_>) -> Verdict {
        let Some(category) = self.chosen_category() else { return Verdict::Eligible };
        let educations: Vec<Education> =
            self.ticked(EntryKind::Education, context).into_iter().map(|(_, e)| e).collect();
        let certificates: Vec<Certificate> =
            self.ticked(EntryKind::Certificate, context).into_iter().map(|(_, c)| c).collect();
        eligibility::assess(&Facts {
            category,
            educations: &educations,
            certificates: &certificates,
            post_state: PostState::parse(&self.work.post_state).ok(),
            exam_year: context.exam_year,
        })
    }

    /// Whether step 5 must show an assistant certificate (X11).
    pub fn needs_assistant_certificate(&self, context: &ApplicationContext<'_>) -> bool {
        let licensed = self.chosen_category().is_some_and(|category| category.level() == ExamLevel::Licensed);
        let ticked = self.ticked::<Education>(EntryKind::Education, context);
        licensed && !ticked.is_empty() && ticked.iter().all(|(_, e)| eligibility::needs_assistant(e.level))
    }

    fn check_site(&self, context: &ApplicationContext<'_>) -> Result<(String, String, u32), Problems> {
        let mut form = Checker::new(&self.site);
        let digits = |n: usize| {
            move |raw: &str| {
                if raw.len() == n && text::all_digits(raw) { Ok(raw.to_owned()) } else { Err(ChoiceProblem::Unknown) }
            }
        };
        let area = form.required(Field::Area, digits(2));
        let site = form.required(Field::Site, |raw| match digits(4)(raw) {
            Ok(site) if area.as_ref().is_none_or(|area| site.starts_with(area.as_str())) => Ok(site),
            Ok(_) => Err(Code::from(ApplicationProblem::SiteOfArea)),
            Err(code) => Err(code.into()),
        });
        let least = self.least_attempts(context);
        // Left blank it means: the first attempt as far as the books know (S48).
        let attempts = form.optional(Field::Attempts, |raw| match text::half_width(raw).parse::<u32>() {
            Ok(n) if n < least && n > 0 => Err(ApplicationProblem::AttemptsTooFew),
            Ok(n @ 1..=60) => Ok(n),
            _ => Err(ApplicationProblem::Attempts),
        });
        let complete = (|| Some((area?, site?, attempts?.unwrap_or(least))))();
        form.finish(complete)
    }

    /// The fewest attempts that can be right: those the books know and this one (X22).
    pub fn least_attempts(&self, context: &ApplicationContext<'_>) -> u32 {
        let known = self.chosen_category().and_then(|category| context.history.iter().find(|(c, _)| *c == category));
        known.map_or(0, |(_, n)| *n) + 1
    }

    /// The extra subjects that this person may choose (X21), in the order shown.
    pub fn extra_subjects(&self, context: &ApplicationContext<'_>) -> Vec<ExtraSubject> {
        let own = MilitaryIdentity::parse(&self.basic.military_identity).ok();
        if own.is_some_and(|own| own.is_active() && context.base.rules.military.contains(&own)) {
            return vec![ExtraSubject::Military];
        }
        if self.chosen_category().is_some_and(Category::is_clinical_licensed) {
            return vec![ExtraSubject::None, ExtraSubject::Prehospital, ExtraSubject::Pediatrics];
        }
        vec![ExtraSubject::None]
    }

    fn check_confirm(&self, context: &ApplicationContext<'_>) -> Result<ExtraSubject, Problems> {
        let mut form = Checker::new(&self.confirm);
        let allowed = self.extra_subjects(context);
        let only = allowed.first().copied().filter(|_| allowed.len() == 1);
        let subject =
            form.optional(Field::ExtraSubject, |code| match ExtraSubject::parse(code).map_err(Code::from)? {
                subject if allowed.contains(&subject) => Ok(subject),
                ExtraSubject::Military => Err(Code::from(ApplicationProblem::MilitaryExtraOnly)),
                _ if allowed == [ExtraSubject::Military] => Err(ApplicationProblem::MilitaryExtra.into()),
                _ => Err(ApplicationProblem::ClinicalExtraOnly.into()),
            });
        if !form.ticked(Field::Declaration) {
            form.fail(Field::Declaration, ChoiceProblem::MustAgree);
        }
        let age = context.identity.birth_date.age_on(context.reference_date);
        if age < context.base.rules.age.0 {
            form.fail(Field::Declaration, crate::problem::BirthProblem::TooYoung);
        } else if age > context.base.rules.age.1 {
            form.fail(Field::Declaration, crate::problem::BirthProblem::TooOld);
        }
        form.finish(subject.map(|typed| typed.or(only).unwrap_or(ExtraSubject::None)))
    }
}

impl Application {
    /// The application as a draft again; checking it in the same context gives the same application.
    pub fn to_draft(&self) -> ApplicationDraft {
        let ids = |list: Vec<EntryId>| join(&list);
        ApplicationDraft {
            category: CategoryDraft { category: self.category.to_string(), consent: tick(true) },
            basic: (&self.basic).into(),
            contact: (&self.contact).into(),
            work: (&self.work).into(),
            selection: SelectionDraft {
                educations: ids(self.educations.iter().map(|e| e.0).collect()),
                trainings: ids(self.trainings.iter().map(|e| e.0).collect()),
                certificates: ids(self.certificates.iter().map(|e| e.0).collect()),
            },
            site: SiteDraft { area: self.area.clone(), site: self.site.clone(), attempts: typed(&Some(self.attempts)) },
            confirm: ConfirmDraft { extra_subject: self.extra_subject.to_string(), declaration: TICKED.to_owned() },
            attempted: Step::ALL.to_vec(),
        }
    }
    /// The ids of all entries it uses.
    pub fn entry_ids(&self) -> Vec<EntryId> {
        let (e, t, c) = (&self.educations, &self.trainings, &self.certificates);
        e.iter().map(|x| x.0).chain(t.iter().map(|x| x.0)).chain(c.iter().map(|x| x.0)).collect()
    }
    /// The ids of all dictionary entries it names.
    pub fn dictionary_ids(&self) -> Vec<(Step, Field, crate::ids::DictionaryId)> {
        let mut ids = Vec::new();
        ids.extend(self.work.employer.id().map(|id| (Step::Work, Field::Employer, id)));
        for (_, education) in &self.educations {
            ids.extend(
                education.school.as_ref().and_then(|s| s.id()).map(|id| (Step::Education, Field::Educations, id)),
            );
            ids.extend(
                education.major.as_ref().and_then(|s| s.id()).map(|id| (Step::Education, Field::Educations, id)),
            );
        }
        ids.extend(
            self.trainings
                .iter()
                .filter_map(|(_, t)| t.institution.id())
                .map(|id| (Step::Education, Field::Trainings, id)),
        );
        ids
    }
    /// What a reviewer should look at first. `until` is the last day of review on site.
    pub fn flags(&self, until: Date) -> Vec<Flag> {
        let mut flags = Vec::new();
        let unlisted_school = |(_, e): &(EntryId, Education)| e.school.as_ref().is_some_and(|s| s.id().is_none());
        if self.identity.name.has_rare_glyph() {
            flags.push(Flag::RareGlyph);
        }
        if self.identity.document.region().is_some_and(|code| region::name(code).is_none()) {
            flags.push(Flag::UnknownRegion);
        }
        if self.work.employer.id().is_none() {
            flags.push(Flag::EmployerNotListed);
        }
        if self.educations.iter().any(unlisted_school) {
            flags.push(Flag::SchoolNotListed);
        }
        let near = [self.basic.household_province, self.work.employer_province];
        if !near.iter().any(|province| province.code() == self.area) {
            flags.push(Flag::ForeignArea);
        }
        if self.basic.document_until.is_some_and(|last| last < until) {
            flags.push(Flag::DocumentExpires);
        }
        flags
    }
}

crate::status::states! {
    /// Something staff should look at; it never stops a submission. They are stored by their places here: new ones go to the end.
    Flag "flag" {
        /// `?` in the name (S56, S92).
        RareGlyph = "rare_glyph",
        /// The employer is free text (X17, X40).
        EmployerNotListed = "employer_not_listed",
        /// A school is free text (X40).
        SchoolNotListed = "school_not_listed",
        /// The area is neither the household's nor the employer's (X32).
        ForeignArea = "foreign_area",
        /// The document expires before review on site ends (S59).
        DocumentExpires = "document_expires",
        /// A resident number begins with a code that no table of divisions has: no fault, but to be compared with the card.
        UnknownRegion = "unknown_region",
    }
}
impl Flag {
    /// Several flags as the bits of one number, by which staff filter.
    pub fn bits(flags: &[Self]) -> i64 {
        Self::ALL.iter().enumerate().filter(|(_, flag)| flags.contains(flag)).map(|(at, _)| 1 << at).sum()
    }
    /// The flags of a number.
    pub fn of_bits(bits: i64) -> Vec<Self> {
        Self::ALL.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, flag)| *flag).collect()
    }
}

/// Reads one kind of entry out of [`Entry`].
trait FromEntry: Sized {
    fn from_entry(entry: &Entry) -> Option<Self>;
}
macro_rules! from_entry {
    ($($kind:ident),*) => { $(impl FromEntry for $kind {
        fn from_entry(entry: &Entry) -> Option<Self> { if let Entry::$kind(inner) = entry { Some(inner.clone()) } else { None } }
    })* };
}
from_entry!(Education, Training, Certificate);

/// The most recent of the highest levels, for lists and print sheets.
pub fn highest(educations: &[(EntryId, Education)]) -> Option<&Education> {
    let rank = |level: EducationLevel| EducationLevel::ALL.iter().position(|l| *l == level).unwrap_or(usize::MAX);
    educations.iter().map(|(_, e)| e).min_by_key(|e| (rank(e.level), core::cmp::Reverse(e.graduation_month)))
}
