//! What can be wrong with an answer, as codes; the sentences live in the locales.
mod photo;

pub use photo::{PhotoProblem, Pixels};

use crate::Field;
use serde::{Deserialize, Serialize};

/// One thing that is wrong, and with which field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field beside which the message stands.
    pub field: Field,
    /// What is wrong with it.
    pub code: Code,
}

/// All that is wrong with a form, in the order of its fields.
pub type Problems = Vec<Problem>;

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident $prefix:literal { $($(#[$vmeta:meta])* $variant:ident = $key:literal),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name { $($(#[$vmeta])* $variant),* }
            impl $name {
                /// Every code of the family.
                pub const ALL: &'static [Self] = &[$(Self::$variant),*];
                /// The key of its sentence under `problem.` in the locales.
                pub const fn key(self) -> &'static str {
                    match self { $(Self::$variant => concat!($prefix, ".", $key)),* }
                }
            }
            impl From<$name> for Code { fn from(code: $name) -> Code { Code::$name(code) } }
        )*
        /// What is wrong with an answer: one enum per family of fields.
        ///
        /// It travels as its key and its number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "(String, u32)", into = "(&'static str, u32)")]
        pub enum Code {
            /// Length and presence of any text.
            Text(TextProblem),
            /// A photo (S30, X12).
            Photo(PhotoProblem),
            $($(#[$meta])* $name($name)),*
        }
        impl Code {
            /// The key of its sentence under `problem.` in the locales.
            pub const fn key(self) -> &'static str {
                match self { Self::Text(code) => code.key(), Self::Photo(code) => code.key(), $(Self::$name(code) => code.key()),* }
            }
            /// The code of that key and number.
            pub fn of(key: &str, number: u32) -> Option<Self> {
                let text = TextProblem::of(number).into_iter().find(|code| code.key() == key).map(Code::Text);
                let photo = || PhotoProblem::of(number).into_iter().find(|code| code.key() == key).map(Code::Photo);
                text.or_else(photo) $(.or_else(|| $name::ALL.iter().find(|code| code.key() == key).map(|code| Code::$name(*code))))*
            }
            /// Every key, for the test that asks the locales for each.
            pub fn all_keys() -> Vec<&'static str> {
                let mut keys: Vec<&'static str> = TextProblem::ALL.iter().map(|code| code.key()).collect();
                keys.extend(PhotoProblem::of(0).iter().map(|code| code.key()));
                $(keys.extend($name::ALL.iter().map(|code| code.key()));)*
                keys
            }
        }
    };
}

impl TryFrom<(String, u32)> for Code {
    type Error = &'static str;
    fn try_from((key, number): (String, u32)) -> Result<Self, Self::Error> {
        Self::of(&key, number).ok_or("problem")
    }
}
impl From<Code> for (&'static str, u32) {
    fn from(code: Code) -> Self {
        (code.key(), code.number().unwrap_or_default())
    }
}

/// Length and presence of any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing was entered. Said only where the step was attempted (X37).
    Required,
    /// Longer than so many characters.
    TooLong(u32),
    /// Shorter than so many characters.
    TooShort(u32),
    /// Wider than so many half-width columns; a Han character counts two (X25).
    TooWide(u32),
}
impl TextProblem {
    /// One of each, whatever its number.
    pub const ALL: &'static [Self] = &Self::of(0);
    const fn of(number: u32) -> [Self; 4] {
        [Self::Required, Self::TooLong(number), Self::TooShort(number), Self::TooWide(number)]
    }
    /// The key of its sentence under `problem.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Required => "text.required",
            Self::TooLong(_) => "text.too_long",
            Self::TooShort(_) => "text.too_short",
            Self::TooWide(_) => "text.too_wide",
        }
    }
}
impl From<TextProblem> for Code {
    fn from(code: TextProblem) -> Code {
        Code::Text(code)
    }
}

impl Code {
    /// The answer is missing; not yet a fault while a form is being filled in.
    pub const REQUIRED: Code = Code::Text(TextProblem::Required);
    /// The number its sentence mentions, if it mentions one.
    pub const fn number(self) -> Option<u32> {
        match self {
            Self::Text(TextProblem::TooLong(n) | TextProblem::TooShort(n) | TextProblem::TooWide(n)) => Some(n),
            Self::Photo(PhotoProblem::TooSmall(pixels)) => Some(pixels.number()),
            _ => None,
        }
    }
}

