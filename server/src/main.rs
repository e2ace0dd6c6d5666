//! Command line of Yikao: reads the configuration and runs a command, by default the server.
#![recursion_limit = "512"]
mod config;
#[cfg(feature = "dev")]
mod dev;

use app::{
    http::{assets::Assets, rate_limit::RateLimiter},
    pdf::PdfFont,
    request::AppState,
    router::build_router,
};
use clap::Parser;
use config::{Account, Audit, Command, Config, DictionaryCommand, Kind, LogFormat, Staff};
use forms::{
    choice::{Choice, DocumentType},
    value::IdentityDocument,
};
use registry::{
    Beat, Broken, Clock, Dictionary, DocumentRelease, FileList, Moment, PassRefusal, Refusal, Registry, Report,
    Settings, StaffError, demo, is_sealed, read_list, read_skills_passes,
};
use server::{
    audit_heads,
    jobs::{self, Runner},
    listen::{self, Limits},
};
use std::{
    error::Error,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// How long a job that runs is waited for when the server stops.
const JOBS_END: Duration = Duration::from_secs(10);

/// How long a background loop may be silent before the server says that it is not ready.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the database's clock is measured.
const CLOCK: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        // As a sentence, and not as the program's own value of it.
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let config = Config::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    // At `trace` it logs paths, which hold ids.
    let filter = filter.add_directive("tower_http=info".parse()?);
    // A log that cannot be written, for instance on a full disk, is no reason to panic in the middle of a request.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }

    let (settings, test_clock) = settings(&config).await?;
    let registry = Registry::open(settings).await?;
    match config.command.clone().unwrap_or(Command::Serve) {
        Command::Migrate => {
            registry.migrate().await?;
            demo::load_shipped(&registry).await?;
            print_line(&format!("{}: tables and shipped dictionaries are up to date", registry.engine()))?;
        }
        Command::Demo => {
            if demo::is_loaded(&registry).await? {
                print_line("the demonstration is loaded already; its log-ins were printed when it was")?;
            } else {
                print_line(
                    "demonstration loaded; its log-ins, shown only now (candidates at /login, staff at /admin/login):",
                )?;
                for login in demo::load(&registry).await? {
                    let office = login.role.map(|role| format!("  staff, {}", role.code())).unwrap_or_default();
                    print_line(&format!("  {:<15} {}{office}", login.username, login.password))?;
                }
            }
        }
        Command::Audit(Audit::Verify) => {
            let sound = verify(&registry, &config.audit_heads()).await?;
            registry.close().await;
            if !sound {
                std::process::exit(1);
            }
        }
        Command::Dictionary(DictionaryCommand::Import { kind, file }) => import(&registry, kind, &file).await?,
        Command::Staff(Staff::Add { username, name, role, scope }) => {
            let password = match read_secret()? {
                typed if typed.is_empty() => return Err("no password on standard input".into()),
                typed => typed,
            };
            registry.add_staff(&username, &name, role.into(), &scope, &password).await.map_err(
                |error| match error {
                    StaffError::Invalid(code) => format!("username or password: {}", code.key()),
                    other => other.to_string(),
                },
            )?;
            print_line(&format!("{username} may log in at /admin/login"))?;
        }
        Command::Staff(Staff::Disable { username }) => {
            if !registry.disable_staff(&username).await? {
                return Err(format!("nobody of the staff logs in as {username}").into());
            }
            print_line(&format!("{username} is logged out and may not log in again"))?;
        }
        Command::Staff(Staff::List) => {
            for row in registry.staff().await? {
                let state = if row.disabled.is_some() { "disabled" } else { "" };
                let failed = row.failed.map(|at| format!("  a log-in failed on {}", Moment(at).date()));
                let state = format!("{state}{}", failed.unwrap_or_default());
                print_line(&format!("{:<16} {:<6} {:<6} {:<10} {state}", row.username, row.role, row.scope, row.name))?;
            }
        }
        Command::Account(Account::ReleaseDocument { document_type }) => {
            release_document(&registry, &document_type).await?;
        }
        Command::Account(Account::ImportSkillsPasses { file }) => import_skills_passes(&registry, &file).await?,
        Command::Jobs(command) => {
            for line in jobs::command(&registry, command).await? {
                print_line(&line)?;
            }
        }
        Command::Serve => serve(config, registry.clone(), test_clock).await?,
    }
    registry.close().await;
    Ok(())
}

