//! Configuration by environment and command line; `server --help` lists every value.
use axum::{Router, extract::Path, http::StatusCode, routing::post};
use clap::{Parser, Subcommand};
use std::{
    error::Error,
    fs,
    io::Write,
    net::SocketAddr,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// Registration for a national medical licensing examination.
#[derive(Clone, Parser)]
#[command(name = "server", version)]
pub struct Config {
    /// The command; `serve` by default.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// `sqlite:PATH` or `postgres://…`: it alone chooses the engine.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:data/yikao.db", global = true, hide_env_values = true)]
    pub database_url: String,
    /// File with the 32 bytes, in hexadecimal, that seal personal data. It must be readable by its owner only.
    #[arg(long, env = "SEALING_KEY_FILE", default_value = "data/sealing.key", global = true)]
    pub sealing_key_file: PathBuf,
    /// Make the key file if it is not there. Without it, a start without a key refuses.
    #[arg(long, env = "MAKE_SEALING_KEY", global = true)]
    pub make_sealing_key: bool,
    /// Where to listen.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,
    /// How the site is reached. With https cookies are `__Host-` and Secure.
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:3000", global = true)]
    pub public_url: String,
    /// Folder of the built site.
    #[arg(long, env = "SITE_ROOT", default_value = "target/site", global = true)]
    pub site_root: PathBuf,
    /// The font of papers in PDF: a TrueType or OpenType file with Chinese characters. By default one that Debian installs
    /// (fonts-noto-cjk, fonts-wqy-zenhei, fonts-arphic-uming, fonts-droid-fallback). Without one, papers are pages to print only.
    #[arg(long, env = "PDF_FONT", global = true)]
    pub pdf_font: Option<PathBuf>,
    /// Rule set at registration: 2021 or 2022 (recommended for a new platform).
    #[arg(long, env = "ACCOUNT_RULES", default_value = "2021", global = true)]
    pub account_rules: String,
    /// Networks of proxies whose `X-Forwarded-For` is trusted and whose own connections are not counted.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', default_value = "127.0.0.0/8,::1/128", global = true)]
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Log-ins and registrations, and as many uploads, from one address in a minute; 0 for no limit.
    #[arg(long, env = "ADDRESS_BUDGET", default_value_t = 120, global = true)]
    pub address_budget: u32,
    /// Hours after which a session ends, whatever is done in it; one that is idle ends after two.
    #[arg(long, env = "SESSION_LIMIT_HOURS", default_value_t = 12, global = true, value_parser = clap::value_parser!(i64).range(1..=168))]
    pub session_limit_hours: i64,
    /// Simultaneous connections.
    #[arg(long, env = "CONNECTIONS", default_value_t = 16_384, global = true)]
    pub connections: usize,
    /// Where `/metrics` is served, for instance 127.0.0.1:9090; nowhere by default.
    #[arg(long, env = "METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// The format of the log, on standard error. It holds no personal data in either.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,
    /// File to which the signed head of the audit is appended every minute; `audit verify` compares with it. Keep it, or copies of
    /// it, where whoever may write the database may not. By default beside an SQLite database, or beside the sealing key.
    #[arg(long, env = "AUDIT_HEADS_FILE", global = true)]
    pub audit_heads_file: Option<PathBuf>,
    /// For the end-to-end tests: lets the clock be set over HTTP and the limits below be changed. Never for real data.
    #[arg(long, env = "DEMONSTRATION", global = true)]
    pub demonstration: bool,
    /// With --demonstration: failed log-ins of an account in an hour.
    #[arg(long, env = "LOGIN_BUDGET", default_value_t = 20, global = true)]
    pub login_budget: i64,
    /// With --demonstration: seconds until an idle session ends.
    #[arg(long, env = "SESSION_SECONDS", default_value_t = 7200, global = true)]
    pub session_seconds: i64,
}

/// Commands about the audit.
#[derive(Clone, Subcommand)]
pub enum Audit {
    /// Verify the whole chain and name each row that was changed or removed. Exits with 1 if there is one.
    Verify,
}

/// The format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines of text.
    Text,
    /// A JSON object for each line.
    Json,
}

/// Commands.
#[derive(Clone, Subcommand)]
pub enum Command {
    /// Serve (also migrates).
    Serve,
    /// Bring the tables and the shipped dictionaries up to date.
    Migrate,
    /// Fill an empty database with a small demonstration and print its log-ins once.
    Demo,
    /// The audit: who did what to which record.
    #[command(subcommand)]
    Audit(Audit),
    /// Names of schools, majors and employers.
    #[command(subcommand)]
    Dictionary(DictionaryCommand),
    /// Accounts of the offices' staff.
    #[command(subcommand)]
    Staff(Staff),
    /// Accounts of candidates.
    #[command(subcommand)]
    Account(Account),
    /// Work that the server does by itself, and what of it failed.
    #[command(subcommand)]
    Jobs(server::jobs::Command),
}

