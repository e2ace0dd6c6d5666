//! What was submitted and what happened to it, in words: the same on the candidate's pages, at the offices, and on papers.
use super::{
    answers::{AnswerGroup, EntryAnswers, Sources, answer_groups, in_words},
    data::EventLine,
};
use crate::{
    components::places::{area_name, site_name},
    i18n::{self, moment_text},
    lang::Lang,
};
use forms::{
    Field,
    application::Application,
    category::Category,
    materials::Material,
    profile::{Education, Entry, EntryKind},
    review::{Item, ItemFinding, PaperChange, Role},
    timeline::Event,
};
use registry::{Area, CategoryRow, CorrectionRow, Moment, Site, TimelineEvent};

/// Everything that names of codes are looked up in.
pub struct CodeLabels<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// 考区.
    pub areas: &'a [Area],
    /// 考点.
    pub sites: &'a [Site],
}
impl CodeLabels<'_> {
    /// The name of an area.
    pub fn area(&self, code: &str) -> String {
        match (self.areas.iter().find(|area| area.code == code), i18n::choice_code(self.lang, "province", code)) {
            (Some(area), _) => area_name(self.lang, area),
            (None, "") => code.to_owned(),
            (None, known) => known.to_owned(),
        }
    }
    /// The name of a site.
    pub fn site(&self, code: &str) -> String {
        let site = self.sites.iter().find(|site| site.code == code);
        site.map_or_else(|| code.to_owned(), |site| site_name(self.lang, site))
    }
    /// The name of an office.
    pub fn office(&self, role: Role, scope: &str) -> String {
        match role {
            Role::SiteReviewer => i18n::review_office_site(self.lang, self.site(scope)),
            Role::AreaOfficer => i18n::review_office_area(self.lang, self.area(scope)),
            Role::Centre => i18n::review_office_centre(self.lang).to_owned(),
        }
    }
    /// A code of a list in words, or what was typed.
    fn shown(&self, field: Field, typed: &str) -> String {
        match field {
            Field::Area => self.area(typed),
            Field::Site => self.site(typed),
            _ => in_words(self.lang, field, typed),
        }
    }
}

/// The name of an item of a review.
pub(super) fn item_name(lang: Lang, item: Item) -> &'static str {
    match item {
        Item::Paper(paper) => i18n::lookup(lang, &format!("material.{}", paper.key())).unwrap_or_default(),
        Item::Answer(field) => i18n::label(lang, field),
    }
}

