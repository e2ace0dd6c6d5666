//! What people do with their accounts while the server is killed: each kind of deed by somebody of its own, counted by the audit. A deed that
//! was acknowledged is there once, one without an answer once or not at all.
use crate::common::{Answer, FORM, Origin, exchange, soak};
use forms::{
    Draft, Field, account::RegistrationDraft, category::Category, ids::ExamSessionId, profile::EntryKind,
    status::ApplicationStatus,
};
use registry::{Candidate, Dictionary, PageOwner, Registry, RequestState, demo};
use std::{
    collections::BTreeMap,
    io,
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::sync::Mutex;

/// The deeds, as the audit names them.
pub const ACTIONS: [&str; 10] = [
    "account.register",
    "account.password",
    "account.recover",
    "profile.submit",
    "entry.submit",
    "entry.delete",
    "application.begin",
    "application.discard",
    "name.ask",
    "name.withdraw",
];
/// The people who do them: one registers others.
pub const PEOPLE: usize = 6;
const PASSWORDS: [&str; 2] = ["Yuan2026", "Gao2027"];
/// What the people of the demonstration answer to their question.
const ANSWER: &str = "实验小学一班";

/// Somebody, with the cookie of a session.
struct Person {
    candidate: Candidate,
    cookie: String,
    /// Which of the passwords holds, if that is known.
    password: Option<usize>,
}

pub struct Deeds {
    session: ExamSessionId,
    people: Vec<Mutex<Person>>,
    next: AtomicU32,
    /// Turns of whoever does two things by turns.
    turns: AtomicU32,
    /// By action: how many there were before, were acknowledged, and have no answer.
    counts: Mutex<BTreeMap<&'static str, [i64; 3]>>,
}

impl Deeds {
    /// `count` counts the rows of the audit with an action.
    pub async fn new(
        registry: &Registry,
        session: ExamSessionId,
        dictionary: &Dictionary,
        count: impl AsyncFn(&'static str) -> i64,
    ) -> Self {
        let mut people = Vec::new();
        for n in 0..PEOPLE as u32 {
            let (candidate, ..) = demo::ready(registry, session, dictionary, 500 + n).await.unwrap();
            let login = registry.login(&candidate.about().username, PASSWORDS[0], None).await.unwrap();
            let cookie = format!("session={}", login.session.expose());
            people.push(Mutex::new(Person { candidate, cookie, password: Some(0) }));
        }
        let mut counts = BTreeMap::new();
        for action in ACTIONS {
            counts.insert(action, [count(action).await, 0, 0]);
        }
        Self { session, people, next: AtomicU32::new(0), turns: AtomicU32::new(0), counts: Mutex::new(counts) }
    }

    /// Does the deeds of one person, one after another, until the server is gone.
    pub async fn work(&self, registry: &Registry, port: u16, who: usize) {
        let mut person = self.people[who].lock().await;
        loop {
            let (action, answer) = self.deed(registry, port, who, &mut person).await;
            let mut counts = self.counts.lock().await;
            let [_, acknowledged, unanswered] = counts.get_mut(action).unwrap();
            match answer {
                Ok(true) => *acknowledged += 1,
                // An earlier one without an answer was committed late and came in between; how often is bounded by the counts.
                Ok(false) => {}
                Err(_) => {
                    *unanswered += 1;
                    return;
                }
            }
        }
    }

    async fn deed(
        &self,
        registry: &Registry,
        port: u16,
        who: usize,
        person: &mut Person,
    ) -> (&'static str, io::Result<bool>) {
        let me = person.candidate.clone();
        let from = |owner| Origin { cookie: person.cookie.clone(), page: registry.page_token(owner) };
        let mine = PageOwner::Candidate(me.account());
        match who {
            0 => {
                let anybody = Origin { cookie: String::new(), page: registry.page_token(PageOwner::Nobody) };
                let n = self.next.fetch_add(1, Ordering::SeqCst);
                ("account.register", post(port, "/register", &anybody, registration(n)).await)
            }
            1 | 2 => self.new_password(registry, who, person, port).await,
            3 => {
                let version = me.profile().await.unwrap().contact.version;
                let mobile = 13_800_000_000 + i64::from(self.next.fetch_add(1, Ordering::SeqCst));
                let body = format!(
                    "group=contact&version={version}&submit=true&fields[contact_region]=mainland&fields[mobile]={mobile}&fields[email]=a%40example.com&fields[postcode]=100005&fields[address]=%E5%8C%97%E4%BA%AC%E5%B8%82%E4%B8%9C%E5%9F%8E%E5%8C%BA1%E5%8F%B7"
                );
                ("profile.submit", post(port, "/api/save-group", &from(mine), body).await)
            }
            4 => {
                let entries = me.profile().await.unwrap().entries;
                let old = entries.iter().filter(|entry| entry.kind() == EntryKind::Education).nth(1);
                match old {
                    Some(old) => {
                        let path = format!("/profile/education/{}", old.id);
                        let body = format!("delete=yes&version={}", old.version);
                        ("entry.delete", post(port, &path, &from(mine), body).await)
                    }
                    None => {
                        let fields = "version=0&level=bachelor&school=%E6%B5%99%E6%B1%9F%E5%A4%A7%E5%AD%A6&major=%E4%B8%B4%E5%BA%8A%E5%8C%BB%E5%AD%A6&study_form=full_time&graduation_month=2014-07&diploma_number=100251201405000123";
                        ("entry.submit", post(port, "/profile/education/new", &from(mine), fields.into()).await)
                    }
                }
            }
            _ => self.draft_or_name(registry, me, mine, from(mine), port).await,
        }
    }

    /// Begins an application and discards it; asks for a name and withdraws that.
    async fn draft_or_name(
        &self,
        registry: &Registry,
        me: Candidate,
        mine: PageOwner,
        from: Origin,
        port: u16,
    ) -> (&'static str, io::Result<bool>) {
        let n = self.turns.fetch_add(1, Ordering::SeqCst);
        let from = Origin { page: registry.page_token(mine), ..from };
        if n.is_multiple_of(2) {
            let own = me.applications().await.unwrap();
            return match own.iter().find(|one| one.status == ApplicationStatus::Draft) {
                Some(draft) => {
                    let path = format!("/applications/{}/discard", draft.id);
                    ("application.discard", post(port, &path, &from, "sure=yes".into()).await)
                }
                None => {
                    let category = Category::parse("110").unwrap();
                    let body = format!("session={}&category={category}", self.session);
                    ("application.begin", post(port, "/exams/catalogue", &from, body).await)
                }
            };
        }
        let asked = me.name_requests().await.unwrap();
        match asked.iter().find(|request| request.state == RequestState::Open) {
            Some(open) => ("name.withdraw", post(port, "/names", &from, format!("withdraw={}", open.id)).await),
            None => {
                let name = format!("%E4%BA%AC%E5%8C%97%E5%8C%BB%E9%99%A2{n}%E9%83%A8");
                let body = format!("name_kind=employer&missing_name={name}&missing_region=11&looked={name}");
                ("name.ask", post(port, "/names", &from, body).await)
            }
        }
    }

    /// Changes the password, by the old one or by the answer to the question.
    async fn new_password(
        &self,
        registry: &Registry,
        who: usize,
        person: &mut Person,
        port: u16,
    ) -> (&'static str, io::Result<bool>) {
        let me = &person.candidate;
        if person.password.is_none() {
            // What was asked for without an answer may have been done.
            let (n, cookie) = password_of(registry, me).await;
            (person.password, person.cookie) = (Some(n), cookie);
        }
        let current = person.password.take().unwrap();
        let new = PASSWORDS[1 - current];
        let set = format!("password={new}&password_again={new}");
        let (action, path, owner, body) = if who == 1 {
            let owner = PageOwner::Candidate(me.account());
            ("account.password", "/security", owner, format!("current_password={}&{set}", PASSWORDS[current]))
        } else {
            let identity = &me.about().identity;
            let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let body = format!(
                "name={}&document_type=resident_id&document_number={}&recovery_answer={}&{set}",
                encoded(identity.name.as_str()),
                identity.document.number(),
                encoded(ANSWER)
            );
            ("account.recover", "/recover", PageOwner::Nobody, body)
        };
        let from = Origin { cookie: person.cookie.clone(), page: registry.page_token(owner) };
        let answer = post_for(port, path, &from, body).await;
        if let Ok(answer) = &answer {
            let is_new = answer.status == 303;
            person.password = Some(if is_new { 1 - current } else { current });
            if let Some(session) = &answer.session {
                person.cookie.clone_from(session);
            }
        }
        (action, answer.map(|answer| answer.status == 303))
    }

    /// Checks that each acknowledged deed is in the audit, and no other but those without an answer.
    pub async fn check(&self, engine: &str, count: impl AsyncFn(&'static str) -> i64) {
        for (action, [before, acknowledged, unanswered]) in &*self.counts.lock().await {
            let there = count(action).await - before;
            assert!(
                (*acknowledged..=acknowledged + unanswered).contains(&there),
                "{engine}: {action}: {there} in the audit, {acknowledged} acknowledged, {unanswered} unanswered"
            );
        }
        // And what the audit speaks of is there.
        let own = self.people[5].lock().await.candidate.applications().await.unwrap();
        let drafts = own.iter().filter(|one| one.status == ApplicationStatus::Draft).count();
        assert!(drafts <= 1, "{engine}: two drafts");
        let contact = self.people[3].lock().await.candidate.profile().await.unwrap().contact;
        assert_eq!(contact.draft.get(Field::Mobile).len(), 11, "{engine}: half a mobile number");
    }

    /// Says how often each deed was done; each was. The passwords that were acknowledged last hold.
    pub async fn report(&self, registry: &Registry, engine: &str) {
        for who in [1, 2] {
            let person = self.people[who].lock().await;
            let (holds, _) = password_of(registry, &person.candidate).await;
            assert!(
                person.password.is_none_or(|known| known == holds),
                "{engine}: an acknowledged password does not hold"
            );
        }
        let counts = self.counts.lock().await;
        let done: Vec<String> = counts.iter().map(|(action, [_, done, _])| format!("{action} {done}")).collect();
        eprintln!("   {engine}: {}", done.join(", "));
        // A hash takes longer than the server lives in the short form, whose build is slow.
        let slow = |action: &str| action.starts_with("account.") && !soak();
        for (action, [_, done, _]) in counts.iter().filter(|(action, _)| !slow(action)) {
            assert!(*done > 0, "{engine}: {action} never happened");
        }
    }
}

/// Posts a form, and says whether it was accepted.
async fn post(port: u16, path: &str, from: &Origin, body: String) -> io::Result<bool> {
    let answer = post_for(port, path, from, body).await?;
    Ok(answer.status == if path.starts_with("/api/") { 200 } else { 303 })
}
/// Posts a form. An error means that no complete answer came, or none that says what was done.
async fn post_for(port: u16, path: &str, from: &Origin, body: String) -> io::Result<Answer> {
    let body = format!("{body}&page={}", from.page);
    let answer = exchange(port, "POST", path, FORM, from, body.as_bytes()).await?;
    assert!(!answer.head.contains("location: /login?next="), "{path}: the session is over");
    if answer.status == 503 { Err(io::ErrorKind::TimedOut.into()) } else { Ok(answer) }
}

/// Which of the passwords holds, and a session.
async fn password_of(registry: &Registry, me: &Candidate) -> (usize, String) {
    for (n, password) in PASSWORDS.iter().enumerate() {
        if let Ok(login) = registry.login(&me.about().username, password, None).await {
            return (n, format!("session={}", login.session.expose()));
        }
    }
    panic!("no password holds");
}

/// The form of a registration that is right.
fn registration(n: u32) -> String {
    let seventeen =
        format!("110101{}{:02}{:02}{:03}", 1960 + n / 280_000, n / 28_000 % 10 + 1, n / 1_000 % 28 + 1, n % 1_000);
    let number = format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char);
    let draft = RegistrationDraft {
        username: format!("killed_{n}"),
        name: "张伟".into(),
        document_type: "resident_id".into(),
        document_number: number,
        ethnic_group: "01".into(),
        password: PASSWORDS[0].into(),
        password_again: PASSWORDS[0].into(),
        recovery_question: "小学的名字".into(),
        recovery_answer: "实验小学".into(),
        ..RegistrationDraft::default()
    };
    let encoded = |text: String| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs = draft.pairs().into_iter().map(|(field, value)| format!("{}={}", field.name(), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
