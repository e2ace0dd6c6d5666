//! The file of signed heads of the audit: a line is appended every minute in which the audit grew, and at least every hour. Kept on
//! another disk or copied elsewhere, it shows when the end of the audit was cut off or written anew.
use registry::{Beat, ChainHead, Registry, Sealer};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How often the head is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// How long the head of an audit that does not grow is left without a new line.
const AT_LEAST_EVERY: Duration = Duration::from_secs(3600);

/// Where the heads of a database are kept unless a file is named: beside an SQLite database, and beside the sealing key of
/// another.
pub fn default_file(database_url: &str, key_file: &Path) -> PathBuf {
    match database_url.strip_prefix("sqlite:") {
        Some(rest) => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            PathBuf::from(format!("{}.audit-heads", path.split('?').next().unwrap_or(path)))
        }
        None => key_file.with_file_name("audit-heads"),
    }
}

/// Appends heads for as long as the process lives. What fails is tried again a minute later.
pub async fn keep(registry: Registry, file: PathBuf, beat: Beat) {
    let mut last: Option<(i64, Instant)> = None;
    loop {
        match registry.chain_head().await {
            Ok(Some(head))
                if last.is_none_or(|(place, at)| place != head.place() || at.elapsed() >= AT_LEAST_EVERY) =>
            {
                match append(&file, &head.line(&registry.settings().sealer)) {
                    Ok(()) => {
                        last = Some((head.place(), Instant::now()));
                        beat.beat();
                    }
                    Err(error) => tracing::error!(%error, "the head of the audit could not be kept"),
                }
            }
            Ok(_) => beat.beat(),
            Err(error) => tracing::warn!(%error, "the head of the audit could not be read"),
        }
        sleep(EVERY).await;
    }
}

/// Appends a line, which is on the disk when this returns.
///
/// # Errors
/// If the file cannot be written.
pub fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

/// The heads of a file and the numbers of the lines that this key did not sign. No file gives nothing. A last line without its end
/// was being written when the process ended, and counts as none.
///
/// # Errors
/// If the file cannot be read.
pub fn read(file: &Path, sealer: &Sealer) -> io::Result<(Vec<ChainHead>, Vec<usize>)> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        text => text?,
    };
    let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
    let (mut heads, mut forged) = (Vec::new(), Vec::new());
    for (number, line) in whole.lines().enumerate() {
        match ChainHead::parse(line, sealer) {
            Some(head) => heads.push(head),
            None => forged.push(number + 1),
        }
    }
    Ok((heads, forged))
}
