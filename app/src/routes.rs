//! Pages and endpoints with their paths.
//!
//! [`Page`] says of each page once: its path, who may open it, where it stands in the navigation, which chunk of the module
//! draws it, and its title. The router, links, titles and preloads derive from that. [`Endpoint`] does the same for what is
//! not a page: posts, pictures, files. A link to something that does not exist does not compile.
mod groups;

pub use groups::{Guide, ProfileGroup};

use crate::{i18n as text, lang::Lang};
use forms::{
    ids::{ApplicationId, EntryId, NameRequestId, NoticeId, PhotoId},
    journey::Step,
    materials::Annex,
    profile::EntryKind,
};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, and the answer is the same for all: no session is looked up.
    Static,
    /// Anybody; the answer may depend on who is logged in.
    Public,
    /// Anybody, with a budget of requests for each address: expensive work that needs no account.
    RateLimited,
    /// A logged-in candidate. What belongs to somebody else is answered as not existing.
    Candidate,
    /// A logged-in member of staff. What belongs to another office is answered as not existing.
    Staff,
}

/// The entry of the navigation that a page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NavSection {
    /// None of them.
    #[default]
    None,
    Home,
    Login,
    Register,
    Exams,
    Profile,
    Help,
    /// The queue of an office, and everything of the staff without an entry of its own.
    Review,
    /// Requests for names, at the offices.
    Dictionary,
    /// Pages of the staff before log-in.
    StaffLogin,
}
impl NavSection {
    /// Whether it is one of the staff's, whose header has other entries.
    pub fn is_staff(self) -> bool {
        STAFF_NAV.iter().any(|link| link.section == self)
    }
}

/// An entry of the header: the section it stands for, the page it leads to, and its text.
#[derive(Clone, Copy)]
pub struct NavLink {
    pub section: NavSection,
    pub page: &'static Page,
    pub title: fn(Lang) -> &'static str,
}
const fn nav_link(section: NavSection, page: &'static Page, title: fn(Lang) -> &'static str) -> NavLink {
    NavLink { section, page, title }
}
/// The header of whoever is not logged in.
pub const VISITOR_NAV: &[NavLink] = &[
    nav_link(NavSection::Login, &Page::Login, text::frame_login),
    nav_link(NavSection::Register, &Page::Register, text::frame_register),
    nav_link(NavSection::Help, &Page::Help, text::frame_help),
];
/// The header of a candidate.
pub const CANDIDATE_NAV: &[NavLink] = &[
    nav_link(NavSection::Exams, &Page::Exams, text::frame_exams),
    nav_link(NavSection::Profile, &Page::Profile(ProfileGroup::Basic), text::frame_profile),
    nav_link(NavSection::Help, &Page::Help, text::frame_help),
];
/// The header of the staff.
pub const STAFF_NAV: &[NavLink] = &[
    nav_link(NavSection::Review, &Page::Queue, text::staff_title),
    nav_link(NavSection::Dictionary, &Page::Dictionary, text::staff_names),
];

/// The part of the WASM module that draws a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// No module: the page is plain HTML.
    None,
    /// The main chunk with the wizard's first step; its later steps are a chunk of their own.
    Wizard,
    /// Registration, profile, applications.
    CandidatePages,
    /// The pages of the offices.
    ReviewPages,
}

/// What is known of a page without its arguments.
#[derive(Clone, Copy)]
pub struct PageDescription {
    pub access: Access,
    pub nav: NavSection,
    pub chunk: Chunk,
    pub title: fn(Lang) -> &'static str,
}

const fn page(access: Access, nav: NavSection, chunk: Chunk, title: fn(Lang) -> &'static str) -> PageDescription {
    PageDescription { access, nav, chunk, title }
}

/// The title of a plain page. Only the server writes it: the browser's table has no such sentence.
#[cfg(not(feature = "hydrate"))]
macro_rules! plain_title {
    ($title:ident) => {
        text::$title
    };
}
#[cfg(feature = "hydrate")]
macro_rules! plain_title {
    ($title:ident) => {
        |_| ""
    };
}

