//! Values chosen from fixed lists. Codes are stored and posted; labels live in the locales under `choice.`.
use crate::problem::ChoiceProblem;

/// A value chosen from a fixed list.
pub trait Choice: Copy + Sized + 'static {
    /// The list's key under `choice.` in the locales.
    const LIST: &'static str;
    /// Every value, in the order shown.
    const ALL: &'static [Self];
    /// The code that is stored and posted.
    fn code(self) -> &'static str;
    /// The value of that code.
    fn parse(code: &str) -> Result<Self, ChoiceProblem> {
        Self::ALL.iter().copied().find(|value| value.code() == code).ok_or(ChoiceProblem::Unknown)
    }
}

macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident $list:literal { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
            #[serde(try_from = "String", into = "String")]
            pub enum $name { $(#[doc = $code] $(#[$vmeta])* $variant),* }
            impl TryFrom<String> for $name {
                type Error = &'static str;
                fn try_from(code: String) -> Result<Self, Self::Error> { Self::parse(&code).map_err(ChoiceProblem::key) }
            }
            impl From<$name> for String { fn from(value: $name) -> String { value.code().to_owned() } }
            impl Choice for $name {
                const LIST: &'static str = $list;
                const ALL: &'static [Self] = &[$(Self::$variant),*];
                fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            }
            impl core::fmt::Display for $name {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.code()) }
            }
        )*
    };
}

choices! {
    /// The type of identity document (S59; the residence permit comes with rule set 2022, X10).
    DocumentType "document_type" {
        ResidentId = "resident_id", Officer = "officer", Police = "police", CivilianCadre = "civilian_cadre", Soldier = "soldier", Cadet = "cadet",
        TaiwanPermit = "taiwan_permit", TaiwanId = "taiwan_id", HongKongPermit = "hong_kong_permit", HongKongId = "hong_kong_id",
        MacaoPermit = "macao_permit", MacaoId = "macao_id", ResidencePermit = "residence_permit", Passport = "passport",
    }
    /// Sex as documents state it (S63).
    Sex "sex" { Male = "male", Female = "female" }
    /// Whether contact details follow mainland formats (X7).
    ContactRegion "contact_region" { Mainland = "mainland", Elsewhere = "elsewhere" }
    /// Provincial units of registered residence and of employers, GB/T 2260 two-digit codes (X32).
    Province "province" {
        Beijing = "11", Tianjin = "12", Hebei = "13", Shanxi = "14", InnerMongolia = "15", Liaoning = "21", Jilin = "22", Heilongjiang = "23",
        Shanghai = "31", Jiangsu = "32", Zhejiang = "33", Anhui = "34", Fujian = "35", Jiangxi = "36", Shandong = "37", Henan = "41", Hubei = "42",
        Hunan = "43", Guangdong = "44", Guangxi = "45", Hainan = "46", Chongqing = "50", Sichuan = "51", Guizhou = "52", Yunnan = "53", Tibet = "54",
        Shaanxi = "61", Gansu = "62", Qinghai = "63", Ningxia = "64", Xinjiang = "65", Bingtuan = "66", Taiwan = "71", HongKong = "81", Macao = "82", Abroad = "99",
    }
    /// What a name that is missing from the dictionaries is the name of (S27).
    NameKind "name_kind" { School = "school", Major = "major", Employer = "employer" }
    /// What an office answers to a request for a name (S118).
    NameAnswer "name_answer" { Approve = "approve", Merge = "merge", Refuse = "refuse" }
    /// Ethnic groups, GB/T 3304-1991 numeric codes; 97 is 其它 (S66).
    EthnicGroup "ethnic_group" {
        Han = "01", Mongol = "02", Hui = "03", Tibetan = "04", Uygur = "05", Miao = "06", Yi = "07", Zhuang = "08", Buyei = "09", Korean = "10",
        Manchu = "11", Dong = "12", Yao = "13", Bai = "14", Tujia = "15", Hani = "16", Kazak = "17", Dai = "18", Li = "19", Lisu = "20",
        Va = "21", She = "22", Gaoshan = "23", Lahu = "24", Sui = "25", Dongxiang = "26", Naxi = "27", Jingpo = "28", Kirgiz = "29", Tu = "30",
        Daur = "31", Mulao = "32", Qiang = "33", Blang = "34", Salar = "35", Maonan = "36", Gelao = "37", Xibe = "38", Achang = "39", Pumi = "40",
        Tajik = "41", Nu = "42", Uzbek = "43", Russ = "44", Ewenki = "45", Deang = "46", Bonan = "47", Yugur = "48", Jing = "49", Tatar = "50",
        Derung = "51", Oroqen = "52", Hezhen = "53", Monba = "54", Lhoba = "55", Jino = "56", Other = "97",
    }
    /// Own identity of people in military and police units (S81).
    MilitaryIdentity "military_identity" {
        ArmyCadre = "1", ArmyNonCommissioned = "2", ArmyHired = "3", PoliceCadre = "4", PoliceNonCommissioned = "5", PoliceHired = "6",
    }
    /// State of employment (S79).
    PostState "post_state" { Probation = "probation", Employed = "employed", Graduating = "graduating" }
    /// Professional title, physicians' series (职称; no official list was found, `facts.md` E6).
    Title "title" { None = "none", Feldsher = "feldsher", Physician = "physician", Attending = "attending", AssociateChief = "associate_chief", Chief = "chief" }
    /// Level of education used for an application (S72).
    EducationLevel "education_level" {
        Graduate = "graduate", Bachelor = "bachelor", College = "college", Secondary = "secondary", Apprenticeship = "apprenticeship", None = "none",
    }
    /// Kind of graduate degree (S100).
    Degree "degree" { Professional = "professional", Academic = "academic" }
    /// Form of study (S74; no official list was found, `facts.md` E6).
    StudyForm "study_form" {
        FullTime = "full_time", AdultFullTime = "adult_full_time", Evening = "evening", Correspondence = "correspondence", SelfStudy = "self_study",
        Online = "online", Television = "television", Apprenticeship = "apprenticeship", Other = "other",
    }
    /// Kind of training (S40).
    TrainingKind "training_kind" { Residency = "residency", AssistantGeneral = "assistant_general", Continuing = "continuing", Other = "other" }
    /// Kind of certificate (S45).
    CertificateKind "certificate_kind" { Assistant = "assistant", AssistantTownship = "assistant_township", Licensed = "licensed" }
    /// Extra subject (S49, S83).
    ExtraSubject "extra_subject" { None = "none", Military = "military", Prehospital = "prehospital", Pediatrics = "pediatrics" }
}

