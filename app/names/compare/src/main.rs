//! A million names, found by our index and by what else could find them: SQLite's LIKE and trigrams, PostgreSQL's trigrams, fst and
//! tantivy. Usage: compare POSTGRES-URL; without it only ours is measured. The others are given the common initials and pinyin of each name as further columns, which
//! is as much as they can be given; recall is how often the name that a query was made from is among the first twenty.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at what cannot be"
)]
mod baselines;
#[path = "../../tests/common/mod.rs"]
mod common;

use baselines::{Fst, PgTrigrams, SqliteLike, SqliteTrigrams, Tantivy};
use common::{Chance, Name, employers, texts};
use names::{Index, Query, Readings, Region};
use std::time::{Duration, Instant};

/// What is asked: how it was made, what was typed, and the entry it was made from.
pub struct Asked {
    form: &'static str,
    typed: String,
    region: Region,
    entry: usize,
}
const FORMS: [&str; 7] = ["initials", "pinyin", "beginning", "mixed", "characters", "former", "slip"];
/// Queries of each form; others that need milliseconds are asked every so manyth of them.
const QUERIES: usize = 5_000;
const SLOW: usize = 100;
/// Whoever does not take milliseconds is asked every question so often, with all others of its form in between, and the fastest answer
/// counts: what else the machine does at one moment is in no figure, and what a question finds in memory is what the others left there.
const ROUNDS: usize = 3;

/// A name with the columns the others search.
pub struct Columns {
    pub name: String,
    pub former: String,
    pub initials: String,
    pub pinyin: String,
}

fn read(readings: &Readings, name: &str) -> Vec<String> {
    let one = |c: char| readings.of(c).first().map_or_else(|| c.to_string(), |reading| (*reading).to_owned());
    name.chars().map(one).collect()
}
fn initial(reading: &str) -> String {
    reading.chars().take(1).collect()
}

fn asked(form: &'static str, names: &[Name], readings: &Readings, chance: &mut Chance) -> Asked {
    let entry = loop {
        let entry = chance.below(names.len());
        if form != "former" || !names[entry].1.is_empty() {
            break entry;
        }
    };
    let (name, former, region) = &names[entry];
    let read = read(readings, name);
    let all: Vec<char> = name.chars().collect();
    let part = (4 + chance.below(7)).min(all.len());
    let typed = match form {
        "initials" => read[..part].iter().map(|r| initial(r)).collect(),
        "pinyin" => read[..part.min(6)].concat(),
        "beginning" => all[..part].iter().collect(),
        "mixed" => (0..part)
            .map(|at| match chance.below(3) {
                0 => all[at].to_string(),
                1 => read[at].clone(),
                _ => initial(&read[at]),
            })
            .collect(),
        "characters" => {
            let from = chance.below(all.len() - 3);
            all[from..(from + 3 + chance.below(4)).min(all.len())].iter().collect()
        }
        "former" => former[0].clone(),
        _ => {
            let mut typed = all.clone();
            let at = 1 + chance.below(typed.len() - 1);
            match chance.below(3) {
                0 => drop(typed.remove(at)),
                1 => typed[at] = '其',
                _ => typed.swap(at, at - 1),
            }
            typed.into_iter().collect()
        }
    };
    Asked { form, typed, region: *region, entry }
}

/// Somebody who answers: the numbers of at most twenty entries.
pub trait Answers {
    const NAME: &'static str;
    fn answer(&mut self, asked: &Asked) -> Vec<usize>;
}

struct Ours(Index);
impl Answers for Ours {
    const NAME: &'static str = "ours";
    fn answer(&mut self, asked: &Asked) -> Vec<usize> {
        let Some(query) = Query::new(&asked.typed) else { return Vec::new() };
        self.0.search(&query, asked.region, |_| true).into_iter().map(|found| found.entry as usize).collect()
    }
}

/// For each form: p50, p99 and recall.
fn measure<A: Answers>(mut who: A, all: &[Asked], every: usize) -> Vec<(Duration, Duration, f64)> {
    let (mut table, mut once_each) = (Vec::new(), Vec::new());
    for form in FORMS {
        let queries: Vec<&Asked> = all.iter().filter(|asked| asked.form == form).step_by(every).collect();
        let (mut times, mut once) = (Vec::new(), Vec::new());
        let mut found = 0;
        for asked in queries.iter().take(20) {
            who.answer(asked);
        }
        // Who takes milliseconds takes minutes for three rounds, and what the machine does besides is small beside that.
        for round in 0..if every < SLOW { ROUNDS } else { 1 } {
            for (number, asked) in queries.iter().enumerate() {
                let begun = Instant::now();
                let answer = who.answer(asked);
                let time = begun.elapsed();
                if round == 0 {
                    times.push(time);
                    once.push(time);
                    found += usize::from(answer.contains(&asked.entry));
                } else {
                    times[number] = times[number].min(time);
                }
            }
        }
        let at = |times: &mut Vec<Duration>, part: f64| {
            times.sort_unstable();
            times[((times.len() - 1) as f64 * part) as usize]
        };
        table.push((at(&mut times, 0.5), at(&mut times, 0.99), found as f64 / queries.len() as f64));
        once_each.push(at(&mut once, 0.99));
    }
    for ((form, (p50, p99, recall)), once) in FORMS.iter().zip(&table).zip(&once_each) {
        let micros = |time: &Duration| time.as_secs_f64() * 1e6;
        println!(
            "bench dictionary.{}_{form} p50 {:.1} us, p99 {:.1} us, recall@20 {recall:.3}; p99 {:.1} us asked once",
            A::NAME,
            micros(p50),
            micros(p99),
            micros(once)
        );
    }
    table
}

