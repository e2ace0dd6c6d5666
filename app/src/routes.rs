//! Typed paths: a link to a page that does not exist does not compile.
use forms::{
    ids::{ApplicationId, NameRequestId, NoticeId, PhotoId},
    journey::Step,
    profile::EntryKind,
};

/// The front page.
pub const HOME: &str = "/";
/// Registration.
pub const REGISTER: &str = "/register";
/// Log-in.
pub const LOGIN: &str = "/login";
/// Log-out (a post).
pub const LOGOUT: &str = "/logout";
/// Change of language (a post).
pub const LANGUAGE: &str = "/language";
/// All applications.
pub const EXAMS: &str = "/exams";
/// What can be applied for.
pub const CATALOGUE: &str = "/exams/catalogue";
/// What keeps the account safe.
pub const SECURITY: &str = "/security";
/// Names that are missing from the lists, and what became of requests for them.
pub const NAMES: &str = "/names";
/// Upload of a photo (a post).
pub const PHOTOS: &str = "/photos";

/// The desk: what waits for an office.
pub const DESK: &str = "/admin";
/// Log-in of the staff.
pub const DESK_LOGIN: &str = "/admin/login";
/// Log-out of the staff (a post).
pub const DESK_LOGOUT: &str = "/admin/logout";
/// Whether a paper is the latest version.
pub const VERIFY: &str = "/verify";

/// Names that people miss, at the desk.
pub const DESK_NAMES: &str = "/admin/dictionary";

/// The file that came with a request for a name.
pub fn evidence(id: NameRequestId) -> String {
    format!("{DESK_NAMES}/{id}/evidence")
}
/// Names that are missing, with pairs that say where one was missed.
pub fn names(pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { NAMES.to_owned() } else { format!("{NAMES}?{}", pairs.join("&")) }
}
/// One record at the desk.
pub fn review(id: ApplicationId) -> String {
    format!("/admin/review/{id}")
}
/// The photo of a record.
pub fn review_photo(id: ApplicationId) -> String {
    format!("/admin/review/{id}/photo")
}
/// The form that a candidate signs, as the desk prints it.
pub fn review_form(id: ApplicationId) -> String {
    format!("/admin/review/{id}/form")
}
/// The same as the candidate prints it.
pub fn form(id: ApplicationId) -> String {
    format!("/applications/{id}/form")
}
/// What is known about the paper with a code.
pub fn verify(code: &str) -> String {
    format!("/verify/{code}")
}
/// One notice.
pub fn notice(id: NoticeId) -> String {
    format!("/notices/{id}")
}
/// A group of the profile.
pub fn profile(group: &str) -> String {
    format!("/profile/{group}")
}
/// The form of an entry; `new` instead of an id for a new one.
pub fn entry(kind: EntryKind, id: &str) -> String {
    format!("/profile/{}/{id}", kind.code())
}
/// The form of an entry that goes back to a step of an application.
pub fn entry_for(kind: EntryKind, id: &str, application: ApplicationId) -> String {
    format!("/profile/{}/{id}?for={application}", kind.code())
}
/// A step of the wizard.
pub fn step(id: ApplicationId, step: Step) -> String {
    format!("/applications/{id}/{}", step.code())
}
/// A step to which somebody goes from the last one to change an answer, and comes back.
pub fn change(id: ApplicationId, step: Step) -> String {
    format!("/applications/{id}/{}?from=confirm", step.code())
}
/// An application.
pub fn application(id: ApplicationId) -> String {
    format!("/applications/{id}")
}
/// Throwing a draft away (a post).
pub fn discard(id: ApplicationId) -> String {
    format!("/applications/{id}/discard")
}
/// 通知单.
pub fn slip(id: ApplicationId) -> String {
    format!("/applications/{id}/slip")
}
/// A photo.
pub fn photo(id: PhotoId) -> String {
    format!("/photos/{id}")
}

/// A page that wakes in the browser, by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Registration.
    Register,
    /// A group of the profile.
    Profile(String),
    /// An entry of a repeatable group; `new` instead of an id for a new one.
    Entry(EntryKind, String),
    /// All applications.
    Exams,
    /// What can be applied for.
    Catalogue,
    /// A step of the wizard.
    Step(ApplicationId, Step),
    /// The queue of an office.
    Queue,
    /// A record under review.
    Record(ApplicationId),
    /// No page has this path.
    Nowhere,
}
impl Place {
    /// The page of a path.
    pub fn of(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("register"), None, ..) => Self::Register,
            (Some("profile"), Some(group), None, _) => Self::Profile(group.to_owned()),
            (Some("profile"), Some(group), Some(entry), None) => {
                EntryKind::parse(group).map_or(Self::Nowhere, |kind| Self::Entry(kind, entry.to_owned()))
            }
            (Some("exams"), None, ..) => Self::Exams,
            (Some("exams"), Some("catalogue"), None, _) => Self::Catalogue,
            (Some("applications"), Some(id), Some(step), None) => match (ApplicationId::parse(id), Step::parse(step)) {
                (Some(id), Some(step)) => Self::Step(id, step),
                _ => Self::Nowhere,
            },
            (Some("admin"), None, ..) => Self::Queue,
            (Some("admin"), Some("review"), Some(id), None) => {
                ApplicationId::parse(id).map_or(Self::Nowhere, Self::Record)
            }
            _ => Self::Nowhere,
        }
    }
    /// The way in the head of the page that leads here.
    pub const fn way(&self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Profile(_) | Self::Entry(..) => "profile",
            Self::Queue | Self::Record(_) => "desk",
            _ => "exams",
        }
    }
}