/// Frees the document number on standard input. Messages name no part of it.
async fn release_document(registry: &Registry, document_type: &str) -> Result<(), Box<dyn Error>> {
    let kind = DocumentType::parse(document_type).map_err(|_| "there is no such document type")?;
    let document =
        IdentityDocument::parse(kind, &read_secret()?).map_err(|_| "that is no number of such a document")?;
    match registry.release_document(&document).await? {
        DocumentRelease::Released => print_line("the number is free; the account that held it is shut")?,
        DocumentRelease::NotTaken => return Err("nobody has registered with this number".into()),
        DocumentRelease::ApplicationStands => {
            return Err("the account has handed in an application: its office decides about that first".into());
        }
    }
    Ok(())
}

/// Records passes of the skills test and prints the lines that were refused, without what stood in them.
async fn import_skills_passes(registry: &Registry, file: &Path) -> Result<(), Box<dyn Error>> {
    let read = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let list = read_skills_passes(&read).ok_or_else(|| {
        format!("{}: no CSV in UTF-8 with the headings document_number, category and year", file.display())
    })?;
    let added = registry.record_skills_passes(&list.passes).await?;
    let known = list.passes.len() as u64 - added;
    print_line(&format!("{added} recorded, {known} known already, {} refused", list.refused.len()))?;
    for (line, why) in list.refused {
        let why = match why {
            PassRefusal::DocumentType => "there is no such document type",
            PassRefusal::DocumentNumber => "that is no number of such a document",
            PassRefusal::Category => "the category is not three digits",
            PassRefusal::Year => "the year is no year",
        };
        print_line(&format!("line {line}: {why}"))?;
    }
    Ok(())
}

/// Chains the rows that are not chained yet, verifies the audit, compares it with the heads that were kept, and prints the findings.
/// Returns whether there are none.
async fn verify(registry: &Registry, file: &Path) -> Result<bool, Box<dyn Error>> {
    while registry.chain_audit().await? > 0 {}
    let (heads, forged) =
        audit_heads::read(file, &registry.settings().sealer).map_err(|error| format!("{}: {error}", file.display()))?;
    let findings = registry.verify_audit(&heads).await?;
    for line in &forged {
        print_line(&format!("line {line} of {} was not signed with this key", file.display()))?;
    }
    for broken in &findings.broken {
        print_line(&match broken {
            Broken::Changed { place, id } => format!("row {place} ({id}) is not what was chained"),
            Broken::Inserted { place, id } => format!("row {place} ({id}) was not written by this program"),
            Broken::Replaced { place } => {
                format!("row {place} is not the one that stood there when its head was signed")
            }
            Broken::Missing { place, count } => format!("{count} rows are missing from {place} on"),
        })?;
    }
    let head = match &findings.head {
        Some((place, link)) => {
            format!("; the last link is {place} {}", link.iter().map(|b| format!("{b:02x}")).collect::<String>())
        }
        None => String::new(),
    };
    let faults = findings.broken.len() + forged.len();
    print_line(&format!("{} rows, compared with {} heads, {faults} faults{head}", findings.rows, heads.len()))?;
    Ok(faults == 0)
}

