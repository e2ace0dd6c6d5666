//! What else could find a name.
use crate::{Answers, Asked, Columns};
use fst::{
    Automaton, IntoStreamer, Map, Streamer,
    automaton::{Levenshtein, Str},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::{collections::BTreeMap, path::Path};
use tantivy::{
    Index, IndexReader, TantivyDocument,
    collector::TopDocs,
    query::{BooleanQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery},
    schema::{Field, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::{NgramTokenizer, TextAnalyzer},
};

pub fn size(path: &Path) -> usize {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().map(|file| size(&file.unwrap().path())).sum()
    } else {
        std::fs::metadata(path).map_or(0, |file| file.len() as usize)
    }
}
fn letters(asked: &Asked) -> bool {
    asked.typed.bytes().all(|b| b.is_ascii_lowercase())
}

/// Keys in a finite state transducer: each name, former name, initials and pinyin; prefixes, and one slip by its automaton.
pub struct Fst(Map<Vec<u8>>, Vec<Vec<u32>>);
impl Fst {
    pub fn new(columns: &[Columns]) -> Self {
        let mut keys: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (entry, row) in columns.iter().enumerate() {
            for key in [&row.name, &row.former, &row.initials, &row.pinyin] {
                keys.entry(key).or_default().push(entry as u32);
            }
        }
        let entries: Vec<Vec<u32>> = keys.values().cloned().collect();
        let map = Map::from_iter(keys.keys().enumerate().map(|(place, key)| (key, place as u64))).unwrap();
        Self(map, entries)
    }
    pub fn bytes(&self) -> usize {
        self.0.as_fst().size() + self.1.iter().map(|entries| 24 + entries.len() * 4).sum::<usize>()
    }
    fn take(&self, automaton: impl Automaton) -> Vec<usize> {
        let mut stream = self.0.search(automaton).into_stream();
        let mut found = Vec::new();
        while let Some((_, place)) = stream.next() {
            found.extend(self.1[place as usize].iter().map(|entry| *entry as usize));
            if found.len() >= 20 {
                found.truncate(20);
                break;
            }
        }
        found
    }
}
impl Answers for Fst {
    const NAME: &'static str = "fst";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let found = self.take(Str::new(&asked.typed).starts_with());
        if !found.is_empty() {
            return found;
        }
        Levenshtein::new(&asked.typed, 1).map(|automaton| self.take(automaton)).unwrap_or_default()
    }
}

/// An inverted index: characters by one and two, keys of letters by prefix, one slip by its automaton or by most of the characters.
pub struct Tantivy {
    index: Index,
    reader: IndexReader,
    name: Field,
    key: Field,
    entry: Field,
}
impl Tantivy {
    pub fn new(columns: &[Columns], folder: &Path) -> Self {
        let folder = folder.join("tantivy");
        std::fs::create_dir(&folder).unwrap();
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("one")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let name = schema.add_text_field("name", TextOptions::default().set_indexing_options(indexing));
        let key = schema.add_text_field("key", STRING);
        let entry = schema.add_u64_field("entry", NumericOptions::default().set_stored());
        let index = Index::create_in_dir(&folder, schema.build()).unwrap();
        index.tokenizers().register("one", TextAnalyzer::builder(NgramTokenizer::new(1, 1, false).unwrap()).build());
        let mut writer = index.writer(200_000_000).unwrap();
        for (number, row) in columns.iter().enumerate() {
            let mut document = TantivyDocument::default();
            document.add_text(name, &row.name);
            document.add_text(name, &row.former);
            document.add_text(key, &row.initials);
            document.add_text(key, &row.pinyin);
            document.add_u64(entry, number as u64);
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let reader = index.reader().unwrap();
        Self { index, reader, name, key, entry }
    }
    fn take(&self, query: &dyn Query) -> Vec<usize> {
        let searcher = self.reader.searcher();
        let found = searcher.search(query, &TopDocs::with_limit(20).order_by_score()).unwrap();
        let entry = |place| {
            let document: TantivyDocument = searcher.doc(place).unwrap();
            document.get_first(self.entry).and_then(|value| value.as_u64()).unwrap() as usize
        };
        found.into_iter().map(|(_, place)| entry(place)).collect()
    }
}
impl Answers for Tantivy {
    const NAME: &'static str = "tantivy";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let _ = &self.index;
        if letters(asked) {
            let found = self.take(&RegexQuery::from_pattern(&format!("{}.*", asked.typed), self.key).unwrap());
            if !found.is_empty() {
                return found;
            }
            let term = tantivy::Term::from_field_text(self.key, &asked.typed);
            return self.take(&FuzzyTermQuery::new_prefix(term, 1, true));
        }
        let terms: Vec<_> =
            asked.typed.chars().map(|c| tantivy::Term::from_field_text(self.name, &c.to_string())).collect();
        if terms.len() == 1 {
            return self.take(&TermQuery::new(terms[0].clone(), IndexRecordOption::Basic));
        }
        let found = self.take(&PhraseQuery::new(terms.clone()));
        if !found.is_empty() {
            return found;
        }
        let any = terms.into_iter().map(|term| {
            let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        });
        self.take(&BooleanQuery::new(any.collect()))
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work))
}

