//! Names of schools, majors and employers, found by characters, pinyin initials and full pinyin (S24, S26, S73).
//!
//! The names live in memory as one sorted slice a kind; a query is one pass over it. Every reading of a polyphone is kept.
use crate::{Error, Registry, db::query, db::write};
use forms::ids::DictionaryId;
use pinyin::ToPinyinMulti;
use serde::Serialize;
use std::sync::{Arc, RwLock};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DictionaryKind {
    /// 学校.
    School,
    /// 专业.
    Major,
    /// 工作单位.
    Employer,
}
impl DictionaryKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::School, Self::Major, Self::Employer];
    /// Its name in paths and in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Major => "major",
            Self::Employer => "employer",
        }
    }
    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A name found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its entry.
    pub id: DictionaryId,
    /// The name.
    pub name: String,
    /// Province or empty.
    pub region: String,
}

/// A name with its keys: for each character its possible syllables.
struct Name {
    hit: Hit,
    syllables: Vec<Syllables>,
}
enum Syllables {
    /// A Han character with its readings, without tones.
    Han(char, Vec<&'static str>),
    /// Any other character, in small letters.
    Other(char),
}

/// All names, ready to be searched.
#[derive(Clone, Default)]
pub struct Dictionary(Arc<RwLock<[Arc<Vec<Name>>; 3]>>);

/// Longest query looked at, in characters.
const LONGEST: usize = 40;

impl Name {
    fn new(hit: Hit) -> Self {
        let syllables =
            hit.name.chars().filter(|c| !matches!(c, ' ' | '（' | '）' | '(' | ')' | '、' | '·')).map(|c| {
                match c.to_pinyin_multi() {
                    Some(readings) => {
                        let mut plain: Vec<&'static str> = readings.into_iter().map(pinyin::Pinyin::plain).collect();
                        plain.sort_unstable();
                        plain.dedup();
                        Syllables::Han(c, plain)
                    }
                    None => Syllables::Other(c.to_lowercase().next().unwrap_or(c)),
                }
            });
        Self { syllables: syllables.collect(), hit }
    }

    /// Whether the query reads along the name from a place on: each character by itself, its initial, or its syllable.
    fn reads(&self, at: usize, query: &[char]) -> bool {
        if query.is_empty() {
            return true;
        }
        match self.syllables.get(at) {
            None => false,
            Some(Syllables::Other(c)) => *c == query[0] && self.reads(at + 1, &query[1..]),
            Some(Syllables::Han(c, readings)) => {
                if *c == query[0] {
                    return self.reads(at + 1, &query[1..]);
                }
                readings.iter().any(|reading| {
                    let whole = reading.len() <= query.len() && reading.chars().zip(query).all(|(a, b)| a == *b);
                    let initial = reading.starts_with(query[0]);
                    // A query may stop within a syllable: "beij" finds 北京.
                    let stops = query.len() < reading.len() && reading.chars().zip(query).all(|(a, b)| a == *b);
                    stops
                        || (whole && self.reads(at + 1, &query[reading.len()..]))
                        || (initial && self.reads(at + 1, &query[1..]))
                })
            }
        }
    }

    /// Smaller is better: the whole name, its beginning, somewhere inside.
    fn rank(&self, query: &[char]) -> Option<u8> {
        if self.reads(0, query) {
            let exact = self.syllables.len() == query.len() || self.hit.name.chars().eq(query.iter().copied());
            return Some(if exact { 0 } else { 1 });
        }
        // Inside a name only characters count: initials that begin anywhere would find everything.
        let inside = query.iter().any(|c| !c.is_ascii()) && (1..self.syllables.len()).any(|at| self.reads(at, query));
        inside.then_some(2)
    }
}

impl Dictionary {
    /// At most twenty names for a query, the best first: exact, then those that begin with it, then those that hold it;
    /// within each, names of the given region, then shorter names.
    pub fn search(&self, kind: DictionaryKind, query: &str, region: &str) -> Vec<Hit> {
        let query: Vec<char> = forms::text::half_width(query)
            .to_lowercase()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '(' | ')' | '、' | '·'))
            .collect();
        if query.is_empty() || query.len() > LONGEST {
            return Vec::new();
        }
        let names = match self.0.read() {
            Ok(all) => all[kind as usize].clone(),
            Err(_) => return Vec::new(),
        };
        let mut found: Vec<(u8, bool, usize, &Name)> = names
            .iter()
            .filter_map(|name| {
                Some((name.rank(&query)?, region.is_empty() || name.hit.region != region, name.syllables.len(), name))
            })
            .collect();
        found.sort_by(|a, b| (a.0, a.1, a.2, &a.3.hit.name).cmp(&(b.0, b.1, b.2, &b.3.hit.name)));
        found.into_iter().take(20).map(|f| f.3.hit.clone()).collect()
    }

    /// The entries whose name is exactly that, in any region.
    pub fn named(&self, kind: DictionaryKind, name: &str) -> Vec<Hit> {
        let Ok(names) = self.0.read().map(|all| all[kind as usize].clone()) else { return Vec::new() };
        let name = name.trim();
        let first = names.partition_point(|n| n.hit.name.as_str() < name);
        names[first..].iter().take_while(|n| n.hit.name == name).map(|n| n.hit.clone()).collect()
    }
    /// The first of them: what a person typed without choosing.
    pub fn exact(&self, kind: DictionaryKind, name: &str) -> Option<Hit> {
        self.named(kind, name).into_iter().next()
    }

    /// How many names there are.
    pub fn len(&self, kind: DictionaryKind) -> usize {
        self.0.read().map(|all| all[kind as usize].len()).unwrap_or_default()
    }

    /// Reads all active names from the books.
    pub async fn refresh(&self, registry: &Registry) -> Result<(), Error> {
        for kind in DictionaryKind::ALL {
            let rows = registry
                .read(move |conn| {
                    Box::pin(async move {
                        Ok(query!(
                            conn,
                            fetch_all as (uuid::Uuid, String, String),
                            "SELECT id, name, region FROM dictionary WHERE kind = $1 AND active ORDER BY name",
                            kind.code()
                        )?)
                    })
                })
                .await?;
            let names =
                rows.into_iter().map(|(id, name, region)| Name::new(Hit { id: id.into(), name, region })).collect();
            if let Ok(mut all) = self.0.write() {
                all[kind as usize] = Arc::new(names);
            }
        }
        Ok(())
    }
}

impl Registry {
    /// Adds names of a kind as pairs of name and region; those that are there stay as they are. Returns how many are new.
    pub async fn add_names(
        &self,
        kind: DictionaryKind,
        source: &'static str,
        names: Vec<(String, String)>,
    ) -> Result<u64, Error> {
        let books = self.clone();
        write!(self, [books, names], conn => {
            let settings = books.settings();
            let now = settings.clock.now();
            let mut added = 0;
            for (name, region) in names {
                added += query!(
                    conn, execute,
                    "INSERT INTO dictionary (id, kind, name, region, source, active) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    settings.entropy.uuid(now), kind.code(), name, region, source, true
                )?;
            }
            Ok(added)
        })
    }
    /// Takes a name out of use, or back into it.
    pub async fn set_name_active(&self, id: DictionaryId, active: bool) -> Result<(), Error> {
        write!(self, [], conn => {
            let done = query!(conn, execute, "UPDATE dictionary SET active = $2 WHERE id = $1", id.uuid(), active)?;
            if done == 0 { Err(Error::NotFound) } else { Ok(()) }
        })
    }
}