/// One segment of a path.
trait Segment: Sized {
    fn parse(text: &str) -> Option<Self>;
    fn text(&self) -> String;
}
macro_rules! id_segments {
    ($($id:ty),*) => {$(
        impl Segment for $id {
            fn parse(text: &str) -> Option<Self> { <$id>::parse(text) }
            fn text(&self) -> String { self.to_string() }
        }
    )*};
}
id_segments!(ApplicationId, EntryId, NameRequestId, NoticeId, PhotoId);
macro_rules! code_segments {
    ($($code:ty),*) => {$(
        impl Segment for $code {
            fn parse(text: &str) -> Option<Self> { <$code>::parse(text) }
            fn text(&self) -> String { self.code().to_owned() }
        }
    )*};
}
code_segments!(Step, EntryKind, ProfileGroup, Annex, Guide);
/// An entry that is there, or `new` for one that is not yet.
impl Segment for Option<EntryId> {
    fn parse(text: &str) -> Option<Self> {
        if text == "new" { Some(None) } else { EntryId::parse(text).map(Some) }
    }
    fn text(&self) -> String {
        self.map_or_else(|| "new".to_owned(), |id| id.to_string())
    }
}
impl Segment for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
    fn text(&self) -> String {
        self.clone()
    }
}

/// The values of the placeholders of a pattern in a path; `None` if the path does not match.
fn captures<'a>(pattern: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let (mut expected, mut given) = (pattern.trim_matches('/').split('/'), path.trim_matches('/').split('/'));
    let mut values = Vec::new();
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(values),
            (Some(part), Some(value)) if part.starts_with('{') => values.push(value),
            (Some(part), Some(value)) if part == value => {}
            _ => return None,
        }
    }
}

/// A pattern with its placeholders replaced.
fn fill(pattern: &str, values: &[String]) -> String {
    let mut values = values.iter();
    let mut path = String::new();
    for part in pattern.split('/').skip(1) {
        path.push('/');
        if part.starts_with('{') {
            path.push_str(values.next().map(String::as_str).unwrap_or_default());
        } else {
            path.push_str(part);
        }
    }
    path
}