fn built(who: &str, begun: Instant, bytes: usize) {
    println!("bench dictionary.{who}_build {:.2} s, {:.0} MB", begun.elapsed().as_secs_f64(), bytes as f64 / 1e6);
}

/// Memory of this process.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// A hundred thousand distinct questions that nobody means, none of them asked twice.
fn hostile(index: &Index, chance: &mut Chance) {
    let common: Vec<char> = "医院县市区村镇卫生人民中心第一二三街道社服务站室所东西南北大小".chars().collect();
    let (before, mut slowest, mut sum, mut worst) = (resident(), Duration::ZERO, Duration::ZERO, String::new());
    let begun = Instant::now();
    for number in 0..100_000 {
        let mut typed = String::new();
        for _ in 0..1 + chance.below(60) {
            typed.push(match (number % 5, chance.below(3)) {
                (0, _) | (4, 0) => char::from(b'a' + chance.below(26) as u8),
                (1, _) | (4, 1) => *chance.of(&common),
                (2, _) => char::from_u32(0x4e00 + chance.below(0x5200) as u32).unwrap(),
                (3, 0) => 'z',
                _ => *chance.of(&['%', '\0', '\u{202e}', '村', 'x', 'i', 'a', 'n', '９']),
            });
        }
        let begun = Instant::now();
        if let Some(query) = Query::new(&typed) {
            index.search(&query, Region(11), |_| true);
        }
        let time = begun.elapsed();
        sum += time;
        if time > slowest {
            (slowest, worst) = (time, typed);
        }
    }
    println!(
        "bench dictionary.hostile_slowest {:.1} ms of 100,000 distinct questions in {:.0} s, mean {:.0} us, {:.1} MB more than before; {:?}",
        slowest.as_secs_f64() * 1e3,
        begun.elapsed().as_secs_f64(),
        sum.as_secs_f64() * 10.0,
        (resident() as f64 - before as f64) / 1e6,
        worst
    );
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let postgres = std::env::args().nth(1);
    let names = employers(1_000_000);
    let readings = std::sync::Arc::new(Readings::chinese());
    let columns: Vec<Columns> = names
        .iter()
        .map(|(name, former, _)| {
            let read = read(&readings, name);
            let former = former.first().cloned().unwrap_or_default();
            Columns {
                name: name.clone(),
                former,
                initials: read.iter().map(|r| initial(r)).collect(),
                pinyin: read.concat(),
            }
        })
        .collect();
    let mut chance = Chance(3);
    let mut all = Vec::new();
    for form in FORMS {
        all.extend((0..QUERIES).map(|_| asked(form, &names, &readings, &mut chance)));
    }

    let begun = Instant::now();
    let before = resident();
    let ours = Ours(Index::new(texts(&names), readings.clone()));
    built("ours", begun, ours.0.bytes());
    println!(
        "bench dictionary.ours_resident {:.0} MB more than before it was built, with what building left behind",
        (resident() - before) as f64 / 1e6
    );
    hostile(&ours.0, &mut chance);
    let own = measure(ours, &all, 1);
    let Some(postgres) = postgres else { return };

    let folder = tempfile::tempdir().unwrap();
    let mut rest = Vec::new();
    let begun = Instant::now();
    let fst = Fst::new(&columns);
    built(Fst::NAME, begun, fst.bytes());
    rest.push((Fst::NAME, measure(fst, &all, 5)));
    let begun = Instant::now();
    let tantivy = Tantivy::new(&columns, folder.path());
    built(Tantivy::NAME, begun, baselines::size(&folder.path().join("tantivy")));
    rest.push((Tantivy::NAME, measure(tantivy, &all, SLOW / 2)));
    let begun = Instant::now();
    let like = SqliteLike::new(&columns, folder.path()).await;
    built(SqliteLike::NAME, begun, baselines::size(&folder.path().join("like.db")));
    rest.push((SqliteLike::NAME, measure(like, &all, SLOW)));
    let begun = Instant::now();
    let trigrams = SqliteTrigrams::new(&columns, folder.path()).await;
    built(SqliteTrigrams::NAME, begun, baselines::size(&folder.path().join("trigrams.db")));
    rest.push((SqliteTrigrams::NAME, measure(trigrams, &all, SLOW)));
    let begun = Instant::now();
    let trigrams = PgTrigrams::new(&columns, &postgres).await;
    let bytes = trigrams.bytes().await;
    built(PgTrigrams::NAME, begun, bytes);
    rest.push((PgTrigrams::NAME, measure(trigrams, &all, SLOW)));

    // For each form the fastest of those that find as much, and how many times longer it takes.
    for (number, form) in FORMS.iter().enumerate() {
        let equal = rest.iter().filter(|(_, table)| table[number].2 + 0.005 >= own[number].2);
        match equal.min_by_key(|(_, table)| table[number].1) {
            Some((who, table)) => println!(
                "bench dictionary.best_other_{form} {who}: p99 {:.1} x ours, p50 {:.1} x",
                table[number].1.as_secs_f64() / own[number].1.as_secs_f64(),
                table[number].0.as_secs_f64() / own[number].0.as_secs_f64()
            ),
            None => println!("bench dictionary.best_other_{form} none of them finds as much"),
        }
    }
    let over_all = |table: &Vec<(Duration, Duration, f64)>| {
        let time: f64 = table.iter().map(|(p50, ..)| p50.as_secs_f64()).sum();
        (time / table.len() as f64 * 1e6, table.iter().map(|t| t.2).sum::<f64>() / table.len() as f64)
    };
    for (who, table) in std::iter::once(&("ours", own)).chain(&rest) {
        let (time, recall) = over_all(table);
        println!("bench dictionary.{who}_all_forms mean of p50 {time:.1} us, recall@20 {recall:.3}");
    }
}
