//! Checks the entries that an application uses, and whether they lead to its examination.
use super::{Application, ApplicationContext, ApplicationDraft, EntryView, draft::field_of};
use crate::{
    Code, Field, Problem, Problems,
    category::ExamLevel,
    choice::{Choice, EducationLevel, PostState},
    eligibility::{self, Facts, IneligibilityReason, Proof, Verdict},
    ids::EntryId,
    problem::{ApplicationProblem, PaperProblem},
    profile::{Certificate, Education, Entry, EntryDraft, EntryKind, ProfileContext, Training, Work},
    step::Step,
    value::YearMonth,
};

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

/// Graduate or long-track studies that end in time for the session, with the diploma still to come.
fn graduates(e: &Education, context: &ApplicationContext<'_>) -> bool {
    let limit = eligibility::last_month(context.exam_year);
    e.not_yet_awarded
        && (e.level == EducationLevel::Graduate || e.long_track)
        && e.graduation_month.is_some_and(|month| month.months() <= limit)
}

impl ApplicationDraft {
    pub(super) fn check_work(&self, context: &ApplicationContext<'_>) -> Result<Work, Problems> {
        let work = self.work.check(&ProfileContext { base: context.base, identity: context.identity })?;
        let ticked = self.ticked::<Education>(EntryKind::Education, context);
        // The entries answer for the other way round: somebody who chose it adds the studies two steps later.
        if work.post_state != PostState::Graduating && ticked.iter().any(|(_, e)| graduates(e, context)) {
            let code = ApplicationProblem::GraduatingState.into();
            return Err(vec![Problem { field: Field::PostState, code }]);
        }
        match self.verdict(context) {
            Verdict::Ineligible(reasons) if reasons.contains(&IneligibilityReason::ProbationTooShort) => {
                let code = ApplicationProblem::ProbationTooShort.into();
                Err(vec![Problem { field: Field::ProbationStart, code }])
            }
            _ => Ok(work),
        }
    }

    /// Whether 当年毕业研究生 was chosen and no entry is one of such studies.
    fn lacks_graduate_studies(&self, ticked: &[(EntryId, Education)], context: &ApplicationContext<'_>) -> bool {
        let others = self.other_educations(context);
        PostState::parse(&self.work.post_state) == Ok(PostState::Graduating)
            && !ticked.iter().chain(&others).any(|(_, e)| graduates(e, context))
    }