/// Declares an enum of paths, its kinds without arguments, and the conversions between a value and its path.
macro_rules! paths {
    (
        $(#[$meta:meta])* enum $name:ident, $kind:ident: $description:ty;
        $( $(#[$doc:meta])* $variant:ident $(($($arg:ident: $ty:ty),+))? = $pattern:literal, $described:expr; )*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$doc])* $variant $(($($ty),+))? ),* }

        #[doc = concat!("[`", stringify!($name), "`] without its arguments.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $( $(#[$doc])* $variant ),* }

        impl $kind {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The path with `{placeholders}`, as the router spells it.
            pub const fn pattern(self) -> &'static str {
                match self { $(Self::$variant => $pattern),* }
            }
            /// What is known without the arguments.
            pub const fn describe(self) -> $description {
                match self { $(Self::$variant => $described),* }
            }
        }

        impl $name {
            /// Which one it is.
            pub const fn kind(&self) -> $kind {
                match self { $( paths!(@ignore $variant $(($($arg),+))?) => $kind::$variant ),* }
            }
            /// The path of a link.
            pub fn path(&self) -> String {
                match self { $( Self::$variant $(($($arg),+))? => fill($pattern, &[$($(Segment::text($arg)),+)?]) ),* }
            }
            /// The one with this path.
            pub fn from_path(path: &str) -> Option<Self> {
                $kind::ALL.iter().find_map(|kind| {
                    let mut values = captures(kind.pattern(), path)?.into_iter();
                    match kind {
                        $($kind::$variant => Some(Self::$variant $(($(<$ty as Segment>::parse(values.next()?)?),+))?),)*
                    }
                })
            }
        }
    };
    (@ignore $variant:ident ($($arg:ident),+)) => { Self::$variant(..) };
    (@ignore $variant:ident) => { Self::$variant };
}

use Access::{Candidate, Public, Staff};

paths! {
    /// A page.
    enum Page, PageKind: PageDescription;
    Home = "/", page(Public, NavSection::Home, Chunk::None, plain_title!(home_title));
    Notice(id: NoticeId) = "/notices/{id}", page(Public, NavSection::Home, Chunk::None, plain_title!(home_notices));
    /// Questions and answers.
    Help = "/help", page(Public, NavSection::Help, Chunk::None, text::frame_help);
    /// The forms of the annexes (S104).
    Downloads = "/downloads", page(Public, NavSection::Help, Chunk::None, plain_title!(downloads_title));
    /// One of them, a print sheet.
    AnnexSheet(annex: Annex) = "/downloads/{annex}", page(Public, NavSection::Help, Chunk::None, plain_title!(downloads_title));
    /// What applicants read about one matter (S98, S103, S105, S141).
    Guide(guide: Guide) = "/guides/{guide}", page(Public, NavSection::Help, Chunk::None, plain_title!(guide_title));
    /// Where areas and sites are and how they are reached (S106).
    Sites = "/sites", page(Public, NavSection::Help, Chunk::None, plain_title!(sites_title));
    Login = "/login", page(Public, NavSection::Login, Chunk::None, plain_title!(login_title));
    /// 找回密码.
    Recover = "/recover", page(Public, NavSection::Login, Chunk::None, plain_title!(recover_title));
    /// "这不是我注册的": a claim that somebody else registered one's document.
    Claim = "/claim", page(Public, NavSection::Register, Chunk::None, plain_title!(claim_title));
    /// How far a claim is, by its code, which is posted and in no address.
    ClaimState = "/claim/state", page(Public, NavSection::Register, Chunk::None, plain_title!(claim_state_title));
    Register = "/register", page(Public, NavSection::Register, Chunk::CandidatePages, text::register_title);
    /// A group of the profile.
    Profile(group: ProfileGroup) = "/profile/{group}", page(Candidate, NavSection::Profile, Chunk::CandidatePages, text::profile_title);
    /// An entry of a repeatable group of the profile; without an id a new one.
    Entry(kind: EntryKind, entry: Option<EntryId>) = "/profile/{group}/{entry}", page(Candidate, NavSection::Profile, Chunk::CandidatePages, text::profile_title);
    /// Password and recovery question.
    Security = "/security", page(Candidate, NavSection::Profile, Chunk::None, plain_title!(security_title));
    /// Names that are missing from the dictionaries, and the person's requests for them.
    NameRequests = "/names", page(Candidate, NavSection::Profile, Chunk::None, plain_title!(name_request_title));
    /// 选择工作单位: employers by place (S26).
    Employers = "/employers", page(Candidate, NavSection::Profile, Chunk::None, plain_title!(picker_title));
    /// The person's applications.
    Exams = "/exams", page(Candidate, NavSection::Exams, Chunk::CandidatePages, text::exams_title);
    /// What can be applied for.
    Catalogue = "/exams/catalogue", page(Candidate, NavSection::Exams, Chunk::CandidatePages, text::catalogue_title);
    Application(id: ApplicationId) = "/applications/{id}", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(application_title));
    /// 通知单, a print sheet.
    Slip(id: ApplicationId) = "/applications/{id}/slip", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(slip_title));
    /// 申请表, a print sheet.
    Form(id: ApplicationId) = "/applications/{id}/form", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(form_sheet_title));
    /// Asks before an application is withdrawn (S52).
    Withdraw(id: ApplicationId) = "/applications/{id}/withdraw", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(withdrawal_withdraw_title));
    /// Asks before a draft is begun that is to replace an application (S53).
    Reapply(id: ApplicationId) = "/applications/{id}/reapply", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(withdrawal_reapply_title));
    /// What differs between a draft and the application that it replaces, before it is submitted (X1).
    Replace(id: ApplicationId) = "/applications/{id}/replace", page(Candidate, NavSection::Exams, Chunk::None, plain_title!(withdrawal_replace_title));
    /// A step of the wizard.
    Step(id: ApplicationId, step: Step) = "/applications/{id}/{step}", page(Candidate, NavSection::Exams, Chunk::Wizard, text::wizard_title);
    /// A new entry of the profile that is written for an application and selected there.
    ApplicationEntry(id: ApplicationId, kind: EntryKind) = "/applications/{id}/entries/{kind}", page(Candidate, NavSection::Exams, Chunk::CandidatePages, text::wizard_title);
    /// The same once it is saved, complete or not.
    SavedApplicationEntry(id: ApplicationId, kind: EntryKind, entry: EntryId) = "/applications/{id}/entries/{kind}/{entry}", page(Candidate, NavSection::Exams, Chunk::CandidatePages, text::wizard_title);
    /// The form that asks for the code of a printed version.
    Verify = "/verify", page(Public, NavSection::None, Chunk::None, plain_title!(verify_title));
    /// Whether the printed version with this code is the latest.
    Verified(code: String) = "/verify/{code}", page(Public, NavSection::None, Chunk::None, plain_title!(verify_title));
    StaffLogin = "/admin/login", page(Public, NavSection::StaffLogin, Chunk::None, plain_title!(login_staff_title));
    /// The own password of somebody of the staff.
    StaffPassword = "/admin/password", page(Staff, NavSection::Review, Chunk::None, plain_title!(security_password));
    /// What waits for an office.
    Queue = "/admin", page(Staff, NavSection::Review, Chunk::ReviewPages, text::staff_title);
    /// An application under review.
    Record(id: ApplicationId) = "/admin/review/{id}", page(Staff, NavSection::Review, Chunk::ReviewPages, text::staff_title);
    /// 申请表 as an office prints it for signature.
    RecordForm(id: ApplicationId) = "/admin/review/{id}/form", page(Staff, NavSection::Review, Chunk::None, plain_title!(form_sheet_title));
    /// Requests for names, at the offices.
    Dictionary = "/admin/dictionary", page(Staff, NavSection::Dictionary, Chunk::None, plain_title!(dictionary_title));
}

