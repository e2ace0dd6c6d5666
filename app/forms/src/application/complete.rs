//! An application that may be submitted.
use super::draft::{ApplicationDraft, CategoryDraft, ConfirmDraft, SelectionDraft, SiteDraft, join};
use crate::{
    Field,
    account::Identity,
    category::Category,
    choice::{Choice, EducationLevel, ExtraSubject},
    draft::{TICKED, tick, typed},
    eligibility::Proof,
    exemption::SkillsExemption,
    ids::{DictionaryId, EntryId, PhotoId},
    materials::Material,
    profile::{Basic, Certificate, Contact, Education, Training, Work},
    review::PaperChange,
    step::Step,
};
use serde::{Deserialize, Serialize};

/// An application that may be submitted: the snapshot (S124) holds exactly this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub category: Category,
    pub identity: Identity,
    pub photo: PhotoId,
    /// 基本情况.
    pub basic: Basic,
    /// 联系方式.
    pub contact: Contact,
    /// 工作情况.
    pub work: Work,
    /// 教育经历 used, with the entry it was copied from: the route, of which there is one (X41). What was submitted before that
    /// rule may hold several.
    pub educations: Vec<(EntryId, Education)>,
    /// Every other complete 教育经历, which travels along (S41, S139).
    #[serde(default)]
    pub other_educations: Vec<(EntryId, Education)>,
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
    pub to_prove: Vec<Proof>,
    /// The exemption from the skills test, if the person has one for the category (S102).
    #[serde(default)]
    pub exemption: Option<SkillsExemption>,
    /// The entries used that an earlier review verified and that the session trusts, as they were when it was submitted (S19).
    #[serde(default)]
    pub trusted: Vec<EntryId>,
    /// What an office changed in the list of papers, the oldest first (S148): no answer, and kept when it is submitted again.
    #[serde(default)]
    pub paper_changes: Vec<PaperChange>,
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
            confirm: ConfirmDraft {
                extra_subject: self.extra_subject.to_string(),
                extra_post: tick(self.extra_subject.limits_licence()),
                declaration: TICKED.to_owned(),
            },
            attempted: Step::ALL.to_vec(),
        }
    }
    /// Whether its papers are reviewed on site, and its form is signed there: everybody's but of those who are exempt (S102).
    pub fn is_reviewed_on_site(&self) -> bool {
        self.exemption.is_none_or(|exemption| exemption.review_on_site)
    }
    /// The education entries, the route first.
    pub fn all_educations(&self) -> impl Iterator<Item = &Education> {
        self.educations.iter().chain(&self.other_educations).map(|(_, education)| education)
    }
    /// Whether another one says the same of the person; what an office decided about papers is no answer.
    pub fn has_answers_of(&self, other: &Self) -> bool {
        let (trusted, paper_changes) = (self.trusted.clone(), self.paper_changes.clone());
        *self == Self { trusted, paper_changes, ..other.clone() }
    }
    /// What an office decided last about a paper (S148).
    pub fn paper_change(&self, paper: Material) -> Option<&PaperChange> {
        self.paper_changes.iter().rev().find(|change| change.paper == paper)
    }
    /// Whether the papers of an entry need not be shown again (S19).
    pub fn trusts(&self, entry: EntryId) -> bool {
        self.trusted.contains(&entry)
    }
    /// The ids of all entries it uses, those that travel along included.
    pub fn entry_ids(&self) -> Vec<EntryId> {
        let educations = self.educations.iter().chain(&self.other_educations).map(|x| x.0);
        educations.chain(self.trainings.iter().map(|x| x.0)).chain(self.certificates.iter().map(|x| x.0)).collect()
    }
    /// The ids of all dictionary entries it names.
    pub fn dictionary_ids(&self) -> Vec<(Step, Field, DictionaryId)> {
        let mut ids = Vec::new();
        ids.extend(self.work.employer.id().map(|id| (Step::Work, Field::Employer, id)));
        for education in self.all_educations() {
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
}

/// The most recent of the highest levels, for lists and print sheets.
pub fn highest(educations: &[(EntryId, Education)]) -> Option<&Education> {
    let rank = |level: EducationLevel| EducationLevel::ALL.iter().position(|l| *l == level).unwrap_or(usize::MAX);
    educations.iter().map(|(_, e)| e).min_by_key(|e| (rank(e.level), core::cmp::Reverse(e.graduation_month)))
}
