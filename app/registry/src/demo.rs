//! The shipped dictionaries, and a small realistic demonstration: one open session with windows around today, all areas,
//! one site a prefecture, notices, and three candidates in different states.
mod portrait;

pub use portrait::portrait;

use crate::{
    Area, Candidate, CategoryRow, DictionaryKind, Error, ExamSession, Listed, Moment, NameRequestError, Notice,
    RegisterError, Registry, Site, StaffError, SubmitError,
    db::{sql, transaction},
    read_list,
};
use forms::{
    account::RegistrationDraft,
    category::Category,
    choice::Choice,
    exemption::SkillsPolicy,
    ids::{ApplicationId, DictionaryId, ExamSessionId},
    journey::Step,
    name_requests::NameRequestDraft,
    profile::{BasicDraft, ContactDraft, EducationDraft, EntryDraft, EntryKind, WorkDraft},
    review::Role,
    rule_set::RULES_2021,
    value::Date,
};
use serde::Deserialize;

const AREAS: &str = include_str!("../data/areas.csv");
const SITES: &str = include_str!("../data/sites.csv");
const SCHOOLS: &str = include_str!("../data/schools.csv");
const MAJORS: &str = include_str!("../data/majors.csv");
const EMPLOYERS: &str = include_str!("../data/employers.csv");
const CATEGORIES: &str = include_str!("../data/categories.csv");
const DEMO: &str = include_str!("../data/demo.json");

/// The rows of a shipped file: plain CSV without quotes, header left out.
fn rows<const N: usize>(csv: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    csv.lines().skip(1).filter_map(|line| line.splitn(N, ',').collect::<Vec<_>>().try_into().ok())
}

/// A log-in of the demonstration, to be printed once.
#[derive(Debug)]
pub struct DemoLogin {
    /// Username.
    pub username: String,
    /// Password, random.
    pub password: String,
    /// The office, for somebody of the staff; they log in elsewhere than candidates.
    pub role: Option<Role>,
}

#[derive(Deserialize)]
struct Demo {
    session: Both<String>,
    synthetic_employers: Vec<String>,
    notices: Vec<Both<(String, String)>>,
    people: Vec<Person>,
    staff: Vec<Colleague>,
    missing_names: Vec<Missing>,
    recovery: (String, String),
    contact: Contact,
    work: Work,
    education: Education,
    areas: Vec<Office>,
    sites: Vec<Visit>,
}
/// Where the office of an area is.
#[derive(Deserialize)]
struct Office {
    code: String,
    address: String,
    phone: String,
}
impl Office {
    /// The area that it is about, completed.
    fn of(&self, areas: &[Area]) -> Option<Area> {
        let area = areas.iter().find(|area| area.code == self.code)?.clone();
        Some(Area { address: self.address.clone(), phone: self.phone.clone(), ..area })
    }
}
/// Where and when a site receives people.
#[derive(Deserialize)]
struct Visit {
    code: String,
    address: String,
    phone: String,
    hours: String,
    map: String,
}
impl Visit {
    /// The site that it is about, completed.
    fn of(&self, sites: &[Site]) -> Option<Site> {
        let site = sites.iter().find(|site| site.code == self.code)?.clone();
        let Self { address, phone, hours, map, .. } = self;
        Some(Site { address: address.clone(), phone: phone.clone(), hours: hours.clone(), map: map.clone(), ..site })
    }
}
#[derive(Deserialize)]
struct Both<T> {
    zh: T,
    en: T,
}
#[derive(Deserialize)]
struct Person {
    username: String,
    name: String,
    number: String,
    ethnic_group: String,
}
#[derive(Deserialize)]
struct Colleague {
    username: String,
    name: String,
    role: String,
    scope: String,
}
#[derive(Deserialize)]
struct Missing {
    kind: String,
    name: String,
    region: String,
    former: String,
}
#[derive(Deserialize)]
struct Contact {
    mobile: String,
    email: String,
    address: String,
    postcode: String,
}
#[derive(Deserialize)]
struct Work {
    employer: String,
    province: String,
}
#[derive(Deserialize)]
struct Education {
    school: String,
    major: String,
    number: String,
}

fn demo() -> Result<Demo, Error> {
    serde_json::from_str(DEMO).map_err(|_| Error::Shipped("demo.json"))
}

