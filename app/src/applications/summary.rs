//! What was submitted, as labelled lines: the same on the candidate's page, at the offices, and on the printed form.
use super::data::EventLine;
use crate::{
    i18n::{self, moment_text},
    lang::Lang,
    profile::{entry_facts, entry_title},
};
use forms::{
    Draft, Field,
    application::Application,
    category::Category,
    choice::{Choice, ExtraSubject},
    draft::TICKED,
    ids::EntryId,
    profile::{Education, Entry},
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
        match (i18n::choice_code(self.lang, "province", code), self.areas.iter().find(|area| area.code == code)) {
            (known, _) if self.lang == Lang::En && !known.is_empty() => known.to_owned(),
            (_, Some(area)) => area.name.clone(),
            _ => code.to_owned(),
        }
    }
    /// The name of a site.
    pub fn site(&self, code: &str) -> String {
        self.sites.iter().find(|site| site.code == code).map_or_else(|| code.to_owned(), |site| site.name.clone())
    }
    /// The name of an office.
    pub fn office(&self, role: Role, scope: &str) -> String {
        match role {
            Role::SiteReviewer => i18n::review_office_site(self.lang, self.site(scope)),
            Role::AreaOfficer => i18n::review_office_area(self.lang, self.area(scope)),
            Role::Centre => i18n::review_office_centre(self.lang).to_owned(),
        }
    }
    /// A code of a list, or what was typed.
    fn shown(&self, field: Field, typed: &str) -> String {
        let list = match field {
            Field::Sex => "sex",
            Field::EthnicGroup => "ethnic_group",
            Field::DocumentType => "document_type",
            Field::HouseholdProvince | Field::EmployerProvince => "province",
            Field::MilitaryIdentity => "military_identity",
            Field::PostState => "post_state",
            Field::Title => "title",
            Field::ContactRegion => "contact_region",
            Field::ExtraSubject => ExtraSubject::LIST,
            Field::TemporaryCard | Field::EmployerNotMedical if typed == TICKED => return "✓".to_owned(),
            Field::Area => return self.area(typed),
            Field::Site => return self.site(typed),
            _ => return typed.to_owned(),
        };
        i18n::choice_code(self.lang, list, typed).to_owned()
    }
}

/// The name of an item of a review.
pub(super) fn item_name(lang: Lang, item: Item) -> &'static str {
    match item {
        Item::Paper(paper) => i18n::lookup(lang, &format!("material.{}", paper.key())).unwrap_or_default(),
        Item::Answer(field) => i18n::label(lang, field),
    }
}

/// The name of a category, if it is one of these.
pub(crate) fn category_name(lang: Lang, rows: &[CategoryRow], category: Category) -> Option<&str> {
    let row = rows.iter().find(|row| row.code == category)?;
    Some(lang.of(&row.name_zh, &row.name_en))
}

/// The telephones of a site and of its area, where they are known (S106).
pub(crate) fn telephones(site: Option<&Site>, area: Option<&Area>) -> Vec<String> {
    let known = [site.map(|site| site.phone.clone()), area.map(|area| area.phone.clone())];
    known.into_iter().flatten().filter(|phone| !phone.is_empty()).collect()
}

/// Every answer of a draft, the blank ones too: what is missing can be returned.
fn all<D: Draft>(draft: &D) -> Vec<(Field, String)> {
    D::FIELDS.iter().map(|field| (*field, draft.get(*field).to_owned())).collect()
}

/// The groups of an application: title, and field with text. `unmasked` shows the document number as it is, for papers and
/// for those who compare it with the document; otherwise it is masked.
pub fn groups(labels: &CodeLabels<'_>, a: &Application, unmasked: bool) -> Vec<(String, Vec<(Field, String)>)> {
    let lang = labels.lang;
    let draft = a.to_draft();
    let of = |pairs: Vec<(Field, String)>| -> Vec<(Field, String)> {
        let hidden = [Field::EmployerId, Field::ContactRegion, Field::Declaration];
        pairs
            .into_iter()
            .filter(|(field, _)| !hidden.contains(field))
            .map(|(field, typed)| (field, labels.shown(field, &typed)))
            .collect()
    };
    let identity = vec![
        (Field::Name, a.identity.name.to_string()),
        (Field::DocumentType, i18n::choice(lang, a.identity.document.kind()).to_owned()),
        (
            Field::DocumentNumber,
            if unmasked { a.identity.document.number().to_owned() } else { a.identity.document.masked() },
        ),
        (Field::Sex, i18n::choice(lang, a.identity.sex).to_owned()),
        (Field::BirthDate, a.identity.birth_date.to_string()),
        (Field::EthnicGroup, i18n::choice(lang, a.identity.ethnic_group).to_owned()),
    ];
    let entries = |entries: Vec<Entry>| {
        let one = |entry: Entry| {
            let draft = entry.to_draft();
            format!("{} · {}", entry_title(lang, &draft), entry_facts(lang, &draft))
        };
        entries.into_iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let educations = |list: &[(EntryId, Education)]| {
        entries(list.iter().map(|(_, education)| Entry::Education(education.clone())).collect())
    };
    let route = educations(&a.educations);
    let studies = match educations(&a.other_educations) {
        none if none.is_empty() => route,
        others => i18n::facts_others(lang, route, others),
    };
    let used = vec![
        (Field::Educations, studies),
        (Field::Trainings, entries(a.trainings.iter().map(|e| Entry::Training(e.1.clone())).collect())),
        (Field::Certificates, entries(a.certificates.iter().map(|e| Entry::Certificate(e.1.clone())).collect())),
    ];
    let place = vec![
        (Field::Area, labels.area(&a.area)),
        (Field::Site, labels.site(&a.site)),
        (Field::Attempts, a.attempts.to_string()),
        (Field::ExtraSubject, labels.shown(Field::ExtraSubject, a.extra_subject.code())),
    ];
    vec![
        (i18n::facts_identity(lang).to_owned(), identity),
        (i18n::profile_basic(lang).to_owned(), of(all(&draft.basic))),
        (i18n::profile_contact(lang).to_owned(), of(all(&draft.contact))),
        (i18n::profile_work(lang).to_owned(), of(all(&draft.work))),
        (i18n::facts_entries(lang).to_owned(), used),
        (i18n::facts_place(lang).to_owned(), place),
    ]
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
            when: moment_text(labels.lang, event.at.date(), event.at.time()),
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
    i18n::facts_correction(lang, moment_text(lang, at.date(), at.time()), changes, why)
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
