//! Checks the entries that an application uses, and whether they lead to its examination.
use super::{ApplicationContext, ApplicationDraft, draft::field_of};
use crate::{
    Field, Problem, Problems,
    category::ExamLevel,
    choice::{Choice, EducationLevel, PostState},
    eligibility::{self, Facts, Verdict},
    ids::EntryId,
    problem::ApplicationProblem,
    profile::{Certificate, Education, Entry, EntryKind, ProfileContext, Training, Work},
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

impl ApplicationDraft {
    pub(super) fn check_work(&self, context: &ApplicationContext<'_>) -> Result<Work, Problems> {
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
    pub(super) fn check_education(
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
            let about_education = |reason: &eligibility::IneligibilityReason| !reason.is_about_certificate();
            problems.extend(
                reasons
                    .into_iter()
                    .filter(about_education)
                    .map(|r| Problem { field: Field::Educations, code: r.code() }),
            );
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
}