codes! {
    /// A value chosen from a list.
    ChoiceProblem "choice" {
        /// It is not in the list.
        Unknown = "unknown",
        /// It is in the list but this examination or this person may not choose it.
        NotAllowed = "not_allowed",
        /// A box that must be ticked is not.
        MustAgree = "must_agree",
    }
    /// A resident identity number (GB 11643-1999, S61).
    ResidentIdProblem "resident_id" {
        /// Fifteen digits: the retired format.
        Fifteen = "fifteen",
        /// Not 18 characters.
        Length = "length",
        /// Something other than 17 digits and a digit or X.
        Characters = "characters",
        /// No such day of birth.
        BirthDate = "birth_date",
        /// The check character does not fit.
        CheckDigit = "check_digit",
    }
    /// A number of any other document (S60, S62).
    DocumentProblem "document" {
        /// Spaces, punctuation or other signs.
        Characters = "characters",
        /// A Taiwan permit has 10 characters.
        TaiwanPermit = "taiwan_permit",
        /// A Taiwan identity card has 10 characters.
        TaiwanId = "taiwan_id",
        /// A Hong Kong permit has H and ten digits (X44).
        HongKongPermit = "hong_kong_permit",
        /// A Macao permit has M and ten digits (X44).
        MacaoPermit = "macao_permit",
        /// A Hong Kong identity card has 8 or 9 characters.
        HongKongId = "hong_kong_id",
        /// A Macao identity card has 8 characters.
        MacaoId = "macao_id",
        /// The length is right, first or check character are not; the person may confirm that the card says so (X43).
        CheckDigit = "check_digit",
        /// The document expired before today (S59).
        Expired = "expired",
        /// A passport has 6 to 20 letters and digits.
        Passport = "passport",
        /// A military number has at most 20 letters, digits or Han characters.
        Military = "military",
    }
    /// A person's name (S56–S58, X8, X9).
    NameProblem "name" {
        /// A mainland name is written in Han characters.
        NotHan = "not_han",
        /// Spaces between the characters.
        Space = "space",
        /// The dot stands first or last.
        Dot = "dot",
        /// A sign that no name has.
        Characters = "characters",
    }
    /// A day of birth (S64, S65).
    BirthProblem "birth" {
        /// Not `YYYY-MM-DD`.
        Format = "format",
        /// No such day in the calendar.
        NoSuchDay = "no_such_day",
        /// Not yet 18.
        TooYoung = "too_young",
        /// Past the 75th year.
        TooOld = "too_old",
        /// Not the day that the document number says.
        DiffersFromDocument = "differs_from_document",
        /// Not the sex that the document number says.
        SexDiffersFromDocument = "sex_differs_from_document",
    }
    /// A year and month (S23).
    YearMonthProblem "year_month" {
        /// Not `YYYY-MM`.
        Format = "format",
        /// Month 00 or above 12.
        NoSuchMonth = "no_such_month",
        /// A year before 1930 or after 2100.
        Year = "year",
        /// Later than this month.
        Future = "future",
        /// Earlier than the month it follows.
        BeforeStart = "before_start",
        /// Before the person was ten.
        BeforeBirth = "before_birth",
    }
    /// Telephone numbers (S67, S68, X7).
    PhoneProblem "phone" {
        /// A mainland mobile has 11 digits.
        MobileMainland = "mobile_mainland",
        /// A mobile elsewhere has 6 to 11 digits.
        MobileElsewhere = "mobile_elsewhere",
        /// A mobile number does not begin with 0.
        LeadingZero = "leading_zero",
        /// Something other than digits.
        Characters = "characters",
        /// Not area code, number and perhaps extension.
        Landline = "landline",
        /// Not a number with the code of its country.
        LandlineElsewhere = "landline_elsewhere",
        /// An area code of other than 3 to 5 digits.
        AreaCode = "area_code",
        /// A number of other than 6 to 8 digits.
        Number = "number",
        /// An extension of more than 6 digits.
        Extension = "extension",
    }
    /// Electronic mail and postal codes (S69–S71).
    ContactProblem "contact" {
        /// Not an address of the form name@host.
        Email = "email",
        /// A mainland postcode has 6 digits.
        PostcodeMainland = "postcode_mainland",
        /// A postcode elsewhere has 3 to 6 letters or digits.
        PostcodeElsewhere = "postcode_elsewhere",
    }
    /// The account (S3, S5, S6).
    AccountProblem "account" {
        /// Letters, digits and underscore, beginning with a letter.
        Username = "username",
        /// Somebody has it already.
        UsernameTaken = "username_taken",
        /// Letters and digits only, both present.
        PasswordAlphabet = "password_alphabet",
        /// Both letters and digits are needed.
        PasswordMixed = "password_mixed",
        /// On the list of passwords that are guessed first.
        PasswordCommon = "password_common",
        /// Contains the username or the document number.
        PasswordPersonal = "password_personal",
        /// Sent, and not sent back with the page that says what is wrong.
        NotKept = "not_kept",
        /// The second entry differs from the first.
        PasswordsDiffer = "passwords_differ",
        /// The answer is the question.
        AnswerIsQuestion = "answer_is_question",
        /// This person has an account already (S12).
        PersonTaken = "person_taken",
        /// Wrong username or password; never says which.
        WrongLogin = "wrong_login",
        /// Not the password of the account.
        WrongPassword = "wrong_password",
        /// The new password is the one that the account has.
        PasswordSame = "password_same",
        /// Nothing new was entered.
        NothingToChange = "nothing_to_change",
        /// Too many attempts for now.
        Throttled = "throttled",
    }
    /// Withdrawing an application, or replacing it by a new one (S52, S53).
    WithdrawalProblem "withdrawal" {
        /// An office approved it: it has to be asked.
        Approved = "approved",
        /// The application that this one is to replace was approved meanwhile (X1).
        ReplacedApproved = "replaced_approved",
    }
    /// A request for a name that is missing (S27).
    NameRequestProblem "name_request" {
        /// The former name is the name itself.
        SameName = "same_name",
        /// The name is in the dictionary already.
        AlreadyListed = "already_listed",
        /// The person asked for it before, and it is not answered yet.
        AlreadyAsked = "already_asked",
        /// As many requests of the person are open as may be.
        TooMany = "too_many",
        /// The person asked as often as may be in a month.
        TooOften = "too_often",
        /// The evidence has more bytes than it may have.
        EvidenceTooLarge = "evidence_too_large",
        /// The evidence is neither a JPEG, a PNG nor a PDF.
        EvidenceFormat = "evidence_format",
        /// The evidence begins as such a file and does not go on as one.
        EvidenceUnreadable = "evidence_unreadable",
        /// The evidence was kept until the request would be sent, and is not any more.
        EvidenceGone = "evidence_gone",
        /// No request was chosen to be answered.
        NothingChosen = "nothing_chosen",
        /// Somebody has answered meanwhile, or the entry is out of use.
        Overtaken = "overtaken",
    }
    /// Names of schools, employers and majors, and numbers of papers.
    PaperProblem "paper" {
        /// Spaces or punctuation in a typed name (S80).
        NameCharacters = "name_characters",
        /// A number with other than digits (S77).
        DigitsOnly = "digits_only",
        /// A number with other than letters and digits.
        LettersAndDigits = "letters_and_digits",
        /// Other signs than papers outside the mainland have in their numbers.
        AsPrinted = "as_printed",
        /// The graduation is later than the examination accepts.
        GraduationTooLate = "graduation_too_late",
        /// The month of graduation is over, so there is a diploma with a number (X46).
        AlreadyAwarded = "already_awarded",
        /// A month of graduation that is ahead, of an entry that is not said to be still to come (X46).
        NotYetGraduated = "not_yet_graduated",
        /// Letters alone for the name of an institution of the mainland, as they are typed to search (S80).
        SearchLetters = "search_letters",
        /// The dictionary entry is no longer in use.
        NoLongerListed = "no_longer_listed",
    }
    /// The application as a whole.
    ApplicationProblem "application" {
        /// The category is not open in this session.
        CategoryClosed = "category_closed",
        /// Tick at least one education entry (S39).
        EducationMissing = "education_missing",
        /// Only one education entry is the route (X41).
        OneEducation = "one_education",
        /// A ticked entry is not complete yet.
        EntryIncomplete = "entry_incomplete",
        /// A ticked entry is not there any more.
        EntryGone = "entry_gone",
        /// The assistant certificate is needed (X11).
        AssistantCertificate = "assistant_certificate",
        /// The township certificate gives no eligibility (S45).
        TownshipCertificate = "township_certificate",
        /// The site does not belong to the area.
        SiteOfArea = "site_of_area",
        /// The site takes no applications now.
        SiteClosed = "site_closed",
        /// Not a whole number of attempts, first = 1.
        Attempts = "attempts",
        /// Fewer attempts than are known here (X22).
        AttemptsTooFew = "attempts_too_few",
        /// Active personnel sit the military subject (X21).
        MilitaryExtra = "military_extra",
        /// Only active personnel may sit the military subject (S84).
        MilitaryExtraOnly = "military_extra_only",
        /// Only clinical physicians may sit this extra subject (S83).
        ClinicalExtraOnly = "clinical_extra_only",
        /// Choose the post state for graduates of this year (S38).
        GraduatingState = "graduating_state",
        /// That post state is for graduates only.
        GraduatingOnly = "graduating_only",
        /// This education does not lead to this level.
        EducationLevel = "education_level",
        /// Apprenticeship and its categories belong together.
        Apprenticeship = "apprenticeship",
        /// This major does not count for any category (rules of 2014).
        Major = "major",
        /// Studies of this form do not count when begun so late (rules of 2014).
        StudyForm = "study_form",
        /// The year of probation is not over by 31 August of the examination's year.
        ProbationTooShort = "probation_too_short",
        /// The window for applications is not open (X38).
        WindowClosed = "window_closed",
        /// There is a live application in this session already (S123, X29).
        AlreadyApplied = "already_applied",
        /// An entry is held by another live application (X28).
        EntryLocked = "entry_locked",
        /// Somebody, perhaps you in another window, saved this in the meantime.
        Conflict = "conflict",
        /// The application is not a draft any more.
        NotDraft = "not_draft",
        /// The document type is not accepted in this session (X27).
        DocumentNotAccepted = "document_not_accepted",
        /// A returned application may be corrected until review on site ends.
        ReviewClosed = "review_closed",
    }
    /// A claim that somebody else registered one's document (S12).
    ClaimProblem "claim" {
        /// Neither a mobile number nor a landline with its area code.
        Telephone = "telephone",
        /// No claim has this code.
        Code = "code",
    }
    /// What a reviewer typed.
    ReviewProblem "review" {
        /// Every paper is checked before an approval.
        NotAssessed = "not_assessed",
        /// A return, a failure or a later day says why.
        ReasonMissing = "reason_missing",
        /// "Other" says what.
        NoteMissing = "note_missing",
        /// What comes later comes by a day.
        DueMissing = "due_missing",
        /// That day is over.
        DuePast = "due_past",
        /// Something is to be corrected or fails, so it cannot be approved.
        NotApproved = "not_approved",
        /// Something fails: a rejection, not a return.
        FailsAnyway = "fails_anyway",
        /// Nothing was marked to be corrected.
        NothingReturned = "nothing_returned",
        /// Nothing was marked as failing.
        NothingFailed = "nothing_failed",
        /// Somebody else is reviewing this record.
        ClaimedByOther = "claimed_by_other",
        /// It is not in a state in which this can be done.
        NotNow = "not_now",
        /// Nothing was changed.
        Unchanged = "unchanged",
        /// The list of papers is like that already.
        PaperUnchanged = "paper_unchanged",
        /// The reason is one to drop a paper where one is asked for, or the other way round.
        ReasonOfOther = "reason_of_other",
        /// Another version of the form is the valid one.
        OldPaper = "old_paper",
        /// The day by which it is submitted is not over.
        NotOverdue = "not_overdue",
        /// Review on site is over, so nothing can be corrected any more.
        ReviewOver = "review_over",
    }
}