/// Loads the shipped dictionaries, and the shipped areas and sites that are missing. Running it again changes nothing, also of what
/// offices wrote since.
pub async fn load_shipped(registry: &Registry) -> Result<(), Error> {
    let areas = rows(AREAS)
        .map(|[code, name]| Area { code: code.into(), name: name.into(), phone: String::new(), address: String::new() })
        .collect();
    let site = |[code, area, name, name_en]: [&str; 4]| Site {
        code: code.into(),
        area: area.into(),
        name: name.into(),
        name_en: name_en.into(),
        address: String::new(),
        phone: String::new(),
        hours: String::new(),
        map: String::new(),
        open: true,
    };
    registry.add_areas(areas, rows(SITES).map(site).collect()).await?;
    let regions = rows(AREAS).map(|[code, name]: [&str; 2]| (name.to_owned(), code.to_owned())).collect();
    for (kind, csv) in
        [(DictionaryKind::School, SCHOOLS), (DictionaryKind::Major, MAJORS), (DictionaryKind::Employer, EMPLOYERS)]
    {
        let list = read_list(csv.as_bytes(), &regions).map_err(|_| Error::Shipped("a shipped list"))?;
        registry.add_names(kind, "shipped", list.list).await?;
    }
    Ok(())
}

/// The session of the demonstration: open since five days ago, for another fifteen.
pub async fn put_session(registry: &Registry) -> Result<ExamSessionId, Error> {
    let demo = demo()?;
    let settings = registry.settings();
    let today = settings.clock.now().date();
    // From September on, registration is for the examination of the coming year.
    let year = today.year() + u16::from(today.month() >= 9);
    let midnight = |days: i64| Moment::start_of(Date::from_unix_days(today.unix_days() + days));
    let id = ExamSessionId::from(settings.entropy.uuid(settings.clock.now()));
    let fill = |name: &str| name.replace("{year}", &year.to_string());
    let category = |[code, name_zh, name_en, confirmed]: [&str; 4]| {
        let code = Category::parse(code).map_err(|_| Error::Shipped("categories.csv"))?;
        Ok(CategoryRow { code, name_zh: name_zh.into(), name_en: name_en.into(), confirmed: confirmed == "yes" })
    };
    let categories = rows(CATEGORIES).map(category).collect::<Result<Vec<_>, Error>>()?;
    let session = ExamSession {
        id,
        name_zh: fill(&demo.session.zh),
        name_en: fill(&demo.session.en),
        year,
        rules: &RULES_2021,
        opens: midnight(-5),
        closes: midnight(16),
        review_opens: midnight(18),
        review_closes: midnight(33),
        reference_date: Date::new(year, 8, 31).ok_or(Error::Shipped("reference date"))?,
        skills_policy: SkillsPolicy::WithoutReview,
        trusts_verified: true,
    };
    registry.put_exam_session(session, categories).await?;
    Ok(id)
}

/// Whether the demonstration is loaded.
pub async fn is_loaded(registry: &Registry) -> Result<bool, Error> {
    Ok(!registry.exam_sessions().await?.is_empty())
}

/// Whether the demonstration filled this database. Only then may tests set clock and limits.
pub async fn is_demonstration(registry: &Registry) -> Result<bool, Error> {
    registry
        .read(|conn| {
            Box::pin(async move {
                Ok(sql!(conn, fetch_optional as (String,), "SELECT value FROM setting WHERE name = 'demonstration'")?
                    .is_some())
            })
        })
        .await
}