/// Commands about the dictionaries.
#[derive(Clone, Subcommand)]
pub enum DictionaryCommand {
    /// Import a list into a dictionary, while servers are running: CSV in UTF-8 with a heading. Columns: name; and, where they are there, region
    /// (two digits or the name of the provincial unit), former and includes (several, apart by |), merged_into (the name of
    /// another entry), weight (0-255), active (yes or no). The import becomes visible at once, when its last row is written.
    Import {
        /// The dictionary.
        #[arg(long, value_enum)]
        kind: Kind,
        /// The list.
        file: PathBuf,
    },
}

/// A dictionary.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Kind {
    /// Schools.
    School,
    /// Majors.
    Major,
    /// Employers.
    Employer,
}
impl From<Kind> for registry::DictionaryKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::School => Self::School,
            Kind::Major => Self::Major,
            Kind::Employer => Self::Employer,
        }
    }
}

/// Commands about accounts of candidates.
#[derive(Clone, Subcommand)]
pub enum Account {
    /// Free a document number that somebody else registered with: that account is shut, and the person may register. The
    /// number is read from standard input. Refused where the account has handed in an application: its office decides first.
    ReleaseDocument {
        /// The code of the document type, for instance `resident_id` or `passport`.
        #[arg(long, default_value = "resident_id")]
        document_type: String,
    },
    /// Record who passed the skills test at a national base, from CSV with the headings `document_number`, `category`, `year` and,
    /// where others than resident identity cards are listed, `document_type`. What was recorded before stays.
    ImportSkillsPasses {
        /// The file.
        file: PathBuf,
    },
}

/// Commands about staff accounts.
#[derive(Clone, Subcommand)]
pub enum Staff {
    /// Add an account; the password (8-20 characters, letters and digits among them) is read from standard input.
    Add {
        /// Username: 4-20 letters, digits and underscores.
        username: String,
        /// Display name.
        #[arg(long)]
        name: String,
        /// The office.
        #[arg(long, value_enum)]
        role: Office,
        /// The code of the site (four digits) or area (two digits); nothing for the centre.
        #[arg(long, default_value = "")]
        scope: String,
    },
    /// Disable an account; the records of what it did stay.
    Disable {
        /// Username.
        username: String,
    },
    /// List all accounts.
    List,
}

/// An office.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Office {
    /// One site.
    Site,
    /// One area.
    Area,
    /// Everything.
    Centre,
}
impl From<Office> for forms::review::Role {
    fn from(office: Office) -> Self {
        match office {
            Office::Site => Self::SiteReviewer,
            Office::Area => Self::AreaOfficer,
            Office::Centre => Self::Centre,
        }
    }
}

impl Config {
    /// Where the heads of the audit are kept.
    pub fn audit_heads(&self) -> PathBuf {
        self.audit_heads_file
            .clone()
            .unwrap_or_else(|| server::audit_heads::default_file(&self.database_url, &self.sealing_key_file))
    }

    /// Reads the sealing key, or makes it where that is allowed.
    ///
    /// # Errors
    /// If there is no key, others can read it, or it is not 64 hexadecimal digits.
    pub fn secret(&self) -> Result<[u8; 32], Box<dyn Error>> {
        let file = &self.sealing_key_file;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        if !file.exists() {
            if !self.make_sealing_key {
                return Err(format!(
                    "no sealing key at {}: give one, or start once with --make-sealing-key",
                    file.display()
                )
                .into());
            }
            let bytes: [u8; 32] = registry::Entropy::system().bytes();
            let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())?;
        }
        if fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
            return Err(format!("{} can be read by others: chmod 600 it", file.display()).into());
        }
        let text = fs::read_to_string(file)?;
        let digits: Vec<u8> = text.trim().chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect();
        bytes.try_into().map_err(|_| format!("{} does not hold 64 hexadecimal digits", file.display()).into())
    }
}

/// `POST /test/clock/:seconds` moves the clock. Only with `--demonstration`.
pub fn test_switches(shift: Arc<AtomicI64>) -> Router {
    Router::new().route(
        "/test/clock/{seconds}",
        post(move |Path(seconds): Path<i64>| async move {
            shift.store(seconds * 1_000_000, Ordering::Relaxed);
            StatusCode::NO_CONTENT
        }),
    )
}