/// Passwords and document numbers are read from standard input: an option would be visible in the list of processes.
fn read_secret() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Prints a line for the terminal; the log goes to standard error.
fn print_line(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

type TestClock = Option<Arc<AtomicI64>>;

async fn settings(config: &Config) -> Result<(Settings, TestClock), Box<dyn Error>> {
    let key = &config.sealing_key_file;
    if !key.exists() && is_sealed(&config.database_url).await? {
        return Err(format!(
            "there is a database but no sealing key at {}: put back the key that it was sealed with, a new one cannot read it",
            key.display()
        )
        .into());
    }
    let mut settings = Settings::new(&config.database_url, &config.secret()?);
    settings.account_rules = forms::rule_set::rule_set(&config.account_rules).ok_or("ACCOUNT_RULES: 2021 or 2022")?;
    settings.session_limit_seconds = config.session_limit_hours * 3600;
    let mut test_clock = None;
    if config.demonstration {
        settings.login_budget = config.login_budget;
        settings.session_seconds = config.session_seconds;
        let shift = Arc::new(AtomicI64::new(0));
        let (system, own) = (Clock::system(), shift.clone());
        settings.clock = Clock::from(move || Moment(system.now().0 + own.load(Ordering::Relaxed)));
        test_clock = Some(shift);
    }
    Ok((settings, test_clock))
}

/// The font of papers in PDF: the one that was asked for, or else an installed one. A server without one says so.
fn find_pdf_font(asked: Option<PathBuf>) -> Result<Option<PdfFont>, Box<dyn Error>> {
    if let Some(path) = asked {
        let named = |error| format!("PDF_FONT: {}: {error}", path.display());
        return Ok(Some(PdfFont::read(path.clone()).map_err(named)?));
    }
    let font = PdfFont::installed();
    match &font {
        Some(font) => tracing::info!(font = %font.path().display(), "papers are offered as PDF"),
        None => tracing::warn!(
            "no font with Chinese characters is installed: papers are offered as pages to print only (PDF_FONT)"
        ),
    }
    Ok(font)
}

async fn serve(config: Config, registry: Registry, test_clock: TestClock) -> Result<(), Box<dyn Error>> {
    if test_clock.is_some() && !demo::is_demonstration(&registry).await? {
        return Err("--demonstration: this database was not filled by `server demo`".into());
    }
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await?;
    let assets = Assets::read(&config.site_root.join("pkg"))
        .map_err(|error| format!("{}: {error}; build the site first", config.site_root.display()))?;
    let secure = config.public_url.starts_with("https://");
    let state = AppState {
        pdf_font: find_pdf_font(config.pdf_font.clone())?,
        assets: Arc::new(assets),
        rate_limiter: RateLimiter::per_minute(config.address_budget),
        // A person who types saves once a second at most.
        draft_limiter: RateLimiter::per_minute(config.address_budget.saturating_mul(5)),
        upload_limiter: RateLimiter::per_minute(config.address_budget),
        secure,
        public_url: config.public_url.trim_end_matches('/').into(),
        ..AppState::new(registry.clone(), dictionary.clone())
    };
    let mut router = build_router(state);
    if let Some(shift) = test_clock {
        router = router.merge(config::test_switches(shift));
    }
    #[cfg(feature = "dev")]
    {
        router = dev::reload_on_restart(router);
    }
    // Each connection is a file descriptor; the soft limit is meant for programs with a few files.
    let (_, granted) = rlimit::Resource::NOFILE.get()?;
    rlimit::Resource::NOFILE.set(granted, granted)?;
    let descriptors = usize::try_from(granted).unwrap_or(usize::MAX).saturating_sub(128);
    let limits = Limits { connections: config.connections.min(descriptors), ..Limits::default() };
    let listener = listen::bind(config.listen)?;
    // Nor is an output that cannot be written a reason not to serve.
    let _ = print_line(&format!("serving on http://{} with {}", listener.local_addr()?, registry.engine()));
    let health = registry.health();
    let (indexes, own) = (dictionary.clone(), registry.clone());
    health.supervise("dictionaries", Some(PATIENCE), move |beat| indexes.clone().poll_changes(own.clone(), beat));
    let own = registry.clone();
    health.supervise("clock", Some(PATIENCE), move |beat| follow_clock(own.clone(), beat));
    let (own, heads) = (registry.clone(), config.audit_heads());
    health.supervise("audit_heads", Some(PATIENCE), move |beat| audit_heads::keep(own.clone(), heads.clone(), beat));
    if let Some(address) = config.metrics_listen {
        tokio::spawn(serve_metrics(address, metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?));
    }
    // After the recorder of the metrics is installed, or the first readings would be lost.
    let (stop_jobs, stopped) = watch::channel(false);
    let own = registry.clone();
    let runner = registry
        .health()
        .supervise("jobs", Some(PATIENCE), move |beat| Runner::new(own.clone()).with_beat(beat).run(stopped.clone()));
    listen::serve(listener, router, limits, config.trusted_proxies, stop()).await;
    stop_jobs.send_replace(true);
    // A job that does not end in time is run again by whoever holds the lease next.
    if tokio::time::timeout(JOBS_END, runner).await.is_err() {
        tracing::warn!("a job was cut off; it will run again");
    }
    Ok(())
}

/// Measures the database's clock every minute.
async fn follow_clock(registry: Registry, beat: Beat) {
    loop {
        tokio::time::sleep(CLOCK).await;
        match registry.measure_clock().await {
            Ok(()) => beat.beat(),
            Err(error) => tracing::warn!(%error, "the database's clock could not be measured"),
        }
    }
}

/// Imports a list into a dictionary and prints what was refused, line by line.
async fn import(registry: &Registry, kind: Kind, file: &Path) -> Result<(), Box<dyn Error>> {
    let read = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let (areas, _) = registry.areas().await?;
    let regions = areas.iter().map(|area| (area.name.clone(), area.code.clone())).collect();
    let FileList { list, mut refused } =
        read_list(&read, &regions).map_err(|error| format!("{}: {error}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut reported = 0;
    let report = registry
        .import_names(kind.into(), &format!("import {name}"), list, |done, total| {
            // A line for every 5 %.
            if done * 20 / total > reported {
                reported = done * 20 / total;
                let _ = writeln!(std::io::stderr(), "{done} of {total} rows written");
            }
        })
        .await?;
    refused.extend(report.refused);
    refused.sort_by_key(|(line, _)| *line);
    let Report { added, changed, merged, unchanged, .. } = report;
    let count = refused.len();
    print_line(&format!(
        "{added} added, {changed} changed, {merged} merged, {unchanged} as they were, {count} refused"
    ))?;
    for (line, why) in refused {
        let why = match why {
            Refusal::NoName => "no name that could be found",
            Refusal::TooLong => "a name of more than sixty characters",
            Refusal::UnknownRegion => "the region is neither a code nor a name of a provincial unit",
            Refusal::WrongWeight => "the weight is no number from 0 to 255",
            Refusal::Twice => "the name and region stood in the file before",
            Refusal::UnknownTarget => "what it is merged into is not there, or more than once",
        };
        print_line(&format!("line {line}: {why}"))?;
    }
    Ok(())
}

/// Serves the metrics on an address of their own, which is not the public one.
async fn serve_metrics(address: SocketAddr, recorder: metrics_exporter_prometheus::PrometheusHandle) {
    // Samples are collected whether or not they are scraped; without upkeep they would accumulate until the next scrape.
    let upkeep = recorder.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    let router = axum::Router::new().route("/metrics", axum::routing::get(move || async move { recorder.render() }));
    match listen::bind(address) {
        Ok(listener) => {
            listen::serve(listener, router, Limits::default(), Vec::new(), std::future::pending()).await;
        }
        Err(error) => tracing::error!(%address, %error, "the metrics cannot be served"),
    }
}

/// Completes at SIGTERM or Ctrl-C.
async fn stop() {
    let term = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = term => {}
    }
}