impl DocumentType {
    /// Issued to people of the mainland, whose names are written in Han characters (S56).
    pub const fn is_mainland(self) -> bool {
        matches!(self, Self::ResidentId) || self.is_military()
    }
    /// Issued to people of Hong Kong, Macao or Taiwan.
    pub const fn is_hong_kong_macao_taiwan(self) -> bool {
        matches!(
            self,
            Self::TaiwanPermit
                | Self::TaiwanId
                | Self::HongKongPermit
                | Self::HongKongId
                | Self::MacaoPermit
                | Self::MacaoId
                | Self::ResidencePermit
        )
    }
    /// The travel permit that is asked beside an identity card from outside the mainland (S36, X44).
    pub const fn permit(self) -> Option<Self> {
        match self {
            Self::TaiwanId => Some(Self::TaiwanPermit),
            Self::HongKongId => Some(Self::HongKongPermit),
            Self::MacaoId => Some(Self::MacaoPermit),
            _ => None,
        }
    }
    /// Issued by the army or the police to their own people (X10, X45).
    pub const fn is_military(self) -> bool {
        matches!(self, Self::Officer | Self::Police | Self::CivilianCadre | Self::Soldier | Self::Cadet)
    }
    /// The number itself says sex and birth date (S63, S64; GB 11643).
    pub const fn states_sex_and_birth(self) -> bool {
        matches!(self, Self::ResidentId | Self::ResidencePermit)
    }
}

impl Province {
    /// Whether it is Taiwan, Hong Kong, Macao or abroad (S145).
    pub const fn is_outside_mainland(self) -> bool {
        matches!(self, Self::Taiwan | Self::HongKong | Self::Macao | Self::Abroad)
    }
}

impl MilitaryIdentity {
    /// On active service: 1, 2, 4, 5 (S81).
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::ArmyHired | Self::PoliceHired)
    }
}

impl ExtraSubject {
    /// 院前急救 and 儿科: a licence that is owed to them is limited to that field (S85).
    pub const fn limits_licence(self) -> bool {
        matches!(self, Self::Prehospital | Self::Pediatrics)
    }
}

impl EducationLevel {
    /// Neither school nor graduation month is asked (S72).
    pub const fn without_school(self) -> bool {
        matches!(self, Self::Apprenticeship | Self::None)
    }
}
