//! 申请添加数据: asking for a name that is missing from the dictionaries, and answering (S27, S28, S118).
use crate::{
    Draft, Field, Problems,
    choice::{Choice, NameAnswer, NameKind, Province},
    draft::{Checker, draft},
    ids::DictionaryId,
    photo,
    problem::{NameRequestProblem, PhotoProblem, TextProblem},
    text,
    value::ListedName,
};

/// Requests of one person that may be open at the same time.
pub const OPEN_REQUESTS: i64 = 5;
/// Requests of one person within thirty days, whatever became of them: files come with them, and somebody reads each.
pub const REQUESTS_A_MONTH: i64 = 20;
/// The most bytes of a file that shows a name: 1 MB.
pub const EVIDENCE_BYTES: usize = 1024 * 1024;
/// The most pixels of a picture that shows a name: those of a phone's camera, and no more than a browser can open.
const EVIDENCE_PIXELS: u64 = 100_000_000;
/// The longest reason of a refusal, in characters.
const REASON: u32 = 200;

draft! {
    /// A request half filled in.
    NameRequestDraft { name_kind: NameKind, missing_name: MissingName, missing_region: MissingRegion, former_name: FormerName }
}

/// A request for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRequest {
    /// What it is the name of.
    pub kind: NameKind,
    pub name: String,
    /// Where the school or employer is; a major is nowhere.
    pub region: Option<Province>,
    /// The name it had before, where it was renamed or became part of another.
    pub former: Option<String>,
}

impl NameRequestDraft {
    /// Checks the form.
    pub fn check(&self) -> Result<NameRequest, Problems> {
        let mut form = Checker::new(self);
        let kind = form.required(Field::NameKind, NameKind::parse);
        let is_here = !Province::parse(&self.missing_region).is_ok_and(Province::is_outside_mainland);
        let plain = |raw: &str| ListedName::parse_at(raw, "", is_here).map(|name| name.name().to_owned());
        let name = form.required(Field::MissingName, plain);
        let region = match kind {
            Some(NameKind::Major) => Some(None),
            _ => form.required(Field::MissingRegion, Province::parse).map(Some),
        };
        let former = if text::is_blank(self.get(Field::FormerName)) {
            Some(None)
        } else {
            form.required(Field::FormerName, plain).map(Some)
        };
        if let (Some(name), Some(Some(former))) = (&name, &former)
            && name == former
        {
            form.fail(Field::FormerName, NameRequestProblem::SameName);
        }
        let complete = (|| Some(NameRequest { kind: kind?, name: name?, region: region?, former: former? }))();
        form.finish(complete)
    }
}

/// The formats of a file that shows a name: a photo or a scan of a licence, or a document about a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceFormat {
    Jpeg,
    Png,
    Pdf,
}
impl EvidenceFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];
    /// Its media type, by which it is stored as well.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }
    /// The format of a media type.
    pub fn parse(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.media_type() == media_type)
    }
}

/// Checks a file by its bytes, whatever it is called: one of the formats, whole as far as its ends tell, and no larger than it may be.
pub fn evidence(bytes: &[u8]) -> Result<EvidenceFormat, NameRequestProblem> {
    if bytes.len() > EVIDENCE_BYTES {
        return Err(NameRequestProblem::EvidenceTooLarge);
    }
    let bounded = |width: u32, height: u32| {
        let pixels = u64::from(width) * u64::from(height);
        if (1..=EVIDENCE_PIXELS).contains(&pixels) { Ok(()) } else { Err(NameRequestProblem::EvidenceUnreadable) }
    };
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        // The first chunk states width and height; the last one is empty and named IEND.
        let ends = bytes.windows(4).rev().take(16).any(|name| name == b"IEND");
        let header = bytes.get(12..24).filter(|header| header.starts_with(b"IHDR") && ends);
        let Some(&[_, _, _, _, w3, w2, w1, w0, h3, h2, h1, h0]) = header else {
            return Err(NameRequestProblem::EvidenceUnreadable);
        };
        bounded(u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]))?;
        return Ok(EvidenceFormat::Png);
    }
    if bytes.starts_with(b"%PDF-") {
        // Writers may leave some bytes behind the mark of the end (ISO 32000-1, annex H).
        let tail = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or(bytes);
        let ends = tail.windows(5).any(|mark| mark == b"%%EOF");
        return if ends { Ok(EvidenceFormat::Pdf) } else { Err(NameRequestProblem::EvidenceUnreadable) };
    }
    match photo::frame(bytes).and_then(|frame| photo::check_scans(bytes).map(|()| frame)) {
        Ok(frame) => {
            bounded(frame.width.into(), frame.height.into())?;
            Ok(EvidenceFormat::Jpeg)
        }
        Err(PhotoProblem::NotJpeg) => Err(NameRequestProblem::EvidenceFormat),
        Err(_) => Err(NameRequestProblem::EvidenceUnreadable),
    }
}

draft! {
    /// An answer half filled in.
    AnswerDraft { name_answer: NameAnswer, merge_into: MergeInto, refusal_reason: RefusalReason }
}

/// What an office answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The name is added.
    Approve,
    /// It is another name of an entry.
    Merge(DictionaryId),
    /// It is not added, and why: what the person reads, one line of at most two hundred characters.
    Refuse(String),
}

impl AnswerDraft {
    /// Checks the form. A reason is asked for where a name is refused, an entry where it is merged.
    pub fn check(&self) -> Result<Answer, Problems> {
        let mut form = Checker::new(self);
        let answer = match form.required(Field::NameAnswer, NameAnswer::parse) {
            Some(NameAnswer::Approve) => Some(Answer::Approve),
            Some(NameAnswer::Merge) => {
                let entry = |raw: &str| DictionaryId::parse(raw).ok_or(TextProblem::Required);
                form.required(Field::MergeInto, entry).map(Answer::Merge)
            }
            Some(NameAnswer::Refuse) => form.required(Field::RefusalReason, reason).map(Answer::Refuse),
            None => None,
        };
        form.finish(answer)
    }
}

fn reason(raw: &str) -> Result<String, TextProblem> {
    text::one_line(raw, REASON)
}
