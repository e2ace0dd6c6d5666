//! The answers of the seven steps as typed.
use crate::{
    Draft, Field,
    category::Category,
    draft::draft,
    ids::EntryId,
    profile::{BasicDraft, ContactDraft, EntryKind, WorkDraft},
    step::Step,
    tidy,
};
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
    /// Step 7: extra subject with the post that it asks for, and declaration (S49, S85, X3).
    ConfirmDraft { extra_subject: ExtraSubject, extra_post: ExtraPost, declaration: Declaration }
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
    /// Ticks an entry in the place of another one, if that is ticked.
    pub fn exchange(&mut self, kind: EntryKind, old: EntryId, new: EntryId) {
        let ids: Vec<EntryId> = self.ids(kind).into_iter().map(|id| if id == old { new } else { id }).collect();
        self.set(field_of(kind), join(&ids));
    }
}

pub(super) const fn field_of(kind: EntryKind) -> Field {
    match kind {
        EntryKind::Education => Field::Educations,
        EntryKind::Training => Field::Trainings,
        EntryKind::Certificate => Field::Certificates,
    }
}
pub(super) fn join(ids: &[EntryId]) -> String {
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

impl ApplicationDraft {
    /// A draft that begins with what the profile knows (S34).
    pub fn prefilled(category: Category, basic: BasicDraft, contact: ContactDraft, work: WorkDraft) -> Self {
        let category = CategoryDraft { category: category.to_string(), consent: String::new() };
        Self { category, basic, contact, work, ..Self::default() }
    }

    /// The same answers for the examination of a later year: consent and declaration are made anew, the attempts are counted
    /// anew, and whatever else is still right needs no second look.
    pub fn for_later_year(self) -> Self {
        let category = CategoryDraft { consent: String::new(), ..self.category };
        let site = SiteDraft { attempts: String::new(), ..self.site };
        let attempted = vec![Step::Basic, Step::Work, Step::Education, Step::Certificate, Step::Site];
        Self { category, site, confirm: ConfirmDraft::default(), attempted, ..self }
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
    pub fn apply_editable_fields<K: AsRef<str>>(&mut self, step: Step, pairs: &[(K, String)], editable: &[Field]) {
        let mut taken = self.clone();
        taken.apply_step(step, pairs);
        let kept = |field: &Field| editable.contains(field) || *field == Field::Declaration;
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
    pub fn apply_step<K: AsRef<str>>(&mut self, step: Step, pairs: &[(K, String)]) {
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

    /// The same answers as they are understood, which is how a step that was left shows them.
    pub fn tidied(mut self) -> Self {
        Step::ALL.into_iter().for_each(|step| self.tidy(step));
        self
    }
    fn tidy(&mut self, step: Step) {
        for (field, typed) in self.pairs(step) {
            let read = tidy(field, &typed);
            match step {
                Step::Basic => {
                    self.basic.set(field, read.clone());
                    self.contact.set(field, read);
                }
                Step::Work => self.work.set(field, read),
                _ => {}
            }
        }
    }

    /// Remembers that "next" was pressed on a step. Its answers are shown from now on as they were understood.
    pub fn attempt(&mut self, step: Step) {
        self.tidy(step);
        if !self.attempted.contains(&step) {
            self.attempted.push(step);
        }
    }
}