async fn sqlite(folder: &Path, file: &str) -> SqliteConnection {
    let url = format!("sqlite:{}?mode=rwc", folder.join(file).display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for pragma in ["PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"] {
        sqlx::query(pragma).execute(&mut connection).await.unwrap();
    }
    connection
}
async fn fill(connection: &mut SqliteConnection, table: &str, columns: &[Columns]) {
    sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
    for (chunk_number, chunk) in columns.chunks(500).enumerate() {
        let places: Vec<&str> = chunk.iter().map(|_| "(?, ?, ?, ?, ?)").collect();
        let statement =
            format!("INSERT INTO {table} (rowid, name, former, initials, pinyin) VALUES {}", places.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for (at, row) in chunk.iter().enumerate() {
            query = query.bind((chunk_number * 500 + at) as i64);
            query = query.bind(&row.name).bind(&row.former).bind(&row.initials).bind(&row.pinyin);
        }
        query.execute(&mut *connection).await.unwrap();
    }
    sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
}

/// Going through the table.
pub struct SqliteLike(SqliteConnection);
impl SqliteLike {
    pub async fn new(columns: &[Columns], folder: &Path) -> Self {
        let mut connection = sqlite(folder, "like.db").await;
        sqlx::query("CREATE TABLE names (name TEXT, former TEXT, initials TEXT, pinyin TEXT)")
            .execute(&mut connection)
            .await
            .unwrap();
        fill(&mut connection, "names", columns).await;
        Self(connection)
    }
}
impl Answers for SqliteLike {
    const NAME: &'static str = "sqlite_like";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let statement = if letters(asked) {
            "SELECT rowid FROM names WHERE initials LIKE ?1 || '%' OR pinyin LIKE ?1 || '%' ORDER BY length(name) LIMIT 20"
        } else {
            "SELECT rowid FROM names WHERE name LIKE '%' || ?1 || '%' OR former LIKE '%' || ?1 || '%' ORDER BY length(name) LIMIT 20"
        };
        let rows: Vec<(i64,)> = wait(sqlx::query_as(statement).bind(&asked.typed).fetch_all(&mut self.0)).unwrap();
        rows.into_iter().map(|(row,)| row as usize).collect()
    }
}

/// An index of every three characters that follow each other.
pub struct SqliteTrigrams(SqliteConnection);
impl SqliteTrigrams {
    pub async fn new(columns: &[Columns], folder: &Path) -> Self {
        let mut connection = sqlite(folder, "trigrams.db").await;
        sqlx::query("CREATE VIRTUAL TABLE names USING fts5(name, former, initials, pinyin, tokenize = 'trigram')")
            .execute(&mut connection)
            .await
            .unwrap();
        fill(&mut connection, "names", columns).await;
        Self(connection)
    }
}
impl Answers for SqliteTrigrams {
    const NAME: &'static str = "sqlite_trigrams";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let statement = "SELECT rowid FROM names WHERE names MATCH ?1 ORDER BY length(name) LIMIT 20";
        let phrase = format!("\"{}\"", asked.typed);
        let mut rows: Vec<(i64,)> = wait(sqlx::query_as(statement).bind(phrase).fetch_all(&mut self.0)).unwrap();
        if rows.is_empty() {
            // Whatever shares some of them, the best by its own measure.
            let typed: Vec<char> = asked.typed.chars().collect();
            let some: Vec<String> = typed.windows(3).map(|w| format!("\"{}\"", w.iter().collect::<String>())).collect();
            let statement = "SELECT rowid FROM names WHERE names MATCH ?1 ORDER BY rank LIMIT 20";
            rows = wait(sqlx::query_as(statement).bind(some.join(" OR ")).fetch_all(&mut self.0)).unwrap_or_default();
        }
        rows.into_iter().map(|(row,)| row as usize).collect()
    }
}

/// The same in PostgreSQL, which measures likeness by them as well.
pub struct PgTrigrams(PgConnection);
impl PgTrigrams {
    pub async fn new(columns: &[Columns], url: &str) -> Self {
        let mut connection = PgConnection::connect(url).await.unwrap();
        for statement in [
            "CREATE EXTENSION pg_trgm",
            "CREATE TABLE names (id int, name text, former text, initials text, pinyin text)",
        ] {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        let mut copy = connection.copy_in_raw("COPY names FROM STDIN WITH (FORMAT csv)").await.unwrap();
        for (number, rows) in columns.chunks(10_000).enumerate() {
            let lines = rows.iter().enumerate().map(|(at, row)| {
                format!("{},{},{},{},{}\n", number * 10_000 + at, row.name, row.former, row.initials, row.pinyin)
            });
            copy.send(lines.collect::<String>().into_bytes()).await.unwrap();
        }
        copy.finish().await.unwrap();
        for statement in [
            "CREATE INDEX ON names USING gin (name gin_trgm_ops, former gin_trgm_ops)",
            "CREATE INDEX ON names (initials text_pattern_ops)",
            "CREATE INDEX ON names (pinyin text_pattern_ops)",
            "ANALYZE names",
        ] {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        Self(connection)
    }
    pub async fn bytes(&self) -> usize {
        0
    }
}
impl Answers for PgTrigrams {
    const NAME: &'static str = "pg_trgm";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let statement = if letters(asked) {
            "SELECT id FROM names WHERE initials LIKE $1 || '%' OR pinyin LIKE $1 || '%' ORDER BY length(name) LIMIT 20"
        } else {
            "SELECT id FROM names WHERE name LIKE '%' || $1 || '%' OR former LIKE '%' || $1 || '%' ORDER BY length(name) LIMIT 20"
        };
        let mut rows: Vec<(i32,)> = wait(sqlx::query_as(statement).bind(&asked.typed).fetch_all(&mut self.0)).unwrap();
        if rows.is_empty() && !letters(asked) {
            let statement = "SELECT id FROM names WHERE name % $1 ORDER BY similarity(name, $1) DESC LIMIT 20";
            rows = wait(sqlx::query_as(statement).bind(&asked.typed).fetch_all(&mut self.0)).unwrap();
        }
        rows.into_iter().map(|(id,)| id as usize).collect()
    }
}
