//! Names that are missing: what a request, its file and an answer must hold.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use forms::{
    Code, Draft, Field, Problem, Problems,
    choice::Province,
    ids::DictionaryId,
    name_requests::{Answer, AnswerDraft, EVIDENCE_BYTES, EvidenceFormat, NameRequestDraft, evidence},
    problem::{NameRequestProblem, PaperProblem, TextProblem},
};

fn request(kind: &str, name: &str, region: &str, former: &str) -> NameRequestDraft {
    NameRequestDraft {
        name_kind: kind.into(),
        missing_name: name.into(),
        missing_region: region.into(),
        former_name: former.into(),
    }
}
fn one(field: Field, code: impl Into<Code>) -> Problems {
    vec![Problem { field, code: code.into() }]
}

#[test]
fn a_request_names_what_is_missing_and_where() {
    let asked = request("employer", " 京北第一医院 ", "11", "").check().unwrap();
    assert_eq!((asked.name.as_str(), asked.region, asked.former), ("京北第一医院", Some(Province::Beijing), None));
    // A major is nowhere, whatever was chosen.
    assert_eq!(request("major", "临床医学（五年制）", "11", "").check().unwrap().region, None);
    let missing = |draft: NameRequestDraft| -> Vec<Field> {
        let problems = draft.check().unwrap_err();
        assert!(problems.iter().all(|p| p.code == Code::REQUIRED));
        problems.into_iter().map(|p| p.field).collect()
    };
    assert_eq!(missing(request("", "", "", "")), [Field::NameKind, Field::MissingName, Field::MissingRegion]);
    assert_eq!(missing(request("major", "", "", "")), [Field::MissingName]);
    for (draft, expect) in [
        (request("school", "京北, 医学院", "11", ""), one(Field::MissingName, PaperProblem::NameCharacters)),
        (request("school", "京北医学院", "11", "京北 卫校"), one(Field::FormerName, PaperProblem::NameCharacters)),
        (request("school", "京北医学院", "11", "京北医学院"), one(Field::FormerName, NameRequestProblem::SameName)),
        (request("school", &"京".repeat(61), "11", ""), one(Field::MissingName, TextProblem::TooLong(60))),
    ] {
        assert_eq!(draft.check(), Err(expect));
    }
}

#[test]
fn an_answer_says_which_entry_or_why_not() {
    let answer = |answer: &str, into: &str, reason: &str| AnswerDraft {
        name_answer: answer.into(),
        merge_into: into.into(),
        refusal_reason: reason.into(),
    };
    let id = "0190a6f0-0000-7000-8000-000000000001";
    assert_eq!(answer("approve", "x", "").check(), Ok(Answer::Approve));
    assert_eq!(answer("merge", id, "").check(), Ok(Answer::Merge(DictionaryId::parse(id).unwrap())));
    // A reason is one line, whatever was pasted.
    assert_eq!(answer("refuse", "", " 查无\r\n此\0校 ").check(), Ok(Answer::Refuse("查无 此 校".into())));
    for (draft, expect) in [
        (answer("", "", ""), one(Field::NameAnswer, TextProblem::Required)),
        (answer("merge", "", ""), one(Field::MergeInto, TextProblem::Required)),
        (answer("merge", "北京大学", ""), one(Field::MergeInto, TextProblem::Required)),
        (answer("refuse", id, " \n"), one(Field::RefusalReason, TextProblem::Required)),
        (answer("refuse", "", &"长".repeat(201)), one(Field::RefusalReason, TextProblem::TooLong(200))),
    ] {
        assert_eq!(draft.check(), Err(expect));
    }
    assert!(AnswerDraft::FIELDS.contains(&Field::MergeInto));
}

#[test]
fn evidence_is_checked_by_its_bytes() {
    let png = |width: u32, height: u32, end: &[u8]| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(end);
        bytes
    };
    let end = b"\0\0\0\0IEND\xae\x42\x60\x82";
    let jpeg = |width: u16, height: u16| {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        // A scan with a stuffed byte and a restart, and the end.
        bytes.extend([0xFF, 0xDA, 0, 4, 1, 0, 7, 0xFF, 0, 7, 0xFF, 0xD0, 7, 0xFF, 0xD9]);
        bytes
    };
    let half = |cut: usize| {
        let mut bytes = jpeg(4000, 3000);
        bytes.truncate(bytes.len() - cut);
        bytes
    };
    assert_eq!(evidence(&png(4000, 3000, end)), Ok(EvidenceFormat::Png));
    assert_eq!(evidence(&jpeg(4000, 3000)), Ok(EvidenceFormat::Jpeg));
    assert_eq!(evidence(b"%PDF-1.7\nxref\n%%EOF\r\n"), Ok(EvidenceFormat::Pdf));
    for (bytes, problem) in [
        (png(4000, 3000, b""), NameRequestProblem::EvidenceUnreadable),
        (png(60_000, 60_000, end), NameRequestProblem::EvidenceUnreadable),
        (png(0, 3000, end), NameRequestProblem::EvidenceUnreadable),
        (jpeg(65_535, 65_535), NameRequestProblem::EvidenceUnreadable),
        (jpeg(0, 5), NameRequestProblem::EvidenceUnreadable),
        (half(1), NameRequestProblem::EvidenceUnreadable),
        (half(6), NameRequestProblem::EvidenceUnreadable),
        (half(15), NameRequestProblem::EvidenceUnreadable),
        (b"\xFF\xD8\xFF".to_vec(), NameRequestProblem::EvidenceUnreadable),
        (b"%PDF-1.7\ncut".to_vec(), NameRequestProblem::EvidenceUnreadable),
        (b"<html>%PDF-1.7 %%EOF".to_vec(), NameRequestProblem::EvidenceFormat),
        (Vec::new(), NameRequestProblem::EvidenceFormat),
        (vec![0; EVIDENCE_BYTES + 1], NameRequestProblem::EvidenceTooLarge),
    ] {
        assert_eq!(evidence(&bytes), Err(problem));
    }
    for format in EvidenceFormat::ALL {
        assert_eq!(EvidenceFormat::parse(format.media_type()), Some(format));
    }
}