/// Fills an empty database with the demonstration.
pub async fn load(registry: &Registry) -> Result<Vec<DemoLogin>, Error> {
    load_shipped(registry).await?;
    transaction!(registry, [], conn => {
        sql!(conn, execute, "INSERT INTO setting (name, value) VALUES ('demonstration', 'yes') ON CONFLICT DO NOTHING")?;
        Ok(())
    })?;
    let demo = demo()?;
    let (areas, sites) = registry.areas().await?;
    let offices = demo.areas.iter().filter_map(|office| office.of(&areas)).collect();
    registry.put_areas(offices, demo.sites.iter().filter_map(|visit| visit.of(&sites)).collect()).await?;
    let settings = registry.settings();
    let now = settings.clock.now();
    // Marked synthetic: names as such hospitals are called, not a list of those that exist.
    let synthetic = rows(SITES)
        .flat_map(|[_, area, name, _]: [&str; 4]| {
            demo.synthetic_employers.iter().map(move |kind| Listed::of(&format!("{name}{kind}"), area))
        })
        .collect();
    registry.add_names(DictionaryKind::Employer, "synthetic", synthetic).await?;
    let session = put_session(registry).await?;
    for (age, notice) in demo.notices.iter().enumerate() {
        let published = now.plus_days(-6 - age as i64);
        let id = settings.entropy.uuid(published).into();
        let ((title_zh, body_zh), (title_en, body_en)) = (notice.zh.clone(), notice.en.clone());
        registry.publish(Notice { id, published, title_zh, title_en, body_zh, body_en }).await?;
    }
    let dictionary = crate::Dictionary::default();
    dictionary.refresh(registry).await?;
    let mut logins = Vec::new();
    for (state, person) in demo.people.iter().enumerate() {
        let password = format!("Yk{:06}a", settings.entropy.number() % 1_000_000);
        let candidate = register_person(registry, &demo, person, &password).await?;
        if state > 0 {
            fill_in(&candidate, &demo, &dictionary).await?;
            let (id, version) = apply(&candidate, session, &demo, if state > 1 { 7 } else { 3 }).await?;
            if state > 1 {
                candidate.submit_application(id, version).await.map_err(registry_error)?;
            } else {
                ask_for_names(&candidate, &demo.missing_names).await?;
            }
        }
        logins.push(DemoLogin { username: person.username.clone(), password, role: None });
    }
    for person in &demo.staff {
        let password = format!("Yk{:06}a", settings.entropy.number() % 1_000_000);
        let role = Role::parse(&person.role).map_err(|_| Error::Shipped("role"))?;
        registry.add_staff(&person.username, &person.name, role, &person.scope, &password).await.map_err(|error| {
            match error {
                StaffError::Registry(error) => error,
                _ => Error::Shipped("demonstration staff"),
            }
        })?;
        logins.push(DemoLogin { username: person.username.clone(), password, role: Some(role) });
    }
    Ok(logins)
}

async fn ask_for_names(candidate: &Candidate, missing: &[Missing]) -> Result<(), Error> {
    for one in missing {
        let draft = NameRequestDraft {
            name_kind: one.kind.clone(),
            missing_name: one.name.clone(),
            missing_region: one.region.clone(),
            former_name: one.former.clone(),
        };
        let request = draft.check().map_err(Error::Problems)?;
        candidate.ask_for_name(&request, None).await.map_err(|error| match error {
            NameRequestError::Registry(error) => error,
            _ => Error::Shipped("the demonstration's missing names"),
        })?;
    }
    Ok(())
}

async fn register_person(
    registry: &Registry,
    demo: &Demo,
    person: &Person,
    password: &str,
) -> Result<Candidate, Error> {
    let number = format!("{}{}", person.number, forms::text::mod_11_2(person.number.as_bytes()) as char);
    let draft = RegistrationDraft {
        username: person.username.clone(),
        name: person.name.clone(),
        document_type: "resident_id".into(),
        document_number: number,
        ethnic_group: person.ethnic_group.clone(),
        password: password.to_owned(),
        password_again: password.to_owned(),
        recovery_question: demo.recovery.0.clone(),
        recovery_answer: demo.recovery.1.clone(),
        ..Default::default()
    };
    let settings = registry.settings();
    let context = forms::Context { today: settings.clock.now().date(), rules: settings.account_rules };
    let registration = draft.check(&context).map_err(Error::Problems)?;
    let account = registry.register(registration).await.map_err(|error| match error {
        RegisterError::Registry(error) => error,
        _ => Error::Shipped("a demonstration account exists"),
    })?;
    registry.candidate_of(account).await
}

