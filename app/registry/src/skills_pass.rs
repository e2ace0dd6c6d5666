//! Passes of the practical skills test at a national base, which exempt from it in the year after (S102, S130).
//!
//! The centre's list names people by their documents, and some of them register later: a pass is found by the keyed hash of the
//! document number and belongs to whoever holds that document.
use crate::{
    Actor, Error, ExamSession, Registry, audit,
    db::{Conn, sql, transaction},
};
use forms::{
    category::Category,
    choice::{Choice, DocumentType},
    exemption::{SkillsExemption, SkillsPass, exemptions},
    value::IdentityDocument,
};
use uuid::Uuid;

/// Rows written in one transaction.
const ROWS: usize = 500;

/// A row of the centre's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillsPassOf {
    pub document: IdentityDocument,
    pub pass: SkillsPass,
}

/// Why a line of the list was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassRefusal {
    /// No such type of document.
    DocumentType,
    /// No number of such a document.
    DocumentNumber,
    /// Not three digits of a category.
    Category,
    /// No year.
    Year,
}

/// What the list holds: its rows, and the lines that were refused with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassList {
    pub passes: Vec<SkillsPassOf>,
    pub refused: Vec<(usize, PassRefusal)>,
}

/// Reads CSV in UTF-8 with the headings `document_number`, `category`, `year` and, where others than resident identity cards are
/// listed, `document_type` with the codes of `forms::choice::DocumentType`. Nothing where a heading is missing or the file is no
/// CSV.
pub fn read_skills_passes(file: &[u8]) -> Option<PassList> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file);
    let headings = reader.headers().ok()?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading.trim_start_matches('\u{feff}') == name);
    let (number, category, year) = (column("document_number")?, column("category")?, column("year")?);
    let kind = column("document_type");
    let mut list = PassList::default();
    for row in reader.records() {
        let row = row.ok()?;
        let line = row.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        let cell = |at: usize| row.get(at).unwrap_or_default();
        match read_row(kind.map_or("", cell), cell(number), cell(category), cell(year)) {
            Ok(one) => list.passes.push(one),
            Err(why) => list.refused.push((line, why)),
        }
    }
    Some(list)
}

fn read_row(kind: &str, number: &str, category: &str, year: &str) -> Result<SkillsPassOf, PassRefusal> {
    let kind = match kind {
        "" => DocumentType::ResidentId,
        code => DocumentType::parse(code).map_err(|_| PassRefusal::DocumentType)?,
    };
    let document = IdentityDocument::parse(kind, number).map_err(|_| PassRefusal::DocumentNumber)?;
    let category = Category::parse(category).map_err(|_| PassRefusal::Category)?;
    let year = year.parse().ok().filter(|year| (2000..2200).contains(year)).ok_or(PassRefusal::Year)?;
    Ok(SkillsPassOf { document, pass: SkillsPass { category, year } })
}

/// The exemptions that the passes of an account's document give in a session.
pub(crate) async fn exemptions_of(
    conn: &mut Conn<'_>,
    account: Uuid,
    exam: &ExamSession,
) -> Result<Vec<SkillsExemption>, Error> {
    Ok(exemptions(&passes_of(conn, account).await?, exam.year, exam.skills_policy))
}

async fn passes_of(conn: &mut Conn<'_>, account: Uuid) -> Result<Vec<SkillsPass>, Error> {
    let rows = sql!(
        conn,
        fetch_all as (String, i64),
        "SELECT skills_pass.category, skills_pass.year FROM account JOIN person ON person.id = account.person_id
            JOIN skills_pass ON skills_pass.document_kind = person.document_kind AND skills_pass.document_index = person.document_index
         WHERE account.id = $1 ORDER BY skills_pass.category, skills_pass.year",
        account
    )?;
    let read = |(category, year): (String, i64)| {
        let bad = |column| Error::stored("skills_pass", column, account);
        Ok(SkillsPass {
            category: Category::parse(&category).map_err(|_| bad("category"))?,
            year: u16::try_from(year).map_err(|_| bad("year"))?,
        })
    };
    rows.into_iter().map(read).collect()
}

impl Registry {
    /// Records passes, as the operator, and answers how many were not known yet. What was recorded before stays.
    pub async fn record_skills_passes(&self, passes: &[SkillsPassOf]) -> Result<u64, Error> {
        let (settings, mut added) = (self.settings(), 0);
        let now = settings.clock.now();
        for chunk in passes.chunks(ROWS) {
            let rows: Vec<(&'static str, Vec<u8>, SkillsPass)> = chunk
                .iter()
                .map(|one| {
                    let kind = one.document.kind().code();
                    (kind, settings.sealer.blind_index(kind, one.document.number()), one.pass)
                })
                .collect();
            let (registry, batch) = (self.clone(), settings.entropy.uuid(now));
            added += transaction!(self, [registry, rows], conn => {
                let mut added = 0;
                for (kind, index, pass) in rows {
                    added += sql!(
                        conn, execute,
                        "INSERT INTO skills_pass (document_kind, document_index, category, year, recorded)
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                        kind, index, pass.category.to_string(), i64::from(pass.year), now.0
                    )?;
                }
                audit::record(conn, &registry, Actor::Operator, "skills_pass.import", batch).await?;
                Ok::<u64, Error>(added)
            })?;
        }
        Ok(added)
    }
}