paths! {
    /// What has a path and is not a page.
    enum Endpoint, EndpointKind: Access;
    /// Log-out (a post).
    Logout = "/logout", Public;
    /// Change of language (a post).
    Language = "/language", Public;
    /// A form of the annexes as PDF.
    AnnexPdf(annex: Annex) = "/downloads/{annex}/pdf", Public;
    /// Upload of a photo (a post).
    Photos = "/photos", Candidate;
    Photo(id: PhotoId) = "/photos/{id}", Candidate;
    /// Withdrawal of a draft (a post).
    DiscardDraft(id: ApplicationId) = "/applications/{id}/discard", Candidate;
    /// Log-out of the staff (a post).
    StaffLogout = "/admin/logout", Staff;
    /// The photo of an application under review.
    RecordPhoto(id: ApplicationId) = "/admin/review/{id}/photo", Staff;
    /// The file that came with a request for a name.
    Evidence(id: NameRequestId) = "/admin/dictionary/{id}/evidence", Staff;
}

impl Page {
    /// What is known of it without its arguments.
    pub const fn describe(&self) -> PageDescription {
        self.kind().describe()
    }
    /// The title of its window. Each step of the wizard has its own, which a screen reader says when the step is there.
    pub fn title(&self, lang: Lang) -> String {
        let title = (self.describe().title)(lang);
        match self {
            Self::Step(_, step) => {
                format!("{} · {title}", text::wizard_step(lang, step.number(), text::step_title(lang, *step)))
            }
            Self::Profile(group) => format!("{} · {title}", group.title(lang)),
            _ => title.to_owned(),
        }
    }
    /// Its path with a query. Values are ids and codes of this program and need no escaping.
    pub fn with_query(&self, pairs: &[(&str, String)]) -> String {
        with_query(self.path(), pairs)
    }
}

impl Endpoint {
    /// Its path with a query. Values are ids and codes of this program and need no escaping.
    pub fn with_query(&self, pairs: &[(&str, String)]) -> String {
        with_query(self.path(), pairs)
    }
}

/// A path with a query of ids and codes, which need no escaping.
fn with_query(mut path: String, pairs: &[(&str, String)]) -> String {
    for (at, (name, value)) in pairs.iter().enumerate() {
        path.push(if at == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        path.push_str(value);
    }
    path
}

/// The path of a step that somebody opens from the last one to change an answer, and that leads back there.
pub fn change_answer(id: ApplicationId, step: Step) -> String {
    Page::Step(id, step).with_query(&[("from", Step::Confirm.code().to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a6f0-0000-7000-8000-00000000dead";

    #[test]
    fn a_page_is_found_by_its_own_path() {
        for kind in PageKind::ALL {
            let path = kind.pattern().replace("{id}", ID).replace("{group}", "education").replace("{entry}", ID);
            let path = path.replace("{step}", "work").replace("{kind}", "training").replace("{code}", "00000");
            let path = path.replace("{annex}", "4").replace("{guide}", "rules");
            let page = Page::from_path(&path);
            assert_eq!(page.as_ref().map(Page::kind), Some(*kind), "{path}");
            assert_eq!(page.map(|page| page.path()), Some(path));
        }
    }

    #[test]
    fn a_path_with_an_unknown_segment_is_no_page() {
        for path in ["/profile/nothing", "/applications/none", "/applications/0190a6f0/basic", "/exams/more", "//x"] {
            assert_eq!(Page::from_path(path), None, "{path}");
        }
    }
}