async fn fill_in(candidate: &Candidate, demo: &Demo, dictionary: &crate::Dictionary) -> Result<(), Error> {
    let basic = BasicDraft { household_province: demo.work.province.clone(), ..Default::default() };
    candidate.save_basic(basic, 0, true).await?;
    let contact = ContactDraft {
        contact_region: "mainland".into(),
        mobile: demo.contact.mobile.clone(),
        email: demo.contact.email.clone(),
        address: demo.contact.address.clone(),
        postcode: demo.contact.postcode.clone(),
        ..Default::default()
    };
    candidate.save_contact(contact, 0, true).await?;
    let id =
        |kind, name: &str| dictionary.exact(kind, name).map(|hit| DictionaryId::to_string(&hit.id)).unwrap_or_default();
    let work = WorkDraft {
        post_state: "probation".into(),
        employer: demo.work.employer.clone(),
        employer_id: id(DictionaryKind::Employer, &demo.work.employer),
        employer_province: demo.work.province.clone(),
        ..Default::default()
    };
    candidate.save_work(work, 0, true).await?;
    let education = EducationDraft {
        level: "bachelor".into(),
        school: demo.education.school.clone(),
        school_id: id(DictionaryKind::School, &demo.education.school),
        major: demo.education.major.clone(),
        major_id: id(DictionaryKind::Major, &demo.education.major),
        study_form: "full_time".into(),
        admission_month: "2012-09".into(),
        graduation_month: "2017-06".into(),
        diploma_number: demo.education.number.clone(),
        ..Default::default()
    };
    candidate.save_entry(None, EntryDraft::Education(education), 0, true).await?;
    candidate.set_photo(portrait()?).await?;
    Ok(())
}

fn registry_error(error: SubmitError) -> Error {
    match error {
        SubmitError::Registry(error) => error,
        SubmitError::Problems(_) => Error::Shipped("the demonstration's application"),
    }
}

/// The n-th of some people with a complete profile and a draft in which every step is answered, ready to be
/// handed in at the site of the demonstration. Tests and benchmarks begin with such people.
pub async fn ready(
    registry: &Registry,
    session: ExamSessionId,
    dictionary: &crate::Dictionary,
    n: u32,
) -> Result<(Candidate, ApplicationId, i64), Error> {
    let demo = demo()?;
    let first = demo.people.first().ok_or(Error::Shipped("demonstration people"))?;
    // The last three of seventeen digits tell people of one place and birthday apart, and the day tells the rest.
    let number = format!(
        "{}{:04}{:02}{:02}{:03}",
        first.number.get(..6).unwrap_or("110101"),
        1970 + n / 336_000,
        n / 28_000 % 12 + 1,
        n / 1000 % 28 + 1,
        n % 1000
    );
    let person = Person {
        username: format!("person_{n}"),
        name: first.name.clone(),
        number,
        ethnic_group: first.ethnic_group.clone(),
    };
    let candidate = register_person(registry, &demo, &person, PASSWORD).await?;
    fill_in(&candidate, &demo, dictionary).await?;
    let (id, version) = apply(&candidate, session, &demo, 7).await?;
    Ok((candidate, id, version))
}
/// The password of those people.
pub const PASSWORD: &str = "Yuan2026";

/// Begins an application and answers its first steps.
async fn apply(
    candidate: &Candidate,
    session: ExamSessionId,
    demo: &Demo,
    steps_done: usize,
) -> Result<(ApplicationId, i64), Error> {
    let category = Category::parse("110").map_err(|_| Error::Shipped("category"))?;
    let id = candidate.begin_application(session, category).await.map_err(registry_error)?;
    let entry = candidate
        .profile()
        .await?
        .entries
        .iter()
        .find(|e| e.kind() == EntryKind::Education)
        .map(|e| e.id.to_string())
        .unwrap_or_default();
    let agree = || "yes".to_owned();
    let keep = |draft: &forms::application::ApplicationDraft, step| {
        draft.pairs(step).into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect::<Vec<_>>()
    };
    let view = candidate.application(id).await?;
    let steps = [
        (Step::Category, vec![("category".to_owned(), category.to_string()), ("consent".to_owned(), agree())]),
        (Step::Basic, keep(&view.draft, Step::Basic)),
        (Step::Work, keep(&view.draft, Step::Work)),
        (Step::Education, vec![("educations".to_owned(), entry)]),
        (Step::Certificate, vec![]),
        (
            Step::Site,
            vec![
                ("area".to_owned(), demo.work.province.clone()),
                ("site".to_owned(), format!("{}01", demo.work.province)),
            ],
        ),
        (Step::Confirm, vec![("declaration".to_owned(), agree())]),
    ];
    let mut version = view.row.version;
    for (step, pairs) in steps.into_iter().take(steps_done) {
        version = candidate.save_step(id, step, pairs, version, true).await?.version;
    }
    Ok((id, version))
}