    /// Every complete education entry that is not ticked (S41, S139).
    pub(super) fn other_educations(&self, context: &ApplicationContext<'_>) -> Vec<(EntryId, Education)> {
        let ticked = self.selection.ids(EntryKind::Education);
        let others = context.entries.iter().filter(|entry| !ticked.contains(&entry.id));
        others.filter_map(|entry| Some((entry.id, Education::from_entry(entry.complete.as_ref()?)?))).collect()
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
    pub(super) fn check_education(
        &self,
        context: &ApplicationContext<'_>,
    ) -> Result<(Vec<(EntryId, Education)>, Vec<(EntryId, Training)>), Problems> {
        let mut problems = Problems::new();
        let educations = self.entries::<Education>(EntryKind::Education, context, &mut problems);
        let trainings = self.entries::<Training>(EntryKind::Training, context, &mut problems);
        let problem = |code: Code| Problem { field: Field::Educations, code };
        match self.selection.ids(EntryKind::Education).len() {
            0 => problems.push(problem(ApplicationProblem::EducationMissing.into())),
            // Diplomas that could not exist when the entry was written do by now (X46).
            1 if educations.iter().any(|(_, e)| e.is_awarded_since(context.base.today)) => {
                problems.push(problem(PaperProblem::AlreadyAwarded.into()));
            }
            1 if problems.is_empty() => {
                if let Verdict::Ineligible(reasons) = self.verdict(context) {
                    let own = reasons.into_iter().filter(|reason| reason.field() == Field::Educations);
                    problems.extend(own.map(|reason| problem(reason.code())));
                }
                // Who graduates this year may apply with the bachelor's degree: then the graduate entry travels along (FAQ 一.5, X46).
                if problems.is_empty() && self.lacks_graduate_studies(&educations, context) {
                    problems.push(problem(ApplicationProblem::GraduatingOnly.into()));
                }
            }
            1 => {}
            _ => problems.push(problem(ApplicationProblem::OneEducation.into())),
        }
        if problems.is_empty() { Ok((educations, trainings)) } else { Err(problems) }
    }

    pub(super) fn check_certificates(
        &self,
        context: &ApplicationContext<'_>,
    ) -> Result<(Vec<(EntryId, Certificate)>, Verdict), Problems> {
        let mut problems = Problems::new();
        let certificates = self.entries::<Certificate>(EntryKind::Certificate, context, &mut problems);
        let verdict = self.verdict(context);
        if problems.is_empty()
            && let Verdict::Ineligible(reasons) = &verdict
        {
            let own = reasons.iter().filter(|reason| reason.field() == Field::Certificates);
            problems.extend(own.map(|r| Problem { field: Field::Certificates, code: r.code() }));
        }
        if problems.is_empty() { Ok((certificates, verdict)) } else { Err(problems) }
    }

    /// Whether somebody applies with a graduate degree and has written no 本科 or 专科 entry, which travels along (S41).
    pub fn lacks_earlier_education(route: &str, entries: &[EntryView]) -> bool {
        let level = |entry: &EntryView| match &entry.draft {
            EntryDraft::Education(education) => EducationLevel::parse(&education.level).ok(),
            _ => None,
        };
        let is_route = |entry: &&EntryView| route.split_whitespace().any(|id| id == entry.id.to_string());
        let chosen = entries.iter().find(is_route).and_then(level);
        let earlier =
            |entry: &EntryView| matches!(level(entry), Some(EducationLevel::Bachelor | EducationLevel::College));
        chosen == Some(EducationLevel::Graduate) && !entries.iter().any(earlier)
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
            probation_start: YearMonth::parse(&self.work.probation_start).ok(),
            exam_year: context.exam_year,
        })
    }

    /// What the papers on site must still prove (X35). A paper that an earlier review saw proves it already (S19).
    pub fn to_prove(&self, context: &ApplicationContext<'_>) -> Vec<Proof> {
        let Verdict::NeedsProof(mut proofs) = self.verdict(context) else { return Vec::new() };
        if self.selection.ids(EntryKind::Education).into_iter().all(|entry| context.trusts(entry)) {
            proofs.retain(|proof| *proof != Proof::ApprenticeshipPaper);
        }
        if context.identity.document.kind().is_hong_kong_macao_taiwan() {
            proofs.push(Proof::NeighbourConditions);
        }
        proofs
    }

    /// Whether an answer differs from what was submitted (X28). Of selected entries their answers are compared, since an entry that is
    /// mended keeps its id.
    pub fn differs(&self, field: Field, context: &ApplicationContext<'_>, before: &Application) -> bool {
        match field {
            Field::Photo => context.photo != Some(before.photo),
            Field::Educations => self.ticked(EntryKind::Education, context) != before.educations,
            Field::Trainings => self.ticked(EntryKind::Training, context) != before.trainings,
            Field::Certificates => self.ticked(EntryKind::Certificate, context) != before.certificates,
            _ => self.as_stored(context).text(field) != before.to_draft().text(field),
        }
    }
    fn text(&self, field: Field) -> Option<String> {
        let answers = Step::ALL.into_iter().flat_map(|step| self.pairs(step));
        answers.into_iter().find(|(own, _)| *own == field).map(|(_, text)| text)
    }

    /// Whether step 5 must show an assistant certificate (X11).
    pub fn needs_assistant_certificate(&self, context: &ApplicationContext<'_>) -> bool {
        let licensed = self.chosen_category().is_some_and(|category| category.level() == ExamLevel::Licensed);
        let ticked = self.ticked::<Education>(EntryKind::Education, context);
        licensed && !ticked.is_empty() && ticked.iter().all(|(_, e)| eligibility::needs_assistant(e.level))
    }
}