/// The name of a paper; where somebody has several diplomas, with the education that is meant.
pub(super) fn paper_name(lang: Lang, application: &Application, paper: Material) -> String {
    let name = item_name(lang, Item::Paper(paper));
    let of = |e: &Education| {
        let school = e.school.as_ref().map(ToString::to_string);
        [Some(i18n::choice(lang, e.level).to_owned()), school].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let educations: Vec<String> = paper.educations(application).into_iter().map(of).collect();
    if educations.is_empty() {
        return name.to_owned();
    }
    i18n::answers_with(lang, name, educations.join(i18n::withdrawal_and(lang)))
}

/// The name of a category, if it is one of these.
pub(crate) fn category_name(lang: Lang, rows: &[CategoryRow], category: Category) -> Option<&str> {
    let row = rows.iter().find(|row| row.code == category)?;
    Some(lang.of(&row.name_zh, &row.name_en))
}

/// The answers of an application that was submitted. `masked` as in [`Sources`].
pub fn submitted_answers(
    labels: &CodeLabels<'_>,
    categories: &[CategoryRow],
    a: &Application,
    masked: bool,
) -> Vec<AnswerGroup> {
    let name = category_name(labels.lang, categories, a.category).unwrap_or_default();
    let used = a.educations.iter().map(|(_, e)| (Entry::Education(e.clone()), false));
    let others = a.other_educations.iter().map(|(_, e)| (Entry::Education(e.clone()), true));
    let trainings = a.trainings.iter().map(|(_, t)| (Entry::Training(t.clone()), false));
    let certificates = a.certificates.iter().map(|(_, c)| (Entry::Certificate(c.clone()), false));
    let entries = used.chain(others).chain(trainings).chain(certificates);
    answer_groups(&Sources {
        lang: labels.lang,
        identity: &a.identity,
        masked,
        draft: &a.to_draft(),
        category: format!("{} {name}", a.category),
        area: labels.area(&a.area),
        site: labels.site(&a.site),
        entries: entries.map(|(entry, along)| (entry.to_draft(), along)).collect(),
    })
}

/// The same with one line for each answer that can be returned, blank ones too: all entries of a kind are one answer.
pub fn lines(lang: Lang, groups: Vec<AnswerGroup>) -> Vec<(String, Vec<(Field, String)>)> {
    let mut lines: Vec<(String, Vec<(Field, String)>)> = Vec::new();
    for group in groups {
        let Some(kind) = group.kind else {
            let answers = group.answers.into_iter().map(|answer| (answer.field, answer.value)).collect();
            lines.push((group.title.to_owned(), answers));
            continue;
        };
        let title = i18n::facts_entries(lang);
        let line = (field_of(kind), entries_in_words(group.entries));
        match lines.last_mut().filter(|last| last.0 == title) {
            Some((_, together)) => together.push(line),
            None => lines.push((title.to_owned(), vec![line])),
        }
    }
    lines
}

const fn field_of(kind: EntryKind) -> Field {
    match kind {
        EntryKind::Education => Field::Educations,
        EntryKind::Training => Field::Trainings,
        EntryKind::Certificate => Field::Certificates,
    }
}

/// All entries of a kind in one line.
fn entries_in_words(entries: Vec<EntryAnswers>) -> String {
    let one = |entry: EntryAnswers| {
        let values: Vec<String> = entry.into_iter().map(|(_, value)| value).filter(|value| !value.is_empty()).collect();
        values.join(" · ")
    };
    entries.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The sentence of an event; nothing for what only the offices care about.
fn sentence(lang: Lang, event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Begin => i18n::event_application_begin(lang),
        Event::Submit => i18n::event_application_submit(lang),
        Event::Resubmit => i18n::event_application_resubmit(lang),
        Event::Discard => i18n::event_application_discard(lang),
        Event::Withdraw => i18n::event_application_withdraw(lang),
        Event::Supersede => i18n::event_application_supersede(lang),
        Event::Approve => i18n::event_review_approve(lang),
        Event::Return { .. } => i18n::event_review_return(lang),
        Event::Reject { .. } => i18n::event_review_reject(lang),
        Event::Correct { .. } => i18n::event_review_correct(lang),
        Event::AskPaper { .. } => i18n::event_review_ask_paper(lang),
        Event::DropPaper { .. } => i18n::event_review_drop_paper(lang),
        Event::Sign => i18n::event_review_sign(lang),
        Event::Settle { .. } => i18n::event_review_settle(lang),
        Event::Lapse { .. } => i18n::event_review_lapse(lang),
        Event::ApproveArea => i18n::event_review_approve_area(lang),
        Event::ApproveExempt => i18n::event_review_approve_exempt(lang),
        Event::SaveReview | Event::Verify { .. } | Event::Unverify { .. } => return None,
    })
}

/// The timeline of an application.
pub fn events(labels: &CodeLabels<'_>, events: &[TimelineEvent]) -> Vec<EventLine> {
    let line = |event: &TimelineEvent| {
        Some(EventLine {
            when: moment_text(event.at.date(), event.at.time()),
            what: sentence(labels.lang, &event.event)?.to_owned(),
            office: event.office.as_ref().map(|(role, scope)| labels.office(*role, scope)).unwrap_or_default(),
        })
    };
    events.iter().filter_map(line).collect()
}

/// A correction in a sentence.
pub fn correction(labels: &CodeLabels<'_>, at: Moment, row: &CorrectionRow) -> String {
    let lang = labels.lang;
    let change = |(field, before, after): &(Field, String, String)| {
        i18n::facts_changed(lang, i18n::label(lang, *field), labels.shown(*field, before), labels.shown(*field, after))
    };
    let changes = row.changes.iter().map(change).collect::<Vec<_>>().join("; ");
    let reason = i18n::choice(lang, row.reason);
    let why = if row.note.is_empty() { reason.to_owned() } else { i18n::facts_why(lang, reason, &row.note) };
    i18n::facts_correction(lang, moment_text(at.date(), at.time()), changes, why)
}

/// A change of the list of papers in a sentence (S148).
pub fn paper_change(lang: Lang, change: &PaperChange) -> String {
    let paper = item_name(lang, Item::Paper(change.paper));
    let reason = i18n::choice(lang, change.reason);
    let why =
        if change.note.is_empty() { reason.to_owned() } else { i18n::facts_why(lang, reason, change.note.as_str()) };
    if change.asked {
        i18n::facts_paper_asked(lang, change.day, paper, why)
    } else {
        i18n::facts_paper_dropped(lang, change.day, paper, why)
    }
}

/// What a reviewer found about an item, in words: the reason and the note.
pub fn why(lang: Lang, found: &ItemFinding) -> String {
    let reason = found.reason.map(|reason| i18n::choice(lang, reason)).unwrap_or_default();
    match (reason, found.note.as_str()) {
        (reason, "") => reason.to_owned(),
        ("", note) => note.to_owned(),
        (reason, note) => i18n::facts_why(lang, reason, note),
    }
}
